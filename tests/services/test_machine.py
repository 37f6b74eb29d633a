"""The machine is looked at now and then, and what it shows is kept."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager

import pynvml
import pytest
from sqlalchemy.orm import Session

from text2song.domain.identity import LOCAL_OWNER
from text2song.services.machine import Machine, watched
from text2song.services.stats import get_stats
from text2song.services.studio import Studio
from text2song.storage.repositories.usage import SystemLoad
from text2song.storage.session import DatabaseUnavailableError


class Fake:
    """A machine whose load grows with each look."""

    looks = 0

    def load(self) -> SystemLoad:
        self.looks += 1
        return SystemLoad(cpu=10.0 * self.looks, memory=5.0)


def test_looks_are_added_to_the_day(studio: Studio) -> None:
    gauge = Fake()
    with watched(studio, gauge, seconds=0.01):
        limit = time.monotonic() + 20
        while gauge.looks < 3 and time.monotonic() < limit:
            time.sleep(0.01)
    looks = gauge.looks
    load = get_stats(studio, LOCAL_OWNER, days=1).load
    assert looks >= 3
    assert (load.cpu_highest, load.memory, load.gpu) == (10.0 * looks, 5.0, None)
    assert load.cpu == pytest.approx(10.0 * (looks + 1) / 2)
    time.sleep(0.05)
    assert gauge.looks == looks


def test_this_machine_is_measured_in_percent() -> None:
    load = Machine().load()
    assert 0 <= load.cpu <= 100
    assert 0 < load.memory < 100
    assert load.gpu is None or 0 <= load.gpu <= 100


def test_gpus_are_read_where_the_library_finds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    class Rates:
        def __init__(self, gpu: int) -> None:
            self.gpu = gpu

    monkeypatch.setattr(pynvml, "nvmlInit", lambda: None)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetCount", lambda: 2)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByIndex", lambda number: number)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetUtilizationRates", lambda number: Rates(40 + 20 * number))
    assert Machine().load().gpu == 50.0

    def gone(number: int) -> Rates:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)

    monkeypatch.setattr(pynvml, "nvmlDeviceGetUtilizationRates", gone)
    assert Machine().load().gpu is None


def test_a_database_that_is_away_is_asked_again(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    gauge, failures = Fake(), iter([True, True])
    opened = studio.sessions.write

    def failing() -> AbstractContextManager[Session]:
        if next(failures, False):
            raise DatabaseUnavailableError("away")
        return opened()

    monkeypatch.setattr(studio.sessions, "write", failing)
    with watched(studio, gauge, seconds=0.01):
        limit = time.monotonic() + 20
        while gauge.looks < 1 and time.monotonic() < limit:
            time.sleep(0.01)
    assert next(failures, None) is None
    assert get_stats(studio, LOCAL_OWNER, days=1).load.memory == 5.0
