"""One row for each endpoint of the founding documents: its name, parameters and limits, in the description and in use.

Rows of `FORMS` are how the seeds write an endpoint; what they leave open is not checked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.api.conftest import API, Served, serve
from tests.services.fakes import FakeProvider, run_next_job

from text2song.api.app import PREFIX, describe_app

SONG = "dreamy synthwave about night drives, 60 seconds"


@dataclass(frozen=True)
class Form:
    """An endpoint as a seed writes it; names in braces are filled with what the served studio has."""

    operation: str
    #: Parameters of the path, the query or the body, with what a real call sends.
    sends: Mapping[str, Any] = field(default_factory=dict)
    #: Parameters that a call may leave out, with limits as JSON Schema writes them.
    limits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    status: int = 200
    per_minute: int | None = None
    #: Fields of the answer, or of the items of a list.
    answers: frozenset[str] = frozenset()

    @property
    def method(self) -> str:
        return self.operation.split(" ")[0]

    @property
    def path(self) -> str:
        return self.operation.split(" ")[1]


GENERATION = frozenset(
    {
        *("generation_id", "prompt", "status", "device", "precision", "generation_time", "realtime_factor"),
        *("audio_url", "file_size_mb", "duration", "sample_rate", "play_count", "download_count", "is_favorited"),
        *("last_played", "created_at"),
    }
)
COUNT = {"limit": {"minimum": 1, "maximum": 100}}
JOB = frozenset({"job_id", "status", "progress", "stage", "eta_seconds", "error"})

FORMS = [
    # seeds/2: the studio
    Form("POST /prompts", {"prompt": SONG}, status=201, answers=frozenset({"id", "text", "created_at"})),
    Form("GET /prompts", answers=frozenset({"items", "total"})),
    Form("GET /prompts/{prompt_id}", answers=frozenset({"id", "text", "created_at", "understanding"})),
    Form(
        "POST /generate",
        {"prompt": SONG, "duration": 60.0, "device": "auto", "precision": "float32", "num_samples": 1, "seed": 3},
        {"duration": {"minimum": 5}, "num_samples": {"minimum": 1}},
        status=202,
        per_minute=10,
        answers=frozenset({"job_id", "composition_id", "credits_required"}),
    ),
    Form("GET /generate/{job_id}", answers=JOB | {"samples"}),
    Form("DELETE /generate/{waiting_job}", answers=JOB),
    Form("GET /audio/{take_id}", answers=frozenset({"id", "duration_seconds", "sample_rate", "created_at"})),
    Form("GET /audio/{take_id}/stream"),
    Form("GET /audio/compare?ids={take_id}&ids={other_take}"),
    # seeds/3: the library
    Form("GET /recent", {"limit": 5}, COUNT, per_minute=30, answers=GENERATION),
    Form("GET /most-played", {"limit": 5}, COUNT, per_minute=30, answers=GENERATION),
    Form("GET /search", {"q": "synthwave", "limit": 5}, COUNT, per_minute=20, answers=GENERATION),
    Form(
        "GET /stats",
        {"days": 30},
        {"days": {"minimum": 1, "maximum": 365}},
        per_minute=20,
        answers=frozenset({"total_generations", "successful_generations", "avg_generation_time", "daily"}),
    ),
    Form(
        "POST /track-play",
        {"generation_id": "{take_id}", "play_duration": 12.5},
        {"play_duration": {"minimum": 0}},
        per_minute=100,
        answers=frozenset({"generation_id", "play_count", "last_played"}),
    ),
    Form(
        "POST /favorite",
        {"generation_id": "{take_id}"},
        per_minute=60,
        answers=frozenset({"generation_id", "is_favorited"}),
    ),
    Form("POST /download/{take_id}", per_minute=30),
    Form("GET /health", per_minute=60, answers=frozenset({"status", "checks"})),
    Form("GET /model/status", per_minute=10, answers=frozenset({"status", "model_loaded"})),
    Form("POST /model/reload", status=202, per_minute=2, answers=frozenset({"status"})),
    # the specification's own
    Form("GET /providers", answers=frozenset({"name", "devices", "precisions"})),
    Form(
        "POST /compositions",
        {"prompt": SONG, "duration": 60.0, "genres": [{"name": "synthwave", "weight": 1.0}], "energy": [0.2, 0.9]},
        {"duration": {"minimum": 5, "maximum": 600}},
        status=202,
        per_minute=10,
        answers=frozenset({"job_id", "composition_id", "credits_required"}),
    ),
    Form("GET /compositions", {"limit": 5}, COUNT, answers=frozenset({"items", "total"})),
    Form("GET /compositions/{composition_id}", answers=frozenset({"id", "title", "takes", "parent_id"})),
    Form("PATCH /compositions/{composition_id}", {"title": "Night Drive"}, answers=frozenset({"id", "title"})),
    Form("POST /compositions/{composition_id}/edits", {"remake": ["drums"]}, status=202, answers=frozenset({"job_id"})),
    Form("GET /compositions/{composition_id}/files/{zip_name}"),
    Form("DELETE /compositions/{waiting_composition}", status=204),
    Form("GET /jobs", answers=frozenset({"items", "total"})),
    Form("GET /jobs/{job_id}", answers=JOB),
    Form("DELETE /jobs/{other_job}", answers=JOB),
    Form("GET /me", answers=frozenset({"id", "email", "plan", "scopes"})),
    Form("PATCH /me", {"name": "Ada"}, answers=frozenset({"id", "name"})),
    Form("POST /me/keys", {"name": "laptop", "scopes": ["read"]}, status=201, answers=frozenset({"id", "key"})),
    Form("GET /me/keys", answers=frozenset({"id", "prefix", "scopes", "expires_at"})),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, str]]]:
    """A studio with a finished song of two takes, a song that waits, and a worker; and their ids by name."""
    for made in serve(tmp_path_factory.mktemp("studio"), rate_limits=1.0):
        done = made.post("/generate", {"prompt": SONG, "num_samples": 2}).json()
        run_next_job(made.studio, FakeProvider())
        waiting, other, third = [made.post("/generate", {"prompt": SONG}).json() for _ in range(3)]
        made.studio.roster.sign_in("host:1:a")
        takes = [take["id"] for take in made.get(f"/generate/{done['job_id']}").json()["samples"]]
        yield (
            made,
            {
                "prompt_id": done["prompt_id"],
                "job_id": done["job_id"],
                "composition_id": done["composition_id"],
                "zip_name": "stems.zip",
                "waiting_job": waiting["job_id"],
                "other_job": other["job_id"],
                "waiting_composition": third["composition_id"],
                "take_id": takes[0],
                "other_take": takes[1],
            },
        )


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return describe_app().openapi()


def described(description: dict[str, Any], form: Form) -> dict[str, Any]:
    """The operation of that method and path, whatever its path parameters are called."""
    path = form.path.partition("?")[0]
    shape = PREFIX + "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
    for named, operations in description["paths"].items():
        if "/".join("{}" if part.startswith("{") else part for part in named.split("/")) == shape:
            operation: dict[str, Any] = operations[form.method.lower()]
            return operation
    raise AssertionError(f"there is no {form.operation}")


def parameters(description: dict[str, Any], operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The schema of every parameter of the query and of every field of the body, by its name."""
    found = {each["name"]: each["schema"] for each in operation.get("parameters", [])}
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in body:
        found |= description["components"]["schemas"][body["$ref"].rpartition("/")[2]]["properties"]
    return found


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.operation)
def test_the_description_has_the_endpoint_with_its_parameters_and_limits(
    description: dict[str, Any], form: Form
) -> None:
    operation = described(description, form)
    known = parameters(description, operation)
    assert set(form.sends) <= set(known)
    for name, limits in form.limits.items():
        schemas = [known[name], *known[name].get("anyOf", [])]
        assert any(limits.items() <= schema.items() for schema in schemas), known[name]
    assert str(form.status) in operation["responses"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.operation)
def test_the_endpoint_answers_a_real_call(library: tuple[Served, dict[str, str]], form: Form) -> None:
    served, ids = library
    sends = {name: value.format(**ids) if isinstance(value, str) else value for name, value in form.sends.items()}
    options: dict[str, Any] = {"json" if form.method in ("POST", "PATCH") else "params": sends} if sends else {}
    reply = served.client.request(form.method, API + form.path.format(**ids), **options)
    assert reply.status_code == form.status, reply.text
    if form.per_minute is not None:
        assert reply.headers["ratelimit-limit"] == str(form.per_minute)
    if form.answers:
        answer = reply.json()
        shown = answer[0] if isinstance(answer, list) else answer
        assert form.answers <= set(shown)


@pytest.mark.parametrize(
    ("form", "name", "wrong"),
    [
        (form, name, limits[bound] + step)
        for form in FORMS
        for name, limits in form.limits.items()
        for bound, step in (("minimum", -1), ("maximum", 1))
        if bound in limits
    ],
    ids=lambda value: value.operation if isinstance(value, Form) else str(value),
)
def test_a_value_beyond_its_limit_is_refused_by_name(
    library: tuple[Served, dict[str, str]], form: Form, name: str, wrong: float
) -> None:
    served, ids = library
    sends = {key: value.format(**ids) if isinstance(value, str) else value for key, value in form.sends.items()}
    sends[name] = wrong
    options: dict[str, Any] = {"json": sends} if form.method == "POST" else {"params": sends}
    reply = served.client.request(form.method, API + form.path.format(**ids), **options)
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["field"] == name


def test_the_third_reload_within_a_minute_is_told_when_to_come_back(library: tuple[Served, dict[str, str]]) -> None:
    served, _ = library
    replies = [served.client.post(f"{API}/model/reload") for _ in range(3)]
    assert replies[-1].status_code == 429
    assert int(replies[-1].headers["retry-after"]) >= 1
    assert served.get("/recent").status_code == 200


def test_the_product_keeps_its_budget_of_endpoints(description: dict[str, Any]) -> None:
    assert sum(len(operations) for operations in description["paths"].values()) <= 90
