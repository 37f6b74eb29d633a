"""Every part of health can be found broken."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest

from text2song.services import health
from text2song.services.studio import Studio

_Usage = namedtuple("_Usage", "total used free")


def parts(studio: Studio) -> dict[str, health.Check]:
    return {check.name: check for check in health.check_health(studio)}


def test_worker_that_never_came_is_missed(studio: Studio) -> None:
    found = parts(studio)
    assert not found["worker"].healthy
    assert "wait in the queue" in found["worker"].detail
    assert all(check.healthy for name, check in found.items() if name != "worker")


def test_full_disk_is_noticed(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Usage(10**12, 10**12 - 2**20, 2**20))
    assert parts(studio)["disk"] == health.Check("disk", healthy=False, detail="only 1 MiB are free on the disk")
