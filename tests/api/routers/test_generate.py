"""A song asked for in one call, followed, cancelled; and every way of asking wrongly."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from tests.api.conftest import API, Served
from tests.services.fakes import FakeProvider, run_next_job

PROMPT = "calm folk song, 60 seconds"


def problem(reply: Any, status: int, slug: str) -> dict[str, Any]:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = reply.json()
    assert body["type"] == f"https://text2song.dev/problems/{slug}"
    assert body["status"] == status
    assert len(body["detail"]) > 5
    return body


def test_accepts_and_follows_a_song(empty: Served) -> None:
    reply = empty.post("/generate", {"prompt": PROMPT, "num_samples": 3})
    assert reply.status_code == 202
    accepted = reply.json()
    # 60 s are two credits, three takes.
    assert accepted["credits_required"] == 6
    job = empty.get(f"/generate/{accepted['job_id']}").json()
    assert (job["status"], job["progress"], job["samples"], job["error"]) == ("QUEUED", 0, [], None)
    run_next_job(empty.studio, FakeProvider())
    job = empty.get(f"/generate/{accepted['job_id']}").json()
    assert (job["status"], job["progress"]) == ("COMPLETE", 100)
    seeds = [sample["seed"] for sample in job["samples"]]
    assert [sample["number"] for sample in job["samples"]] == [1, 2, 3]
    assert seeds == [seeds[0], seeds[0] + 1, seeds[0] + 2]


def test_seed_of_the_user_is_kept_and_drawn_otherwise(empty: Served) -> None:
    def seed(body: dict[str, object]) -> int:
        accepted = empty.post("/generate", {"prompt": PROMPT, **body}).json()
        return int(empty.get(f"/compositions/{accepted['composition_id']}").json()["request"]["seed"])

    assert seed({"seed": 0}) == 0
    assert seed({"seed": 2**53 - 1}) == 2**53 - 1
    assert seed({}) != seed({})


def test_stored_prompt_brings_its_fields(empty: Served) -> None:
    stored = empty.post("/prompts", {"prompt": PROMPT, "bpm": 77}).json()
    accepted = empty.post("/generate", {"prompt_id": stored["id"], "seed": 9}).json()
    composition = empty.get(f"/compositions/{accepted['composition_id']}").json()
    assert (composition["request"]["bpm"], composition["request"]["seed"]) == (77, 9)
    assert composition["prompt_id"] == stored["id"] == accepted["prompt_id"]
    problem(empty.post("/generate", {"prompt_id": stored["id"], "bpm": 80}), 422, "invalid-request")
    problem(empty.post("/generate", {"prompt_id": str(uuid4())}), 404, "not-found")


def test_all_fields_arrive(empty: Served) -> None:
    body = {
        "prompt": PROMPT,
        "duration": 45,
        "bpm": 92.5,
        "key": "Bb minor",
        "time_signature": "3/4",
        "genres": [{"name": "folk", "weight": 0.7}, {"name": "jazz", "weight": 0.3}],
        "moods": ["calm"],
        "instruments": ["piano"],
        "without": ["drums"],
        "structure": ["intro", "verse", "chorus"],
        "energy": [0.2, 0.8],
        "lyrics": "la la la",
        "vocals": "sung",
        "seed": 4,
        "title": "A Title",
        "num_samples": 2,
        "provider": "composer",
        "device": "cpu",
        "precision": "float32",
        "temperature": 0.9,
        "top_k": 50,
        "guidance": 3.0,
    }
    accepted = empty.post("/generate", body).json()
    kept = empty.get(f"/compositions/{accepted['composition_id']}").json()
    assert kept["title"] == "A Title"
    request = kept["request"]
    assert request["duration_seconds"] == 45
    assert request["vocals"] is True
    assert request["genres"] == body["genres"]
    for name in ("bpm", "key", "time_signature", "moods", "instruments", "without", "structure", "energy", "lyrics"):
        assert request[name] == body[name]
    for name in ("num_samples", "provider", "device", "precision", "temperature", "top_k", "guidance"):
        assert kept["options"][name] == body[name]


@pytest.mark.parametrize(
    ("fields", "slug", "field"),
    [
        ({"prompt": ""}, "invalid-request", "prompt"),
        ({"prompt": "  \n "}, "invalid-request", "prompt"),
        ({"prompt": "x" * 20_000}, "invalid-request", "prompt"),
        ({"prompt": "a\x00b"}, "invalid-request", "prompt"),
        ({"prompt": "a\x1b[31mb"}, "invalid-request", "prompt"),
        ({"prompt": 7}, "invalid-request", "prompt"),
        ({"duration": 0}, "invalid-request", "duration"),
        ({"duration": -5}, "invalid-request", "duration"),
        ({"duration": 1e9}, "invalid-request", "duration"),
        ({"duration": "abc"}, "invalid-request", "duration"),
        ({"duration": "60"}, "invalid-request", "duration"),
        ({"duration": True}, "invalid-request", "duration"),
        ({"bpm": 5}, "invalid-request", "bpm"),
        ({"bpm": 900}, "invalid-request", "bpm"),
        ({"key": "H flat"}, "unknown-key", "key"),
        ({"time_signature": "4/5"}, "unknown-time-signature", "time_signature"),
        ({"genres": [{"name": "synthwav"}]}, "unknown-genre", "genres"),
        ({"genres": [{"name": "pop", "weight": 0.0}]}, "invalid-request", "genres"),
        ({"genres": [{"name": "pop", "weight": -1.0}]}, "invalid-request", "genres.0.weight"),
        ({"moods": ["qwertyish"]}, "unknown-mood", "moods"),
        ({"instruments": ["theraminn"]}, "unknown-instrument", "instruments"),
        ({"structure": ["chorrus"]}, "unknown-section", "structure"),
        ({"energy": [0.5]}, "invalid-request", "energy"),
        ({"energy": [0.5, 1.5]}, "invalid-request", "energy"),
        ({"seed": -1}, "invalid-request", "seed"),
        ({"seed": 2**53}, "invalid-request", "seed"),
        ({"seed": False}, "invalid-request", "seed"),
        ({"num_samples": 0}, "invalid-request", "num_samples"),
        ({"num_samples": 9}, "invalid-request", "num_samples"),
        ({"provider": "suno"}, "unknown-provider", "provider"),
        ({"device": "tpu"}, "invalid-request", "device"),
        ({"tempo": 100}, "invalid-request", "tempo"),
        ({"prompt": None}, "invalid-request", None),
    ],
)
def test_wrong_values_get_one_sentence_and_queue_nothing(
    empty: Served, fields: dict[str, object], slug: str, field: str | None
) -> None:
    body = problem(empty.post("/generate", {"prompt": PROMPT, **fields}), 422, slug)
    if field is not None:
        assert [error["field"] for error in body["errors"]] == [field]
    assert empty.get("/jobs").json()["total"] == 0
    assert empty.get("/prompts").json()["total"] == 0


def test_unknown_name_tells_the_nearest_first(empty: Served) -> None:
    reply = empty.post("/generate", {"prompt": PROMPT, "genres": [{"name": "synthwav"}]})
    (error,) = problem(reply, 422, "unknown-genre")["errors"]
    assert error["choices"][0] == "synthwave"
    reply = empty.post("/generate", {"prompt": PROMPT, "device": "gpu"})
    (error,) = problem(reply, 422, "invalid-request")["errors"]
    assert error["choices"] == ["auto", "cpu", "cuda", "mps"]


@pytest.mark.parametrize("prompt", ["🎸🔥 rock", "أغنية هادئة", "שיר שקט עם פסנתר", "line one\nline two\ttabbed"])
def test_any_script_is_welcome(empty: Served, prompt: str) -> None:
    accepted = empty.post("/generate", {"prompt": prompt})
    assert accepted.status_code == 202
    assert empty.get(f"/compositions/{accepted.json()['composition_id']}").json()["prompt"] == prompt


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"null", b"\x19\x80", b'{"prompt": NaN}'])
def test_broken_body_is_a_problem(empty: Served, content: bytes) -> None:
    reply = empty.client.post(f"{API}/generate", content=content, headers={"content-type": "application/json"})
    problem(reply, 422, "invalid-request")


def test_cancel(empty: Served) -> None:
    accepted = empty.post("/generate", {"prompt": PROMPT}).json()
    url = f"{API}/generate/{accepted['job_id']}"
    assert empty.client.delete(url).json()["status"] == "CANCELLED"
    assert empty.client.delete(url).json()["status"] == "CANCELLED"
    assert empty.studio.queue.claim("w") is None


def test_cancel_of_a_finished_song_is_a_conflict(served: Served) -> None:
    problem(served.client.delete(f"{API}/generate/{served.job_id}"), 409, "job-finished")


def test_unknown_job(empty: Served) -> None:
    problem(empty.get(f"/generate/{uuid4()}"), 404, "not-found")
    problem(empty.get("/generate/7"), 422, "invalid-request")


def test_a_named_request_is_done_once(empty: Served) -> None:
    named = {"idempotency-key": "song-1"}
    body = {"prompt": "a tone"}
    first = empty.post("/generate", body, headers=named)
    assert empty.post("/generate", body, headers=named).json() == first.json()
    assert empty.get("/jobs").json()["total"] == 1
    for path, other in (("/generate", {"prompt": "two tones"}), ("/compositions", body), ("/prompts", body)):
        refused = empty.post(path, other, headers=named)
        assert refused.status_code == 422
        assert refused.json()["type"].endswith("/idempotency-key-reused")
    assert (
        empty.post("/prompts", body, headers={"idempotency-key": "p"}).json()["id"]
        == (empty.post("/prompts", body, headers={"idempotency-key": "p"}).json()["id"])
    )
    assert empty.get("/jobs").json()["total"] == 1


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "ümlaut".encode()])
def test_a_bad_name_is_refused(empty: Served, key: str | bytes) -> None:
    reply = empty.post("/generate", {"prompt": "a tone"}, headers={"idempotency-key": key})
    assert reply.status_code == 422
    assert empty.get("/jobs").json()["total"] == 0
