"""Health over the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from text2song.api.schemas.base import Outgoing

StatusName = Literal["ok", "degraded", "draining"]


class CheckOut(Outgoing):
    """One part of the studio, tried just now."""

    name: str = Field(examples=["database"])
    healthy: bool
    detail: str = Field(examples=["answers in 1 ms"])
    #: What trying it took.
    milliseconds: float = Field(ge=0)


class HealthOut(Outgoing):
    """Whether everything works."""

    status: StatusName
    version: str
    checks: list[CheckOut]


class LifeOut(Outgoing):
    """That the process answers."""

    status: Literal["alive"] = "alive"
    version: str = Field(examples=["0.1.0"])
