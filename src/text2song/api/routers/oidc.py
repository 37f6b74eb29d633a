"""`/auth/oidc`: signing in by another service, where one is configured."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse

from text2song.api.deps import AccessDep, HashingDep, StudioDep
from text2song.api.errors import responses
from text2song.api.limits import RateLimit
from text2song.api.parameters import only_known_parameters
from text2song.api.routers.accounts import set_session
from text2song.api.schemas.accounts import WaysOut
from text2song.api.signing_in import OidcDep, attempt_cookie
from text2song.services import accounts

router = APIRouter(tags=["accounts"])


def _moved(*failures: int) -> dict[int | str, dict[str, Any]]:
    return {303: {"description": "To the service, or back to the studio."}, **responses(*failures)}


@router.get("/auth/ways", dependencies=[Depends(only_known_parameters)])
def list_ways(request: Request, studio: StudioDep) -> WaysOut:
    """Show how one may sign in here."""
    server = studio.settings.mode == "server"
    other = getattr(request.app.state, "oidc", None) is not None
    return WaysOut(
        password=server,
        registration=server and studio.settings.registration == "open",
        oidc=(studio.settings.oidc_name or "another service") if other else None,
    )


@router.get(
    "/auth/oidc/login",
    status_code=303,
    response_class=RedirectResponse,
    dependencies=[Depends(only_known_parameters), Depends(RateLimit("oidc", 30, by_address=True))],
    responses=_moved(404, 503),
)
async def begin_oidc(studio: StudioDep, access: AccessDep, oidc: OidcDep) -> RedirectResponse:
    """Go to the service to sign in there."""
    url, attempt = await oidc.begin()
    reply = RedirectResponse(url, 303)
    sealed = attempt.sealed(studio.settings.secret_key)
    reply.set_cookie(attempt_cookie(access), sealed, max_age=600, secure=access.secure, httponly=True, samesite="lax")
    return reply


@router.get(
    "/auth/oidc/callback",
    status_code=303,
    response_class=RedirectResponse,
    dependencies=[Depends(RateLimit("oidc", 30, by_address=True))],
    responses=_moved(404, 409, 422, 503),
)
async def finish_oidc(
    request: Request,
    studio: StudioDep,
    access: AccessDep,
    hashing: HashingDep,
    oidc: OidcDep,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> RedirectResponse:
    """Come back from the service, signed in."""
    attempt = oidc.attempt(request.cookies.get(attempt_cookie(access), ""), studio.settings.secret_key)
    stranger = await oidc.finish(attempt, state, code)
    _, token = await hashing.run(accounts.login_stranger, studio, stranger)
    reply = RedirectResponse("/", 303)
    set_session(reply, access, token)
    reply.delete_cookie(attempt_cookie(access), secure=access.secure, httponly=True, samesite="lax")
    return reply
