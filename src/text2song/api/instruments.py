"""What measures requests: Prometheus where its client is installed, nothing where it is not."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import Protocol

from fastapi import FastAPI

from text2song.api.feed import JobFeed
from text2song.services.studio import Studio


class Instruments(Protocol):
    """Told of every answer, and where its figures are read."""

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note one answer; `route` is the template of the path, never the path."""

    def mount(self, app: FastAPI) -> None:
        """Serve the figures."""


class NoInstruments:
    """Measures nothing."""

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Ignore the answer."""

    def mount(self, app: FastAPI) -> None:
        """Serve nothing."""


def instruments_for(studio: Studio, feed: JobFeed) -> Instruments:
    """Return Prometheus metrics where the extra `ops` is installed, else none."""
    if find_spec("prometheus_client") is None:
        return NoInstruments()
    # The client is an extra, so only this installation imports the module that needs it.
    metrics: Instruments = importlib.import_module("text2song.api.metrics").Metrics(studio, feed)
    return metrics
