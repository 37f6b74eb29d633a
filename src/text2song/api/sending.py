"""Files over HTTP: whole, in ranges, as headers only, or as a zip made while it is sent."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from text2song.api.errors import problem_response
from text2song.api.ranges import (
    Entity,
    PreconditionError,
    UnsatisfiableRangeError,
    check_preconditions,
    not_modified,
    requested_ranges,
)
from text2song.api.zipping import StoredZip
from text2song.services.studio import Studio
from text2song.services.takes import Archive, StoredFile, read_chunks, remote_address

# Twenty digits, as nginx writes its boundaries; the parts' lengths are known, so it may appear in the content.
_BOUNDARY = "00000000000000000001"
#: Takes never change: a browser may keep a file for a day and ask again then. Private: it is the listener's own song.
_CACHE = "private, max-age=86400, no-transform"

#: OpenAPI's description of the answer for a file in a bucket.
LINK = MappingProxyType({"description": "The file's signed address, for a while, where files are kept in a bucket."})


def send_file(request: Request, studio: Studio, file: StoredFile, *, download: bool) -> Response:
    """Answer GET and HEAD for one file, with conditions and ranges (RFC 9110), and POST with the whole of it.

    A file in a bucket is answered with its signed address there: its bytes never pass through this process.
    """
    named = disposition(file.filename, download=download)
    reading = request.method in ("GET", "HEAD")
    address = remote_address(studio, file, named)
    if address is not None:
        # The address dies before long, so the answer that holds it is not kept.
        # After a POST, 303 says to fetch it with GET; 307 would have it posted there (RFC 9110, 15.4).
        return RedirectResponse(address, 307 if reading else 303, headers={"Cache-Control": "no-store"})
    entity = Entity(file.bytes, f'"{file.sha256}"', file.modified)
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": entity.etag,
        "Last-Modified": entity.last_modified,
        "Cache-Control": _CACHE,
        "Content-Disposition": named,
    }
    try:
        check_preconditions(request.headers, entity)
        if reading and not_modified(request.headers, entity):
            return Response(status_code=304, headers=headers)
        # Ranges are defined for GET alone (14.2).
        ranges = requested_ranges(request.headers, entity) if request.method == "GET" else None
    except PreconditionError:
        detail = "the file is not in the state that the request depends on"
        return problem_response(412, "precondition", "Precondition failed", detail, headers={"ETag": entity.etag})
    except UnsatisfiableRangeError:
        detail = f"the file has {file.bytes} bytes; none of them was asked for"
        unsatisfied = {"Content-Range": f"bytes */{file.bytes}"}
        return problem_response(416, "range", "Range not satisfiable", detail, headers=unsatisfied)
    if ranges is None:
        return _whole(request, studio, file, headers)
    return _partial(studio, file, ranges, headers)


def send_zip(request: Request, studio: Studio, archive: Archive) -> Response:
    """Send files as one uncompressed zip of known length, made while it is sent: the same bytes every time."""
    files = [file for _, file in archive.members]
    plan = StoredZip([(inner, file.bytes) for inner, file in archive.members], archive.modified)
    entity = Entity(plan.bytes, f'"{archive.sha256}"', archive.modified)
    headers = {
        "Accept-Ranges": "none",
        "ETag": entity.etag,
        "Last-Modified": entity.last_modified,
        "Content-Disposition": disposition(archive.filename, download=True),
        "Cache-Control": _CACHE,
    }
    if not_modified(request.headers, entity):
        return Response(status_code=304, headers=headers)
    described = {**headers, "Content-Length": str(plan.bytes), "Content-Type": "application/zip"}
    if request.method == "HEAD":
        return Response(headers=described)
    content = plan.stream(lambda index: read_chunks(studio, files[index], 0, files[index].bytes), zlib.crc32)
    return StreamingResponse(content, headers=described)


def disposition(filename: str, *, download: bool) -> str:
    """Return Content-Disposition with a plain and a UTF-8 file name (RFC 6266)."""
    plain = filename.encode("ascii", "replace").decode().replace("?", "_").replace('"', "").replace("\\", "")
    kind = "attachment" if download else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _whole(request: Request, studio: Studio, file: StoredFile, headers: Mapping[str, str]) -> Response:
    lengthy = {**headers, "Content-Length": str(file.bytes), "Content-Type": file.media_type}
    if request.method == "HEAD":
        return Response(headers=lengthy)
    return StreamingResponse(read_chunks(studio, file, 0, file.bytes), headers=lengthy)


def _partial(
    studio: Studio, file: StoredFile, ranges: tuple[tuple[int, int], ...], headers: Mapping[str, str]
) -> Response:
    if len(ranges) > 1:
        return _several(studio, file, ranges, headers)
    start, stop = ranges[0]
    part = {
        **headers,
        "Content-Length": str(stop - start),
        "Content-Range": f"bytes {start}-{stop - 1}/{file.bytes}",
        "Content-Type": file.media_type,
    }
    return StreamingResponse(read_chunks(studio, file, start, stop), 206, headers=part)


def _several(
    studio: Studio, file: StoredFile, ranges: tuple[tuple[int, int], ...], headers: Mapping[str, str]
) -> Response:
    heads = [_part_head(file, start, stop) for start, stop in ranges]
    tail = f"\r\n--{_BOUNDARY}--\r\n".encode()
    length = sum(map(len, heads)) + sum(stop - start for start, stop in ranges) + len(tail)

    def content() -> Iterator[bytes]:
        for head, (start, stop) in zip(heads, ranges, strict=True):
            yield head
            yield from read_chunks(studio, file, start, stop)
        yield tail

    kind = f"multipart/byteranges; boundary={_BOUNDARY}"
    described = {**headers, "Content-Length": str(length), "Content-Type": kind}
    return StreamingResponse(content(), 206, headers=described)


def _part_head(file: StoredFile, start: int, stop: int) -> bytes:
    return (
        f"\r\n--{_BOUNDARY}\r\nContent-Type: {file.media_type}\r\n"
        f"Content-Range: bytes {start}-{stop - 1}/{file.bytes}\r\n\r\n"
    ).encode()
