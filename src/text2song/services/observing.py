"""Where traces and faults of this process are sent: nowhere, unless the operator says where."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from text2song.jobs.tracing import trace_id

__all__ = ["Observation", "observe", "trace_id"]


@dataclass(frozen=True, slots=True)
class Observation:
    """What is sent somewhere; closing it sends the rest."""

    endings: tuple[Callable[[], object], ...] = ()

    def close(self) -> None:
        """Send what has not been sent yet; a receiver that is away costs a few seconds at most."""
        for end in self.endings:
            end()


def observe(*, otlp_endpoint: str, sentry_dsn: str) -> Observation:
    """Begin to send traces to an OpenTelemetry collector and faults to Sentry, each where its address is given."""
    endings: list[Callable[[], object]] = []
    # Both clients are extras, so only a process that sends imports them.
    if otlp_endpoint:
        endings.append(importlib.import_module("text2song.services.traces").send_traces(otlp_endpoint))
    if sentry_dsn:
        endings.append(importlib.import_module("text2song.services.faults").send_faults(sentry_dsn))
    return Observation(tuple(endings))
