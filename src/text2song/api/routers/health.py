"""`/health`: each part tried just now."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from text2song import __version__
from text2song.api.deps import StudioDep
from text2song.api.limits import RateLimit
from text2song.api.schemas.health import CheckOut, HealthOut
from text2song.services import health

router = APIRouter(tags=["health"])


@router.get(
    "/health",
    dependencies=[Depends(RateLimit("health", 60))],
    responses={503: {"model": HealthOut, "description": "A part does not work."}},
)
def get_health(studio: StudioDep, response: Response) -> HealthOut:
    """Try the database, the sound store, the workers and the room on the disk."""
    checks = health.check_health(studio)
    healthy = all(check.healthy for check in checks)
    response.status_code = 200 if healthy else 503
    items = [CheckOut.model_validate(check) for check in checks]
    return HealthOut(status="ok" if healthy else "degraded", version=__version__, checks=items)
