"""The user's lyrics as they wrote them: section tags, stanzas, lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from text2song.domain.composition import SectionKind

_TAG = re.compile(r"^\s*[\[(]\s*([A-Za-z][A-Za-z \-]*?)\s*\d*\s*(?:[:x×].*)?[\])]\s*$")
_KINDS = MappingProxyType(
    {
        "pre": SectionKind.PRECHORUS,
        "pre chorus": SectionKind.PRECHORUS,
        "hook": SectionKind.CHORUS,
        "refrain": SectionKind.CHORUS,
        "middle eight": SectionKind.BRIDGE,
        "interlude": SectionKind.INTERLUDE,
        **{kind.value: kind for kind in SectionKind},
    }
)


@dataclass(frozen=True, slots=True)
class Stanza:
    """Lines that belong together, and the kind of section they were tagged for (None where untagged)."""

    kind: SectionKind | None
    lines: tuple[str, ...]


def read_stanzas(text: str) -> tuple[Stanza, ...]:
    """Split lyrics at blank lines and section tags such as "[Chorus]" or "(Verse 2)".

    A tag that names no section is sung by nobody: it is a stage direction. Lines without a letter are dropped.
    """
    found: list[Stanza] = []
    kind: SectionKind | None = None
    lines: list[str] = []

    def close() -> None:
        if lines:
            found.append(Stanza(kind, tuple(lines)))
            lines.clear()

    for raw in text.splitlines():
        line = " ".join(raw.split())
        tag = _TAG.match(line)
        if tag is not None:
            close()
            kind = _KINDS.get(tag[1].lower().replace("-", " "))
        elif not line:
            close()
        elif any(character.isalpha() for character in line):
            lines.append(line)
    close()
    return tuple(found)
