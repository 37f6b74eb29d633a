"""Five kinds of failure, each with one meaning; concrete errors sit next to the code that raises them.

`api/errors.py` maps the kinds to HTTP and the command line maps them to exit codes, so no layer below knows either.
"""

from __future__ import annotations

from typing import ClassVar


class StudioError(Exception):
    """Something went wrong that a person can be told about in one sentence.

    `slug` names the problem for programs (the last part of the RFC 9457 `type`); it never changes once published.
    """

    slug: ClassVar[str] = "error"

    def __init__(self, message: str, *, field: str | None = None, choices: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        #: The request field at fault, if one is, as the caller spelled it.
        self.field = field
        #: Valid values, the nearest first, where the choice is from a list.
        self.choices = choices


class NotFoundError(StudioError):
    """What was asked for does not exist, or not for this caller."""

    slug = "not-found"


class ConflictError(StudioError):
    """The request is sound, but the present state of things forbids it."""

    slug = "conflict"


class RefusedError(StudioError):
    """The caller may not do this, or not now."""

    slug = "refused"


class InvalidError(StudioError):
    """The request itself is wrong; sending it again unchanged cannot help."""

    slug = "invalid"


class UnavailableError(StudioError):
    """A part that is needed is missing or failing; the same request may work later."""

    slug = "unavailable"


class CancelledError(Exception):
    """The caller no longer wants the result; raised from progress reports, never shown as a failure."""
