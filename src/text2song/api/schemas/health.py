"""Health over the wire."""

from __future__ import annotations

from typing import Literal

from text2song.api.schemas.base import Outgoing


class CheckOut(Outgoing):
    """One part of the studio, tried just now."""

    name: str
    healthy: bool
    detail: str


class HealthOut(Outgoing):
    """Whether everything works."""

    status: Literal["ok", "degraded"]
    version: str
    checks: list[CheckOut]
