"""How busy this machine is: its cores, its memory, and its GPUs where NVIDIA's library finds any."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Protocol

import psutil
import pynvml
import structlog

from text2song.services.studio import Studio
from text2song.storage.repositories.usage import SystemLoad, UsageRepository

#: Seconds between two looks.
LOOK_SECONDS = 60.0

log = structlog.get_logger(__name__)


class Gauge(Protocol):
    """Something that can be looked at."""

    def load(self) -> SystemLoad:
        """Return how busy it is."""


class Machine:
    """This machine; the cores' load is the mean since the look before, or since this object was made."""

    def __init__(self) -> None:
        psutil.cpu_percent()
        self._gpus = _gpus()

    def load(self) -> SystemLoad:
        """Return how busy it is, percent; of several GPUs the mean."""
        return SystemLoad(cpu=psutil.cpu_percent(), memory=psutil.virtual_memory().percent, gpu=self._gpu_load())

    def _gpu_load(self) -> float | None:
        try:
            rates = [float(pynvml.nvmlDeviceGetUtilizationRates(gpu).gpu) for gpu in self._gpus]
        except pynvml.NVMLError:
            # A driver that was taken away, or a share of a GPU (MIG) that reports no rate.
            return None
        return sum(rates) / len(rates) if rates else None


@contextmanager
def watched(studio: Studio, gauge: Gauge, *, seconds: float = LOOK_SECONDS) -> Iterator[None]:
    """Look at the machine now and then, from a thread of its own, and add what it shows to the day's usage."""
    ended = threading.Event()
    thread = threading.Thread(target=_watch, args=(studio, gauge, seconds, ended), name="machine", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _watch(studio: Studio, gauge: Gauge, seconds: float, ended: threading.Event) -> None:
    while not ended.wait(seconds):
        day = studio.queue.clock().astimezone(UTC).date()
        try:
            with studio.sessions.write() as session:
                UsageRepository(session).sample(day, gauge.load())
        except Exception as error:  # noqa: BLE001 - one look that failed is followed by the next
            log.warning("the machine's load is not kept", error=str(error))


def _gpus() -> tuple[object, ...]:
    try:
        pynvml.nvmlInit()
        return tuple(pynvml.nvmlDeviceGetHandleByIndex(number) for number in range(pynvml.nvmlDeviceGetCount()))
    except pynvml.NVMLError:
        return ()
