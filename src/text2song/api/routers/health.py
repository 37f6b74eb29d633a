"""`/health`: whether the process lives, and whether every part that it needs works."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from text2song import __version__
from text2song.api.deps import ReadinessDep
from text2song.api.limits import RateLimit
from text2song.api.readiness import Readiness
from text2song.api.schemas.health import CheckOut, HealthOut, LifeOut, StatusName

router = APIRouter(tags=["health"])


@router.get(
    "/health",
    dependencies=[Depends(RateLimit("health", 60))],
    responses={503: {"model": HealthOut, "description": "A part does not work, or this process is about to end."}},
)
def get_health(readiness: ReadinessDep, response: Response) -> HealthOut:
    """Say whether requests should come here: every part is tried, each answer is a second old at most.

    The store is written to every half minute. 503 while a part does not work, and from the moment at which this
    process was told to stop.
    """
    checks = readiness.health.check()
    healthy = all(check.healthy for check in checks)
    response.status_code = 200 if healthy and not readiness.draining else 503
    response.headers["cache-control"] = "no-store"
    items = [CheckOut.model_validate(check) for check in checks]
    return HealthOut(status=_status(healthy, readiness), version=__version__, checks=items)


@router.get("/health/live")
async def get_life(response: Response) -> LifeOut:
    """Say that the process answers; nothing else is tried, so a failure means that it should be started anew."""
    response.headers["cache-control"] = "no-store"
    return LifeOut(version=__version__)


def _status(healthy: bool, readiness: Readiness) -> StatusName:
    if readiness.draining:
        return "draining"
    return "ok" if healthy else "degraded"
