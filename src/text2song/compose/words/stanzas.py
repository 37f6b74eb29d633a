"""The user's lyrics as they wrote them: section tags, stanzas, lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import MappingProxyType

from text2song.domain.composition import SectionKind

#: "[Verse 1: Ann]", "(Chorus x2)", "{Bridge}", "<hook>", "**Outro**", "## Verse".
_TAG = re.compile(
    r"^\s*(?:#+\s*|\*{1,2}\s*)?(?P<open>[\[({<])\s*(?P<name>[A-Za-z][^\])}>:]*?)\s*(?::[^\])}>]*)?[\])}>]\s*(?:\*{1,2})?\s*"
    r"(?:[x×]\s*(?P<after>\d))?\s*:?\s*$"
)
#: "Chorus:", "VERSE 2", "Pre-Chorus" alone on its line.
_BARE = re.compile(
    r"^\s*(?:#+\s*|\*{1,2}\s*)?(?P<name>(?:verse|chorus|pre-?\s?chorus|bridge|intro|outro|refrain|hook|interlude)"
    r"(?:\s*(?:\d+|[ivx]+|one|two|three|four))?)\s*(?:[x×]\s*(?P<after>\d))?\s*(?P<colon>:?)\s*(?:\*{1,2})?\s*:?\s*$",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\s*[\-–]?\s*(?:\d+|[ivx]+|one|two|three|four|five)$", re.IGNORECASE)
_TIMES = re.compile(r"\s*(?:[x×]\s*(\d)|(\d)\s*[x×])\s*$", re.IGNORECASE)
_ORDER = re.compile(r"^(?:first|second|third|final|last|repeat|the)\s+", re.IGNORECASE)
_KINDS = MappingProxyType(
    {
        "pre": SectionKind.PRECHORUS,
        "pre chorus": SectionKind.PRECHORUS,
        "lift": SectionKind.PRECHORUS,
        "hook": SectionKind.CHORUS,
        "refrain": SectionKind.CHORUS,
        "post chorus": SectionKind.CHORUS,
        "strophe": SectionKind.VERSE,
        "stanza": SectionKind.VERSE,
        "rap": SectionKind.VERSE,
        "middle eight": SectionKind.BRIDGE,
        "middle 8": SectionKind.BRIDGE,
        "interlude": SectionKind.INTERLUDE,
        "ending": SectionKind.OUTRO,
        "coda": SectionKind.OUTRO,
        "tag": SectionKind.OUTRO,
        **{kind.value: kind for kind in SectionKind},
    }
)
#: Words in round brackets that speak to the players, not of the song.
_STAGE = frozenset(
    {"solo", "instrumental", "repeat", "fade", "spoken", "guitar", "drums", "piano", "break", "music", "riff", "pause"}
)
_MOST_TIMES = 4
#: Several in a line are counted aloud ("1, 2, 3, 4!"); a lone "2." numbers a stanza.
_FIGURES = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Stanza:
    """Lines that belong together, and the kind of section they were tagged for (None where untagged)."""

    kind: SectionKind | None
    lines: tuple[str, ...]


def read_stanzas(text: str) -> tuple[Stanza, ...]:
    """Split lyrics at blank lines and section tags such as "[Chorus]", "(Verse 2)" or "Bridge:".

    A tag that names no section is sung by nobody: it is a stage direction. Lines without a letter or figure to sing
    are dropped. A tag without lines of its own repeats the stanza that last had it; "x2" sings it twice.
    """
    return _read(text)[0]


def unknown_tags(text: str) -> tuple[str, ...]:
    """Return the tags that name no kind of section, as written, each once."""
    return _read(text)[1]


def _read(text: str) -> tuple[tuple[Stanza, ...], tuple[str, ...]]:
    reader = _Reader()
    for raw in text.splitlines():
        line = " ".join(raw.split())
        name, times = _tag(line)
        if name is not None:
            reader.tag(name, times)
        elif not line:
            reader.close()
        elif any(character.isalpha() for character in line) or line.isdigit() or len(_FIGURES.findall(line)) > 1:
            reader.lines.append(line)
    reader.close()
    reader.repeat()
    return tuple(reader.found), tuple(dict.fromkeys(reader.unknown))


class _Reader:
    def __init__(self) -> None:
        self.found: list[Stanza] = []
        self.unknown: list[str] = []
        self.lines: list[str] = []
        self._kind: SectionKind | None = None
        self._times = 1
        #: Whether the current tag has had lines.
        self._sung = True

    def tag(self, name: str, times: int) -> None:
        self.close()
        self.repeat()
        key = _ORDER.sub("", _COUNT.sub("", name.lower().replace("-", " ")).strip()).strip()
        self._kind = _KINDS.get(key) or _KINDS.get(name.lower().replace("-", " ").strip())
        if self._kind is None:
            self.unknown.append(name)
        self._times, self._sung = times, False

    def close(self) -> None:
        if self.lines:
            self.found.extend([Stanza(self._kind, tuple(self.lines))] * self._times)
            self.lines.clear()
            self._sung, self._times = True, 1

    def repeat(self) -> None:
        """Sing again what an empty tag names."""
        earlier = [stanza for stanza in self.found if stanza.kind is self._kind and self._kind is not None]
        if not self._sung and earlier:
            self.found.extend([replace(earlier[-1])] * self._times)
        self._sung = True


def _tag(line: str) -> tuple[str | None, int]:
    """Return the name of a tag line and how often its stanza is sung; None where the line is sung itself."""
    match = _TAG.match(line) or _BARE.match(line)
    if match is None or (match.re is _BARE and not _is_heading(match)):
        return None, 1
    name = match["name"]
    inner = _TIMES.search(name)
    times = int(match["after"] or (inner and (inner[1] or inner[2])) or 1)
    name = _TIMES.sub("", name).strip(" *-–")
    if match.re is _TAG and match["open"] == "(" and not _is_direction(name):
        return None, 1
    return name, max(1, min(_MOST_TIMES, times))


def _is_heading(match: re.Match[str]) -> bool:
    """Whether a bare word is a heading: it has a colon or a number, or a capital where it could not be a line."""
    name = match["name"]
    return bool(match["colon"] or match["after"] or _COUNT.search(name)) or (
        name[0].isupper() and not name.lower().startswith(("hook", "refrain", "interlude"))
    )


def _is_direction(name: str) -> bool:
    """Whether words in round brackets are a tag; "(ooh, ooh)" is sung."""
    key = _COUNT.sub("", name.lower().replace("-", " ")).strip()
    return key in _KINDS or _ORDER.sub("", key) in _KINDS or bool(set(key.split()) & _STAGE)
