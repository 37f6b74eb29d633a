"""The one error table: five kinds of failure, and what the framework refuses, as RFC 9457 problem documents."""

from __future__ import annotations

import http
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from text2song.api.limits import RateLimitedError
from text2song.api.schemas.base import FieldProblem, Problem
from text2song.api.wording import wording
from text2song.domain.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    RefusedError,
    StudioError,
    UnavailableError,
)
from text2song.services.credentials import UnauthenticatedError

PROBLEM_TYPE = "https://text2song.dev/problems/"
MEDIA_TYPE = "application/problem+json"

#: Kind of failure → status and title. The first match counts.
TABLE: tuple[tuple[type[StudioError], int, str], ...] = (
    (NotFoundError, 404, "Not found"),
    (ConflictError, 409, "Not possible in the present state"),
    (UnauthenticatedError, 401, "Not signed in"),
    (RateLimitedError, 429, "Too many requests"),
    (RefusedError, 403, "Not allowed"),
    (InvalidError, 422, "The request is wrong"),
    (UnavailableError, 503, "Not available now"),
)

# The domain's names of fields that the API spells in the seed documents' way.
_SPELLING = MappingProxyType({"duration_seconds": "duration"})

#: The header that names a request in its answer, and where the name is kept in the scope meanwhile.
REQUEST_ID = "x-request-id"
SCOPE_KEY = "text2song.request_id"

log = structlog.get_logger(__name__)


def install(app: FastAPI) -> None:
    """Answer every failure of the application with a problem document."""
    app.add_exception_handler(StudioError, _studio_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _defect)


def problem_response(
    status: int,
    slug: str,
    title: str,
    detail: str,
    *,
    errors: Iterable[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return one problem document."""
    problem = Problem(type=PROBLEM_TYPE + slug, title=title, status=status, detail=detail, errors=list(errors))
    return JSONResponse(problem.model_dump(), status, dict(headers or {}), MEDIA_TYPE)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's description of these failures."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": http.HTTPStatus(status).phrase, "content": content} for status in statuses}


def _studio_error(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, StudioError):
        raise error
    status, title = next(((code, text) for kind, code, text in TABLE if isinstance(error, kind)), (500, "Failed"))
    errors = []
    if error.field is not None:
        field = _SPELLING.get(error.field, error.field)
        errors.append(FieldProblem(field=field, detail=error.message, choices=list(error.choices)))
    headers = {"WWW-Authenticate": "Bearer"} if status == http.HTTPStatus.UNAUTHORIZED else {}
    return problem_response(status, error.slug, title, error.message, errors=errors, headers=headers)


def _validation_error(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    fields = [_field_problem(item) for item in error.errors()]
    named = [field for field in fields if field.field]
    sentence = "; ".join(f"{field.field} {field.detail}".strip() for field in fields[:3])
    return problem_response(422, "invalid-request", "The request is wrong", sentence, errors=named)


def _field_problem(item: Mapping[str, Any]) -> FieldProblem:
    # The first part says where the field was: body, query or path.
    field = "" if item["type"] == "json_invalid" else ".".join(str(part) for part in item["loc"][1:])
    expected = (item.get("ctx") or {}).get("expected", "")
    choices = [word.strip(" '") for word in str(expected).replace(" or ", ", ").split(",")] if expected else []
    return FieldProblem(field=field, detail=wording(item, field), choices=choices)


def _http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == http.HTTPStatus.BAD_REQUEST:
        # Bytes that are no text; the same failure as text that is no JSON.
        return problem_response(422, "invalid-request", "The request is wrong", "the body is not JSON")
    status = http.HTTPStatus(error.status_code)
    slug = status.phrase.lower().replace(" ", "-")
    detail = f"there is nothing at {request.url.path}" if status == http.HTTPStatus.NOT_FOUND else str(error.detail)
    headers = dict(error.headers or {})
    if status == http.HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{request.method} is not a method of {request.url.path}"
        headers["Allow"] = _allowed(request, headers.get("Allow", ""))
    return problem_response(error.status_code, slug, status.phrase, detail, headers=headers)


def _allowed(request: Request, found: str) -> str:
    """Return every method of the path; the framework names those of the first route it met there."""
    methods = {method.strip() for method in found.split(",") if method}
    for path, operations in request.app.openapi()["paths"].items():
        if compile_path(path)[0].match(request.url.path):
            methods |= {method.upper() for method in operations}
    return ", ".join(sorted(methods))


def _defect(request: Request, error: Exception) -> JSONResponse:
    log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
    detail = "something went wrong inside the studio; the log has the details"
    # This answer is given outside of all middleware, which would have named the request.
    headers = {REQUEST_ID: str(request.scope[SCOPE_KEY])} if SCOPE_KEY in request.scope else {}
    return problem_response(500, "internal", "Internal error", detail, headers=headers)
