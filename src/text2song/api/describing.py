"""The description of the API, where the framework's own falls short: problem documents, and who may ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from text2song.api.deps import get_credentials, get_owner
from text2song.api.schemas.base import Problem

#: Ways to say who one is, for operations that ask.
SCHEMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "apiKey": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key, “Authorization: Bearer t2s_live_…”; also taken from the header X-API-Key.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-t2s_session",
            "description": "The cookie of a signed-in browser; a change needs the header X-Requested-With beside it.",
        },
    }
)


def describe(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Complete what the application says of itself; a studio in local mode asks nobody who they are."""
    original = app.openapi
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    security = {route.name: _security(route) for route in routes}

    def openapi() -> dict[str, Any]:
        schema = original()
        parts = schema["components"]["schemas"]
        described = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts.update(described.pop("$defs"))
        parts["Problem"] = described
        parts.pop("HTTPValidationError", None)
        parts.pop("ValidationError", None)
        schema["components"]["securitySchemes"] = {name: dict(scheme) for name, scheme in SCHEMES.items()}
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["security"] = security[operation["operationId"]]
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _security(route: APIRoute) -> list[dict[str, list[str]]]:
    """Return who may ask: only the known, the known and others, or an operation that asks nobody."""
    asked = set(_asked(route.dependant))
    known: list[dict[str, list[str]]] = [{name: []} for name in SCHEMES]
    if get_owner in asked:
        return known
    return [{}, *known] if get_credentials in asked else []


def _asked(dependant: Dependant) -> Iterable[Callable[..., Any] | None]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _asked(inner)
