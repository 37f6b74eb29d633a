"""What is deployed fits what is built: metrics, settings, commands, files, as far as can be told without Docker."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient
from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.api.app import PREFIX, app_of, describe_app
from text2song.cli.main import status
from text2song.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
_METRIC = re.compile(r"\b(?:text2song|process)_[a-z_0-9]+")
#: What Prometheus itself adds to every series.
_ADDED = {"le", "instance", "job"}


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Every series that a studio tells after one song, and its labels."""
    studio = make_studio(tmp_path_factory.mktemp("studio"))
    names: dict[str, set[str]] = {}
    with TestClient(app_of(studio), base_url="http://127.0.0.1:8000") as client:
        client.post(f"{PREFIX}/generate", json={"prompt": "a song"})
        run_next_job(studio, FakeProvider())
        for family in text_string_to_metric_families(client.get("/metrics").text):
            for sample in family.samples:
                names.setdefault(sample.name, set()).update(sample.labels)
    studio.close()
    return names


def queries() -> list[str]:
    dashboard = json.loads((DEPLOY / "grafana/dashboards/text2song.json").read_text(encoding="utf-8"))
    alerts = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    return asked + [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("query", queries())
def test_every_query_asks_for_what_is_there(query: str, exposed: dict[str, set[str]]) -> None:
    names = _METRIC.findall(query)
    assert names
    labels = set().union(*(exposed.get(name, set()) for name in names))
    for name in names:
        assert name in exposed, name
    grouped = {label.strip() for group in re.findall(r"by \(([^)]*)\)", query) for label in group.split(",")}
    matched = set(re.findall(r"([a-z_]+)(?:=~|=|!=)\"", query))
    assert grouped | matched <= labels | _ADDED


def test_every_metric_of_ours_is_on_the_dashboard(exposed: dict[str, set[str]]) -> None:
    shown = " ".join(queries())
    for name in exposed:
        stem = re.sub(r"_(bucket|sum|count|created)$", "", name)
        assert not name.startswith("text2song_") or stem in shown, name


def test_panels_do_not_overlap() -> None:
    dashboard = json.loads((DEPLOY / "grafana/dashboards/text2song.json").read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken
        assert at["x"] + at["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def test_services_are_whole(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {"api-1", "api-2", "worker", "nginx", "postgres", "valkey", "store", "bucket"} <= set(services)
    assert {"prometheus", "grafana"} <= set(services)
    for name, service in services.items():
        assert "image" in service, name
        assert not service["image"].endswith(":latest")
        needed = service.get("depends_on", {})
        for other in needed:
            assert other in services
            if isinstance(needed, dict) and needed[other]["condition"] == "service_healthy":
                # Our own image brings its check; the others' is said here.
                assert services[other]["image"].startswith("text2song:") or services[other]["healthcheck"]["test"]
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert (DEPLOY / source).exists() if source.startswith(".") else source in compose["volumes"], volume
        for secret in service.get("secrets", ()):
            assert secret in compose["secrets"]


def test_our_services_cannot_do_more_than_they_must(compose: dict[str, Any]) -> None:
    for name in ("api-1", "api-2", "worker"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert "--no-worker" in compose["services"]["api-1"]["command"]


def test_settings_of_the_services_are_settings(compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in compose["services"]["worker"]["environment"].items():
        assert name.removeprefix("TEXT2SONG_").lower() in Settings.model_fields, name
        filled = re.sub(r"\$\{[A-Z_0-9]+(?::-([^}]*)|:\?[^}]*)\}", lambda found: found[1] or "x" * 40, value)
        monkeypatch.setenv(name, filled)
    settings = Settings()
    assert settings.s3_endpoint == "http://store:8333"
    # Two processes and their workers stay below the hundred connections that PostgreSQL allows.
    assert settings.database_connections * 4 < 100


def test_example_names_every_secret(compose: dict[str, Any]) -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    wanted = set(re.findall(r"\$\{([A-Z_0-9]+)", text)) | {"METRICS_TOKEN"}
    example = (DEPLOY / "example.env").read_text(encoding="utf-8")
    assert wanted <= set(re.findall(r"^([A-Z_0-9]+)=", example, re.MULTILINE))
    secrets = re.findall(r"^((?!.*(?:URL|ENDPOINT|DSN))[A-Z_0-9]+)=(.*)$", example, re.MULTILINE)
    assert all(not value for _, value in secrets), "a secret in the example is everybody's"
    assert compose["secrets"]["metrics_token"]["environment"] == "METRICS_TOKEN"


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]
    assert {word for word, _ in found} <= {
        *("FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD")
    }
    return found


def test_image_is_built_from_what_is_there() -> None:
    stages = [rest.split(" AS ")[1] for word, rest in instructions() if word == "FROM"]
    assert stages == ["page", "build", "run"]
    for word, rest in instructions():
        if word != "COPY":
            continue
        *sources, _ = rest.split()
        if sources[0].startswith("--from="):
            assert sources[0].removeprefix("--from=") in stages
            continue
        for source in sources:
            assert (ROOT / source).exists(), source


def test_image_is_built_from_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    copied = [rest.split()[:-1] for word, rest in instructions() if word == "COPY" and not rest.startswith("--from")]
    tops = {source.split("/")[0] for sources in copied for source in sources}
    assert tops == {top for top in tops for rule in let_in if fnmatch(top, rule)}
    assert all(any(fnmatch(top, rule) for top in tops) for rule in let_in), "let in, but not copied"
    # The machine's own packages and pages would take the place of those that the image makes.
    built = {"web/node_modules", "web/.next", "web/out", "src/text2song/api/static"}
    assert built <= set(rules[1:])


def test_image_runs_as_nobody_in_particular_and_is_watched() -> None:
    last = instructions()[[word for word, _ in instructions()].index("USER") :]
    assert last[0] == ("USER", "10001:10001")
    kinds = dict(last)
    assert json.loads(kinds["CMD"]) == ["text2song", "serve"]
    check = json.loads(kinds["HEALTHCHECK"].partition("CMD ")[2])
    compile(check[2], "healthcheck", "exec")
    path = re.search(r"http://127\.0\.0\.1:8000(/[a-z0-9/]+)", check[2])
    assert path is not None
    assert path[1] in describe_app().openapi()["paths"]


def test_variables_of_the_image_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {
        name: value
        for word, rest in instructions()
        if word == "ENV"
        for name, value in re.findall(r"([A-Z_0-9]+)=(\S+)", rest)
        if name.startswith("TEXT2SONG_")
    }
    for name, value in found.items():
        assert name.removeprefix("TEXT2SONG_").lower() in Settings.model_fields, name
        monkeypatch.setenv(name, value)
    assert Settings().embedded_worker is False


@pytest.mark.parametrize("command", [["serve", "--no-worker"], ["worker"]])
def test_commands_are_commands(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert status([*command, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_proxy_understands_its_configuration(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    local = text.replace("api-1:", "127.0.0.1:").replace("api-2:", "127.0.0.1:").replace("/tmp/", f"{tmp_path}/")  # noqa: S108
    (tmp_path / "nginx.conf").write_text(local.replace("/dev/stderr", str(tmp_path / "log")))
    command = ["nginx", "-t", "-q", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    told = subprocess.run(command, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
