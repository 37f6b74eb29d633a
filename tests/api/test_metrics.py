"""Metrics say what the database says, count every answer, and are not for everybody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx2 as httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.api.conftest import API, BASE, Served
from tests.api.serving import listening
from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.api.app import app_of
from text2song.domain.identity import LOCAL_OWNER
from text2song.services.jobs import cancel_job
from text2song.services.studio import Studio
from text2song.storage.models import Job

Sample = tuple[str, frozenset[tuple[str, str]]]


def parsed(text: str) -> dict[Sample, float]:
    """Every sample of an exposition by name and labels; each may be there once."""
    found: dict[Sample, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = (sample.name, frozenset(sample.labels.items()))
            assert key not in found
            found[key] = sample.value
    return found


def scraped(client: TestClient) -> dict[Sample, float]:
    reply = client.get("/metrics")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain")
    return parsed(reply.text)


def value(samples: dict[Sample, float], name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


def recount(studio: Studio) -> Counter[tuple[str, str]]:
    with studio.sessions.read() as session:
        return Counter((job.kind, job.status) for job in session.scalars(select(Job)))


def test_numbers_equal_a_recount_of_the_database(database_url: str, tmp_path: Path) -> None:
    studio = make_studio(tmp_path, database_url=database_url)
    with TestClient(app_of(studio), base_url=BASE) as client:
        for _ in range(4):
            client.post(f"{API}/generate", json={"prompt": "a song", "num_samples": 2})
        run_next_job(studio, FakeProvider())
        run_next_job(studio, FakeProvider())
        last = client.get(f"{API}/jobs").json()["items"][0]["job_id"]
        client.delete(f"{API}/jobs/{last}")
        samples = scraped(client)
    shown = {key[1]: number for key, number in samples.items() if key[0] == "text2song_jobs"}
    assert shown == {
        frozenset({("kind", kind), ("status", status)}): n for (kind, status), n in recount(studio).items()
    }
    assert sum(shown.values()) == 4
    assert value(samples, "text2song_takes") == 4
    assert value(samples, "text2song_job_duration_seconds_count", kind="compose", status="complete") == 2
    assert value(samples, "text2song_stage_duration_seconds_sum", stage="compose") == pytest.approx(0.4)
    assert value(samples, "text2song_realtime_factor_count", provider="composer") == 4
    assert value(samples, "text2song_database_up") == 1
    assert value(samples, "text2song_queue_lag_seconds") > 0
    studio.close()


def test_every_answer_is_counted_by_the_template_of_its_path(empty: Served) -> None:
    for path in ("/recent", "/jobs/00000000-0000-7000-8000-000000000009", "/jobs/x", "/nothing/at/all"):
        empty.get(path)
    empty.client.get("/whatever")
    samples = scraped(empty.client)
    name = "text2song_http_request_duration_seconds_count"
    assert value(samples, name, method="GET", route=f"{API}/recent", status="200") == 1
    assert value(samples, name, method="GET", route=f"{API}/jobs/{{job_id}}", status="404") == 1
    assert value(samples, name, method="GET", route=f"{API}/jobs/{{job_id}}", status="422") == 1
    assert value(samples, name, method="GET", route="none", status="404") == 1
    routes = {dict(labels)["route"] for metric, labels in samples if metric == name}
    assert routes <= {f"{API}/recent", f"{API}/jobs/{{job_id}}", "none", "page", "/metrics"}


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[TestClient]:
    studio = make_studio(tmp_path, metrics_token="let me in")  # noqa: S106 - a word of this test
    with TestClient(app_of(studio), base_url=BASE) as client:
        yield client
    studio.close()


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer let me i", "Basic let me in", "Bearer let me in "[:-2]])
def test_without_the_token_nothing_is_told(guarded: TestClient, shown: str) -> None:
    reply = guarded.get("/metrics", headers={"authorization": shown} if shown else {})
    assert reply.status_code == 403
    assert "text2song_jobs" not in reply.text


def test_with_the_token_all_is_told(guarded: TestClient) -> None:
    assert guarded.get("/metrics", headers={"authorization": "Bearer let me in"}).status_code == 200


def test_a_proxy_on_this_machine_is_not_this_machine(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    with listening(studio) as address:
        assert httpx.get(f"{address}/metrics").status_code == 200
        for header in ("x-forwarded-for", "forwarded", "via"):
            assert httpx.get(f"{address}/metrics", headers={header: "127.0.0.1"}).status_code == 403
    studio.close()


def test_open_metrics_is_understood_as_well(empty: Served) -> None:
    reply = empty.client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert reply.headers["content-type"].startswith("application/openmetrics-text")
    assert reply.text.endswith("# EOF\n")


def test_a_database_that_is_away_does_not_take_the_metrics_with_it(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    with TestClient(app_of(studio), base_url=BASE) as client:
        job = client.post(f"{API}/generate", json={"prompt": "a song"}).json()["job_id"]
        scraped(client)
        cancel_job(studio, LOCAL_OWNER, UUID(job))
        studio.close()
        database = tmp_path / "studio.db"
        for path in tmp_path.glob("studio.db-*"):
            path.unlink()
        kept = database.rename(tmp_path / "kept")
        database.mkdir()
        samples = scraped(client)
        assert value(samples, "text2song_database_up") == 0
        assert ("text2song_takes", frozenset()) not in samples
        database.rmdir()
        kept.rename(database)
        assert value(scraped(client), "text2song_database_up") == 1
    studio.close()


def test_names_follow_the_conventions(empty: Served) -> None:
    for family in text_string_to_metric_families(empty.client.get("/metrics").text):
        assert re.fullmatch(r"(text2song|process)_[a-z_0-9]+", family.name), family.name
        assert family.documentation
