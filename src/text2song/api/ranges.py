"""Range and condition headers of RFC 9110, decided without reading a byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

#: More ranges than this in one request serve no player; the whole file is sent instead (RFC 9110, 14.2).
MAX_RANGES = 100

# Blanks as nginx forgives them; the figures are ASCII, and none is longer than any file's length.
_SPEC = re.compile(r" *([0-9]*) *- *([0-9]*) *")
_LONGEST = 40


class PreconditionError(ValueError):
    """The file is not in the state that the request depends on (status 412)."""


class UnsatisfiableRangeError(ValueError):
    """No byte of the file lies in the ranges asked for (status 416)."""


@dataclass(frozen=True, slots=True)
class Entity:
    """The file a request is about, as headers describe it."""

    bytes: int
    etag: str
    modified: datetime

    @property
    def last_modified(self) -> str:
        """The time of the last change as HTTP writes it."""
        return format_datetime(self.modified.astimezone(UTC).replace(microsecond=0), usegmt=True)


def check_preconditions(headers: Mapping[str, str], entity: Entity) -> None:
    """Raise `PreconditionError` unless If-Match and If-Unmodified-Since hold (RFC 9110, 13.1.1 and 13.1.4)."""
    tags = headers.get("if-match")
    if tags is not None:
        if tags.strip() != "*" and entity.etag not in {tag.strip() for tag in tags.split(",")}:
            raise PreconditionError
        return
    since = _date(headers.get("if-unmodified-since"))
    if since is not None and entity.modified.replace(microsecond=0) > since:
        raise PreconditionError


def not_modified(headers: Mapping[str, str], entity: Entity) -> bool:
    """Return whether the listener's copy is still good (RFC 9110, 13.1.2 and 13.1.3)."""
    tags = headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or entity.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = _date(headers.get("if-modified-since"))
    return since is not None and entity.modified.replace(microsecond=0) <= since


def requested_ranges(headers: Mapping[str, str], entity: Entity) -> tuple[tuple[int, int], ...] | None:
    """Return the byte ranges [start, stop) to send, or None for the whole file.

    Raises `UnsatisfiableRangeError`. Unknown units, a stale If-Range, too many ranges, and ranges that together are
    longer than the file are answered with the whole file, as RFC 9110, 14.2 allows.
    """
    value = headers.get("range")
    if value is None or not _still_same(headers.get("if-range"), entity):
        return None
    unit, specs = value[:6].lower(), value[6:]
    if unit != "bytes=" or not specs:
        return None
    # Counted before anything is cut up: a header of a hundred thousand ranges costs no more than reading it.
    if specs.count(",") >= MAX_RANGES:
        return None
    ranges = [found for spec in specs.split(",") if (found := _parse(spec, entity.bytes)) is not None]
    if not ranges:
        raise UnsatisfiableRangeError
    if sum(stop - start for start, stop in ranges) > entity.bytes:
        return None
    return tuple(ranges)


def _parse(spec: str, length: int) -> tuple[int, int] | None:
    """Return one range cut to the file, or None when nothing of it is there.

    A malformed spec makes the whole header unsatisfiable, which RFC 9110, 14.2 allows and nginx does.
    """
    match = _SPEC.fullmatch(spec) if len(spec) <= _LONGEST else None
    if match is None or not (match[1] or match[2]):
        raise UnsatisfiableRangeError
    first, last = match.groups()
    if not first:
        start, stop = max(length - int(last), 0), length
    else:
        start, stop = int(first), min(int(last) + 1 if last else length, length)
    return (start, stop) if start < stop else None


def _still_same(condition: str | None, entity: Entity) -> bool:
    """Return whether If-Range, if any, names this very state of the file; weak tags never do (13.1.5)."""
    if condition is None:
        return True
    text = condition.strip()
    if text.startswith(('"', "W/")):
        return text == entity.etag
    return text == entity.last_modified


def _date(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
