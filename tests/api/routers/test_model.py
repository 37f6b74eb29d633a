"""Workers and providers over HTTP."""

from __future__ import annotations

import pytest
from tests.api.conftest import Served


def test_the_model_is_there_when_a_worker_is(empty: Served) -> None:
    status = empty.get("/model/status").json()
    assert (status["status"], status["model_loaded"], status["workers"]) == ("UNAVAILABLE", False, [])
    reply = empty.client.post("/api/v2/model/reload")
    assert (reply.status_code, reply.json()) == (202, {"status": "UNAVAILABLE", "workers": 0})
    empty.studio.roster.sign_in("host:1:a")
    status = empty.get("/model/status").json()
    assert (status["status"], status["model_loaded"]) == ("READY", True)
    assert (status["workers"][0]["name"], status["workers"][0]["state"]) == ("host:1:a", "IDLE")
    assert empty.client.post("/api/v2/model/reload").json() == {"status": "RELOADING", "workers": 1}
    assert empty.get("/model/status").json()["workers"][0]["state"] == "DRAINING"


def test_providers_say_what_they_can_do(empty: Served) -> None:
    (composer,) = empty.get("/providers").json()
    assert (composer["name"], composer["devices"], composer["max_duration"]) == ("composer", ["cpu"], 600)
    assert composer["available"] is False


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"device": "cuda"}, "device"),
        ({"device": "mps"}, "device"),
        ({"device": "tpu"}, "device"),
        ({"precision": "float16"}, "precision"),
        ({"precision": "int8"}, "precision"),
        ({"provider": "suno"}, "provider"),
        ({"adapters": [{"name": "taste"}]}, "adapters"),
        ({"adapters": [{"name": "taste", "weight": 3}]}, "adapters.0.weight"),
        ({"adapters": ["taste"]}, "adapters.0"),
        ({"duration": 4.9}, "duration"),
        ({"duration": 600.1}, "duration"),
        ({"duration": "60"}, "duration"),
        ({"num_samples": 0}, "num_samples"),
        ({"num_samples": 9}, "num_samples"),
        ({"temperature": 0}, "temperature"),
        ({"top_k": -1}, "top_k"),
        ({"guidance": -0.1}, "guidance"),
        ({"seed": -1}, "seed"),
    ],
)
def test_wrong_wishes_are_refused_by_field(empty: Served, fields: dict[str, object], field: str) -> None:
    reply = empty.post("/generate", {"prompt": "a tone", **fields})
    assert reply.status_code == 422
    problem = reply.json()
    assert problem["errors"][0]["field"] == field
    assert problem["detail"]
    assert empty.get("/jobs").json()["total"] == 0


@pytest.mark.parametrize(
    "fields", [{"device": "auto"}, {"device": "cpu"}, {"precision": "float32"}, {"duration": 5}, {"adapters": []}]
)
def test_possible_wishes_are_accepted(empty: Served, fields: dict[str, object]) -> None:
    reply = empty.post("/generate", {"prompt": "a tone", **fields})
    assert reply.status_code == 202
    assert {"job_id", "composition_id", "credits_required"} <= set(reply.json())
