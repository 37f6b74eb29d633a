"""The interface of every maker of songs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from text2song.domain.composition import UnifiedComposition
from text2song.domain.progress import Progress
from text2song.domain.request import CompositionRequest
from text2song.domain.take import TakeReport


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a provider can make a request, and why not."""

    supported: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MadeSong:
    """One finished song in a folder: files by their name there ("song.wav", "stems/bass.wav"), and its report."""

    folder: Path
    files: tuple[str, ...]
    composition: UnifiedComposition
    report: TakeReport


class Provider(Protocol):
    """Makes songs; says what it can do before it is asked."""

    name: str

    def supports(self, request: CompositionRequest) -> Support:
        """Return whether this provider can make the request."""

    def make(self, request: CompositionRequest, folder: Path, progress: Progress) -> MadeSong:
        """Write the finished song into the empty `folder`, or raise and leave it for the caller to remove.

        Raises `CancelledError` when progress says so, or a `StudioError`.
        """
