"""`/generate`: a song asked for in one call, and how far it is."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends

from text2song.api.deps import ActorDep, RequestKeyDep, StudioDep
from text2song.api.errors import responses
from text2song.api.limits import RateLimit
from text2song.api.schemas.jobs import AcceptedOut, GenerationOut, JobOut, SampleOut
from text2song.api.schemas.requests import GenerateRequest
from text2song.api.writing import written
from text2song.services import jobs, submissions

router = APIRouter(prefix="/generate", tags=["generation"])


@router.post("", status_code=202, dependencies=[Depends(RateLimit("generate", 10))], responses=responses(404, 422, 503))
def generate(studio: StudioDep, actor: ActorDep, body: GenerateRequest, key: RequestKeyDep) -> AcceptedOut:
    """Queue a song of a prompt, written here or stored before."""
    if body.prompt_id is not None:
        accepted = submissions.submit_prompt(studio, actor, body.prompt_id, body.making(), seed=body.seed, key=key)
    else:
        request = body.music(body.prompt or "")
        accepted = submissions.submit(studio, actor, request, body.making(), seeded=body.seed is not None, key=key)
    return AcceptedOut.model_validate(accepted)


@router.get("/{job_id}", responses=responses(404, 422))
@written
def get_generation(studio: StudioDep, actor: ActorDep, job_id: UUID) -> GenerationOut:
    """Show how far a song is and the takes that are made."""
    job, takes = jobs.get_generation(studio, actor, job_id)
    samples = [SampleOut.model_validate(take) for take in takes]
    return GenerationOut(**JobOut.model_validate(job).model_dump(), samples=samples)


@router.delete("/{job_id}", responses=responses(404, 409, 422))
def cancel_generation(studio: StudioDep, actor: ActorDep, job_id: UUID) -> JobOut:
    """Cancel a song that is waiting or being made; nothing of it is kept."""
    return JobOut.model_validate(jobs.cancel_job(studio, actor, job_id))
