"""The application: routers under `/api/v2`, the web page at the root, one error table, one guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from text2song import __version__
from text2song.api import errors, pages
from text2song.api.addresses import Proxies
from text2song.api.feed import JobFeed
from text2song.api.guard import LocalGuard
from text2song.api.instruments import instruments_for
from text2song.api.limits import Limiter
from text2song.api.routers import compositions, generate, health, jobs, library, prompts, takes
from text2song.api.schemas.base import Problem
from text2song.api.watch import Watch
from text2song.services.studio import Studio, build_studio
from text2song.settings import Settings

PREFIX = "/api/v2"

_NOUNS = (prompts, generate, compositions, jobs, takes, library, health)


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

    app = describe_app(lifespan=lifespan)
    app.state.studio = studio
    app.state.feed = feed
    instruments = instruments_for(studio, feed)
    instruments.mount(app)
    # Added last, so outermost: what the guard refuses is named and measured as well.
    app.add_middleware(Watch, prefix=PREFIX, instruments=instruments)
    app.state.proxies = Proxies.parse(studio.settings.trusted_proxies)
    app.state.limiter = limiter
    _serve_pages(app, studio)
    return app


def describe_app(**options: object) -> FastAPI:
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
    api = APIRouter(prefix=PREFIX, responses=errors.responses(403, 422, 429))
    for noun in _NOUNS:
        api.include_router(noun.router)
    app.include_router(api)
    errors.install(app)
    app.add_middleware(LocalGuard)
    _describe_problems(app)
    return app


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


def _describe_problems(app: FastAPI) -> None:
    """Let the description of the API speak of problem documents where the framework speaks of its own errors."""
    original = app.openapi

    def openapi() -> dict[str, object]:
        schema = original()
        parts = schema["components"]["schemas"]
        described = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts.update(described.pop("$defs"))
        parts["Problem"] = described
        parts.pop("HTTPValidationError", None)
        parts.pop("ValidationError", None)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
