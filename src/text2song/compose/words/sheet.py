"""Which stanza is sung in which section, and what has to be said about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from text2song.compose.words.stanzas import Stanza, read_stanzas, unknown_tags
from text2song.domain.composition import Section, SectionKind

#: A stanza without tags and longer than this is divided into fours.
_LONG, _FOUR = 8, 4
#: Up to so many different stanzas without tags are taken for verses around a chorus.
_FEW = 3
#: Kinds whose words return.
_RETURNING = (SectionKind.CHORUS, SectionKind.PRECHORUS)


@dataclass(frozen=True, slots=True)
class Placed:
    """The lines of one section, each with where it stands in the text: (stanza, line)."""

    lines: tuple[str, ...]
    origins: tuple[tuple[int, int], ...]


def known_stanzas(text: str) -> tuple[Stanza, ...]:
    """Return the stanzas of a text with a kind each where any has one: a tag that names no section opens a verse."""
    stanzas = read_stanzas(text)
    if any(stanza.kind for stanza in stanzas):
        return tuple(replace(stanza, kind=stanza.kind or SectionKind.VERSE) for stanza in stanzas)
    short: list[Stanza] = []
    for stanza in stanzas:
        size = len(stanza.lines) if len(stanza.lines) <= _LONG else _FOUR
        short.extend(Stanza(None, stanza.lines[first : first + size]) for first in range(0, len(stanza.lines), size))
    return _with_refrain(short)


def assign(stanzas: Sequence[Stanza], sections: Sequence[Section]) -> dict[str, Placed]:
    """Return what is sung in each section, by its name; sections for which there are no words are missing.

    The nth section of a kind gets the nth stanza of the kind; then they begin again, and a chorus keeps its last.
    """
    indexed = list(enumerate(stanzas))
    found: dict[str, Placed] = {}
    seen: Counter[SectionKind] = Counter()
    plain = [item for item in indexed if item[1].kind is None]
    for place, section in enumerate(sections):
        own = [item for item in indexed if item[1].kind is section.kind]
        turn = seen[section.kind]
        seen[section.kind] += 1
        if own:
            different = len({stanza.lines for _, stanza in own}) > 1
            chosen = (
                own[min(turn, len(own) - 1)] if section.kind in _RETURNING and not different else own[turn % len(own)]
            )
        elif plain:
            chosen = plain[place % len(plain)]
        else:
            continue
        index, stanza = chosen
        found[section.name] = Placed(stanza.lines, tuple((index, line) for line in range(len(stanza.lines))))
    return found


def tag_notes(text: str, sections: Sequence[Section]) -> tuple[str, ...]:
    """Return sentences about tags that could not be followed."""
    notes = []
    unknown = unknown_tags(text)
    tagged = {stanza.kind for stanza in read_stanzas(text) if stanza.kind}
    if unknown:
        names = _listed([f"“{name[:40]}”" for name in unknown[:4]])
        verb = "names" if len(unknown) == 1 else "name"
        notes.append(f"{names} {verb} no section of a song; words under such a tag are sung as a verse.")
    missing = [kind.value for kind in SectionKind if kind in tagged - {section.kind for section in sections}]
    if missing:
        notes.append(f"The song has no {_listed(missing, 'or')}, so the words tagged so are not sung.")
    return tuple(notes)


def unsung_note(stanzas: Sequence[Stanza], sung: set[tuple[int, int]]) -> tuple[str, ...]:
    """Return the sentence that says how many of the lines fit; none where all are sung."""
    heard = {(stanzas[index].lines, line) for index, line in sung if stanzas[index].kind in _RETURNING}
    fit = total = 0
    for index, stanza in enumerate(stanzas):
        total += len(stanza.lines)
        fit += sum((index, line) in sung or (stanza.lines, line) in heard for line in range(len(stanza.lines)))
    return fitting_note(fit, total)


def fitting_note(fit: int, total: int) -> tuple[str, ...]:
    """Return the sentence that says that only `fit` of `total` lines are sung; none where all are."""
    verb = "fits" if fit == 1 else "fit"
    return (f"{fit} of {total} lines {verb} this song; the others are not sung.",) if fit < total else ()


def _with_refrain(stanzas: Sequence[Stanza]) -> tuple[Stanza, ...]:
    """Tell a chorus among stanzas without tags: one that returns, else the second of a few."""
    times = Counter(stanza.lines for stanza in stanzas)
    returning = next((stanza.lines for stanza in stanzas if times[stanza.lines] > 1), None)
    if returning is None and 1 < len(times) <= _FEW:
        returning = stanzas[1].lines
    if returning is None or len(times) == 1:
        return tuple(stanzas)
    kinds = {True: SectionKind.CHORUS, False: SectionKind.VERSE}
    return tuple(replace(stanza, kind=kinds[stanza.lines == returning]) for stanza in stanzas)


def _listed(names: Sequence[str], word: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
