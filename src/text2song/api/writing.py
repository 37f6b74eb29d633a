"""Answers are written in the thread that found them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast, get_type_hints

from pydantic import TypeAdapter
from starlette.responses import Response

P = ParamSpec("P")
T = TypeVar("T")


def written(endpoint: Callable[P, T]) -> Callable[P, T]:
    """Have what a plain endpoint returns checked and written as JSON in its own thread; the status is 200.

    The framework would take a second thread to check the answer and write it in the event loop: a long answer keeps a
    thousand listeners waiting, and a request waits for the loop once more. The description of the API stays the same.
    """
    answer: TypeAdapter[T] = TypeAdapter(get_type_hints(endpoint, include_extras=True)["return"])

    @wraps(endpoint)
    def write(*args: P.args, **kwargs: P.kwargs) -> Response:
        found = answer.validate_python(endpoint(*args, **kwargs))
        return Response(answer.dump_json(found, by_alias=True), media_type="application/json")

    return cast("Callable[P, T]", write)
