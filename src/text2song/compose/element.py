"""The interface of every element of a composition: structure, harmony, melody, bass, drums, accompaniment, …"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from text2song.compose.decisions import Decisions
from text2song.compose.style import Style
from text2song.domain.composition import UnifiedComposition


@dataclass(frozen=True, slots=True)
class Scope:
    """What of its work an element does: all of it, or what concerns one part, or some sections as well."""

    #: A part's name, "" for every part.
    part: str = ""
    #: Names of sections, None for every section.
    sections: frozenset[str] | None = None

    def has_part(self, name: str) -> bool:
        """Return whether a part is to be written."""
        return self.part in ("", name)

    def has_section(self, name: str) -> bool:
        """Return whether a section is to be written."""
        return self.sections is None or name in self.sections


#: All that there is to do.
EVERYTHING = Scope()


class ElementGenerator(Protocol):
    """Adds one element to a composition."""

    #: The element's name: "harmony". It begins or follows the section in every decision path of the element.
    name: str

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return a new composition with this element added; the one given is never changed.

        Raises a `StudioError` when the element cannot be made; the orchestrator then gives up the whole song.
        """
