"""Files over HTTP, the other way: the body of a request, or one part of a form, into a temporary file."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from text2song.domain.errors import InvalidError, UnavailableError

#: What a form may hold besides its file.
_FORM_BYTES = 64 * 1024
_FIELDS = 4
_RAW = ("audio/", "image/")
_BYTES = "application/octet-stream"


class FormError(InvalidError):
    """The form cannot be read, or lacks its file."""

    slug = "invalid-form"


class NoRoomError(UnavailableError):
    """The body cannot be put on the disk."""

    slug = "disk-full"


@dataclass(frozen=True, slots=True)
class Received:
    """A body that is here as a whole."""

    content: BinaryIO
    bytes: int
    filename: str
    #: The other fields of the form.
    fields: dict[str, str]


@asynccontextmanager
async def received(request: Request, limit: int) -> AsyncIterator[Received]:
    """Yield the file that a request carries, gone when the block ends.

    Raises HTTPException 413 for one of more than `limit` bytes, 415 for a body that is neither a form nor a file,
    `FormError`, or `NoRoomError`.
    """
    kind = request.headers.get("content-type", _BYTES).partition(";")[0].strip().lower()
    if kind != "multipart/form-data" and kind != _BYTES and not kind.startswith(_RAW):
        raise HTTPException(415, f"a body of {kind or 'no kind'} is not taken; send a form or the file itself")
    try:
        if kind == "multipart/form-data":
            async with _form(request, limit) as form:
                yield form
        else:
            with tempfile.TemporaryFile() as file:
                yield Received(file, await _spooled(request, file, limit), "", {})
    except OSError as error:
        raise NoRoomError("there is no room for the file; try again in a while") from error


async def _spooled(request: Request, file: BinaryIO, limit: int) -> int:
    length = 0
    async for piece in _limited(request, limit):
        await run_in_threadpool(file.write, piece)
        length += len(piece)
    await run_in_threadpool(file.flush)
    return length


@asynccontextmanager
async def _form(request: Request, limit: int) -> AsyncIterator[Received]:
    form = await _parsed(request, limit)
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise FormError("the form has no file in its field “file”", field="file")
        if (file.size or 0) > limit:
            raise _too_large(limit)
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        await run_in_threadpool(file.file.flush)
        yield Received(file.file, file.size or 0, file.filename or "", fields)
    finally:
        await form.close()


async def _parsed(request: Request, limit: int) -> FormData:
    stream = _limited(request, limit + _FORM_BYTES)
    parser = _Parser(request.headers, stream, max_files=1, max_fields=_FIELDS, max_part_size=_FORM_BYTES)
    try:
        return await parser.parse()
    # The parser lets through what its library raises at broken boundaries, headers and encodings.
    except (MultiPartException, ValueError, KeyError, AttributeError) as error:
        raise FormError("the form cannot be read", field="file") from error


class _Parser(MultiPartParser):
    """Closes the file of a part that never ended; the library's own leaves it open."""

    async def parse(self) -> FormData:
        """Return the form of the parts that are complete."""
        form = await super().parse()
        complete = {id(value.file) for value in form.values() if isinstance(value, UploadFile)}
        for file in self._files_to_close_on_error:
            if id(file) not in complete:
                file.close()
        return form


async def _limited(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    length = 0
    async for piece in request.stream():
        length += len(piece)
        if length > limit:
            raise _too_large(limit)
        yield piece


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"the file is larger than {limit // 2**20} MiB")
