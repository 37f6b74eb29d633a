"""A served studio with one finished song of two takes, made by the fake provider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.api.app import app_of
from text2song.services.studio import Studio

BASE = "http://127.0.0.1:8000"
API = "/api/v2"


@dataclass
class Served:
    """A client, the studio behind it, and the ids of the song that is there."""

    client: TestClient
    studio: Studio
    composition_id: str = ""
    job_id: str = ""
    takes: tuple[str, ...] = ()

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(API + path, **options)

    def post(self, path: str, body: object, **options: Any) -> Any:
        return self.client.post(API + path, json=body, **options)


def serve(folder: Path, **changes: object) -> Iterator[Served]:
    studio = make_studio(folder, **changes)
    with TestClient(app_of(studio), base_url=BASE) as client:
        yield Served(client, studio)
    studio.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Served]:
    yield from serve(tmp_path)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    for made in serve(tmp_path_factory.mktemp("studio")):
        accepted = made.post(
            "/generate",
            {"prompt": "dreamy synthwave about night drives, 60 seconds", "num_samples": 2, "seed": 5},
        ).json()
        run_next_job(made.studio, FakeProvider())
        made.job_id, made.composition_id = accepted["job_id"], accepted["composition_id"]
        samples = made.get(f"/generate/{made.job_id}").json()["samples"]
        made.takes = tuple(sample["id"] for sample in samples)
        yield made
