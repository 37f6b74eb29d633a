"""The interface of every maker of songs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from text2song.domain.composition import UnifiedComposition
from text2song.domain.errors import InvalidError
from text2song.domain.progress import Progress
from text2song.domain.request import CompositionRequest
from text2song.domain.take import TakeReport


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a provider can make a request, and why not."""

    supported: bool
    reason: str = ""


class RequestMissedError(InvalidError):
    """Every attempt missed what was asked for; the same request gives the same songs, so it is not tried again."""

    slug = "request-missed"


@dataclass(frozen=True, slots=True)
class MadeSong:
    """One finished song in a folder: files by their name there ("song.wav", "stems/bass.wav"), and its report."""

    folder: Path
    files: tuple[str, ...]
    composition: UnifiedComposition
    report: TakeReport
    #: Names of the stems that were taken from another song instead of made.
    kept: tuple[str, ...] = ()

    def demand(self) -> MadeSong:
        """Return the song, or raise `RequestMissedError` when its report says that it misses what was asked."""
        if not self.report.passed:
            raise RequestMissedError(f"the song misses what was asked: {'; '.join(self.report.reasons)}")
        return self


class Provider(Protocol):
    """Makes songs; says what it can do before it is asked."""

    name: str

    def supports(self, request: CompositionRequest) -> Support:
        """Return whether this provider can make the request."""

    def make(
        self,
        request: CompositionRequest,
        folder: Path,
        progress: Progress,
        earlier: Sequence[UnifiedComposition] = (),
    ) -> MadeSong:
        """Write the finished song into the empty `folder`, or raise and leave it for the caller to remove.

        It should be unlike the `earlier` takes of the same prompt. Whether it does what was asked is for its report to
        say, and for the caller to `demand`.
        Raises `CancelledError` when progress says so, or a `StudioError`.
        """

    def remake(
        self, composition: UnifiedComposition, folder: Path, progress: Progress, kept: Path | None = None
    ) -> MadeSong:
        """Write the song of a finished score into the empty `folder`, as `make` does.

        `kept` is the folder of a song whose stems are taken where they would come out the same.
        """
