"""What makes the songs: workers and their models, and the providers they run."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from text2song.api.deps import ActorDep, AdminDep, StudioDep
from text2song.api.errors import responses
from text2song.api.limits import RateLimit
from text2song.api.schemas.model import ModelStatusOut, ProviderOut, ReloadOut, WorkerOut
from text2song.domain.identity import ADMIN
from text2song.services import model, providers

router = APIRouter(tags=["models"])


@router.get("/model/status", dependencies=[Depends(RateLimit("model/status", 10))])
def get_model_status(studio: StudioDep, actor: ActorDep) -> ModelStatusOut:
    """Show whether songs can be made, by how many workers, and whether they are being replaced."""
    status = model.get_model_status(studio)
    workers = [
        WorkerOut(
            name=worker.name if actor.may(ADMIN) else None,
            state=worker.state.value,
            running=worker.running,
            started_at=worker.started_at,
            seen_at=worker.seen_at,
        )
        for worker in status.workers
    ]
    return ModelStatusOut(
        status=status.state.value,
        model_loaded=status.state != model.ModelState.UNAVAILABLE,
        workers=workers,
        queued=status.queued,
        running=status.running,
    )


@router.post(
    "/model/reload",
    status_code=202,
    dependencies=[Depends(RateLimit("model/reload", 2))],
    responses=responses(403),
)
def reload_model(studio: StudioDep, _actor: AdminDep) -> ReloadOut:
    """Replace every worker, each when its jobs are done; what waits is done by the successors."""
    asked = model.reload_model(studio)
    return ReloadOut(status="RELOADING" if asked else "UNAVAILABLE", workers=asked)


@router.get("/providers")
def list_providers(studio: StudioDep) -> list[ProviderOut]:
    """List the makers of songs, the preferred first, and what each can do."""
    return [_provider(view) for view in providers.list_providers(studio)]


def _provider(view: providers.ProviderView) -> ProviderOut:
    can = view.capabilities
    low, high = can.duration
    return ProviderOut(
        name=can.name,
        description=can.description,
        available=view.available,
        reason=view.reason,
        devices=list(can.devices),
        precisions=list(can.precisions),
        adapters=list(can.adapters),
        sampling=can.sampling,
        min_duration=low,
        max_duration=high,
    )
