"""The interface of every element of a composition: structure, harmony, melody, bass, drums, accompaniment, …"""

from __future__ import annotations

from typing import Protocol

from text2song.compose.decisions import Decisions
from text2song.compose.style import Style
from text2song.domain.composition import UnifiedComposition


class ElementGenerator(Protocol):
    """Adds one element to a composition."""

    #: The element's name: "harmony". It begins or follows the section in every decision path of the element.
    name: str

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return a new composition with this element added; the one given is never changed.

        Raises a `StudioError` when the element cannot be made; the orchestrator then gives up the whole song.
        """
