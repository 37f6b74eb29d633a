"""The application: routers under `/api/v2`, the web page at the root, one error table, one guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from text2song import __version__
from text2song.api import errors, pages
from text2song.api.access import LOCAL_ACCESS, Access, server_access
from text2song.api.addresses import Proxies
from text2song.api.describing import describe
from text2song.api.feed import JobFeed
from text2song.api.guard import Guard
from text2song.api.hashing import Hashing
from text2song.api.instruments import instruments_for
from text2song.api.lanes import Lanes
from text2song.api.limits import Limiter
from text2song.api.parameters import only_known_parameters
from text2song.api.readiness import Readiness
from text2song.api.routers import (
    accounts,
    compositions,
    files,
    generate,
    health,
    jobs,
    library,
    model,
    oidc,
    prompts,
    takes,
)
from text2song.api.signing_in import Service, service_of
from text2song.api.watch import Watch
from text2song.services.health import health_of
from text2song.services.studio import Studio, build_studio
from text2song.settings import Settings

PREFIX = "/api/v2"

_NOUNS = (prompts, generate, compositions, jobs, takes, library, model, files, accounts, oidc, health)


def create_app(settings: Settings) -> FastAPI:
    """Return the application over the installation that the settings name; raises as `build_studio` does."""
    return app_of(build_studio(settings))


def app_of(studio: Studio) -> FastAPI:
    """Return the application over a studio that is open already."""
    feed = JobFeed(studio)
    limiter = Limiter(scale=studio.settings.rate_limits, redis_url=studio.settings.redis_url)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with feed.running():
            yield
        await limiter.close()

    access = _access(studio.settings)
    app = describe_app(access, lifespan=lifespan)
    app.state.studio = studio
    app.state.access = access
    app.state.hashing = Hashing()
    app.state.lanes = Lanes()
    app.state.oidc = _service(studio.settings)
    app.state.feed = feed
    instruments = instruments_for(studio, feed)
    instruments.mount(app)
    app.state.readiness = readiness = Readiness(health_of(studio))
    # Added last, so outermost: what the guard refuses is named and measured as well.
    app.add_middleware(Watch, prefix=PREFIX, readiness=readiness, instruments=instruments)
    app.state.proxies = Proxies.parse(studio.settings.trusted_proxies)
    app.state.limiter = limiter
    _serve_pages(app, studio)
    return app


def describe_app(access: Access = LOCAL_ACCESS, **options: object) -> FastAPI:
    """Return the application's routes without a studio behind them: enough to describe itself."""
    app = FastAPI(
        title="Text2Song Studio",
        version=__version__,
        summary="Describe a song, get it finished.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url=f"{PREFIX}/openapi.json",
        # The framework's documentation pages load their scripts from another host.
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_name,
        separate_input_output_schemas=False,
        **options,  # type: ignore[arg-type]
    )
    api = APIRouter(prefix=PREFIX, responses=errors.responses(401, 403, 422, 429))
    for noun in _NOUNS:
        # What the other service adds to its way back is its own business.
        strict = [] if noun is oidc else [Depends(only_known_parameters)]
        api.include_router(noun.router, dependencies=strict)
    app.include_router(api)
    errors.install(app)
    app.add_middleware(Guard, access=access)
    describe(app, [noun.router for noun in _NOUNS])
    return app


def _service(settings: Settings) -> Service | None:
    if settings.mode == "local":
        return None
    names = settings.oidc_client_id, settings.oidc_client_secret
    return service_of(settings.oidc_issuer, *names, settings.public_url)


def _access(settings: Settings) -> Access:
    if settings.mode == "local":
        return LOCAL_ACCESS
    return server_access(settings.secret_key, settings.public_url, settings.trusted_hosts)


def _operation_name(route: APIRoute) -> str:
    return route.name


def _serve_pages(app: FastAPI, studio: Studio) -> None:
    """Answer with the web page whatever no router knows, the API's own paths left out."""
    files_origin = studio.blobs.public_origin
    site: ASGIApp = pages.Pages(pages.FOLDER, files_origin=files_origin) if pages.built() else pages.missing_page()
    unknown = app.router.default

    async def page_or_nothing(scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and not scope["path"].startswith("/api/")
        await (site if is_page else unknown)(scope, receive, send)

    app.router.default = page_or_nothing
