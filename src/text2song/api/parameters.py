"""Every operation takes the query parameters that it names and no others: what is misspelt is said, never ignored."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import isclass

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel


async def only_known_parameters(request: Request) -> None:
    """Raise RequestValidationError for query parameters that the operation does not have."""
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    known = frozenset(_names(route.dependant))
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise RequestValidationError(
            [{"type": "extra_forbidden", "loc": ("query", name), "msg": "", "input": None} for name in unknown]
        )


def _names(dependant: Dependant) -> Iterator[str]:
    """Yield the query parameters of an endpoint and of all that it depends on."""
    for parameter in dependant.query_params:
        kind = parameter.field_info.annotation
        if isclass(kind) and issubclass(kind, BaseModel):
            # A model stands for a parameter for each of its fields.
            yield from (field.alias or name for name, field in kind.model_fields.items())
        else:
            yield parameter.alias
    for inner in dependant.dependencies:
        yield from _names(inner)
