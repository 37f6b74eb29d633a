"""The writer of lyrics: a song's plan in, its words out; every choice a decision, so the same recipe writes the same.

Lines are made of an opening and a tail that both stand as English by themselves, chosen so that syllables, stresses
and rhyme come out right. Verse one looks around, verse two turns to "you", the bridge turns about, the chorus calls.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from text2song.compose.decisions import Decisions
from text2song.compose.words.writer.bank import diction
from text2song.compose.words.writer.phrases import Phrase, metre_cost, sentence
from text2song.compose.words.writer.plan import SongPlan, StanzaPlan, Words
from text2song.compose.words.writer.stanza import StanzaWriter, Stock
from text2song.compose.words.writer.voice import Material, find_material
from text2song.domain.composition import SectionKind

#: Kinds whose words return with them.
_RETURNING = (SectionKind.CHORUS, SectionKind.PRECHORUS, SectionKind.DROP)
_CALLING = (SectionKind.CHORUS, SectionKind.DROP, SectionKind.OUTRO)
_QUATRAIN = 4
#: The name under which this writer signs.
WRITER = "writer"


def write_lyrics(plan: SongPlan, decisions: Decisions) -> Words:
    """Return lines for every section of the plan.

    Sections of a kind that returns share their words; each section's own choices lie below "<section>/lyrics".
    """
    material = find_material(plan, decisions)
    fresh = _fresh(plan.stanzas)
    deal = _Deal(material, fresh, decisions)
    schemes = diction(plan.styles)["schemes"]
    found: Words = {}
    for number, stanza in enumerate(fresh):
        path = f"{stanza.section}/lyrics"
        writer = StanzaWriter(deal.stock(number), decisions, path)
        if stanza.kind in _CALLING:
            lines, letters = _chorus(stanza, material.hooks, deal.openings(number), writer, decisions)
        else:
            name = decisions.decide(f"{path}/form", list(schemes), list(schemes.values()))
            letters = scheme_of(name, len(stanza.counts))
            lines = writer.stanza(deal.openings(number), stanza.counts, letters)
        decisions.decide(f"{path}/scheme", [letters])
        found[stanza.section] = tuple(lines)
    sources = {stanza.kind: stanza.section for stanza in fresh if stanza.kind in _RETURNING}
    return {
        stanza.section: found[sources.get(stanza.kind, stanza.section)][: len(stanza.counts)] for stanza in plan.stanzas
    }


def scheme_of(name: str, lines: int) -> str:
    """Return a letter for each of so many lines: the scheme again with new letters for every four.

    >>> scheme_of("ABCB", 8), scheme_of("AABB", 6), scheme_of("ABAB", 3), scheme_of("ABAB", 1)
    ('ABCBDEFE', 'AABBCC', 'AAA', 'A')
    """
    letters = ""
    while len(letters) < lines:
        left = lines - len(letters)
        part = name if left >= _QUATRAIN else "A" * left
        letters += "".join(chr(ord(letter) + len(set(letters))) for letter in part)
    return letters


class _Deal:
    """Deals rhymes and openings to the stanzas, so that each has its own and none is heard twice in a song."""

    def __init__(self, material: Material, stanzas: Sequence[StanzaPlan], decisions: Decisions) -> None:
        self._material = material
        self._stanzas = stanzas
        self._jitter = decisions.jitter
        keys = {*material.tails, *material.clauses}
        self._rhymes = sorted(keys, key=lambda key: (self._luck("rhyme", key), key))

    def stock(self, number: int) -> Stock:
        """Return what this stanza's lines may end in, the rhymes dealt to it first."""
        own = self._rhymes[number :: max(1, len(self._stanzas))]
        order = [*own, *(key for key in self._rhymes if key not in own)]
        tails, clauses = self._material.tails, self._material.clauses
        return Stock(
            {key: tails[key] for key in order if key in tails},
            {key: clauses[key] for key in order if key in clauses},
            self._dealt(self._material.places, "place", number),
            self._pool(number),
            frozenset(own),
        )

    def _dealt(self, items: Sequence[Phrase], what: str, number: int) -> Sequence[Phrase]:
        luck = sorted(items, key=lambda item: (self._luck(what, item.text), item.text))
        return luck[number :: max(1, len(self._stanzas))]

    def openings(self, number: int) -> Sequence[Phrase]:
        """Return the openings of this stanza: its share of those for its kind of section."""
        stanza = self._stanzas[number]
        pools = [self._pool(index) for index in range(len(self._stanzas))]
        pool = pools[number]
        others = [index for index, other in enumerate(pools) if set(other) & set(pool)]
        luck = sorted(pool, key=lambda item: (self._luck("opening", item.text), item.text))
        need = 2 * len(stanza.counts)
        share = [item for place, item in enumerate(luck) if others[place % len(others)] == number]
        return share if len(share) >= need else luck

    def _pool(self, number: int) -> Sequence[Phrase]:
        stanza, material = self._stanzas[number], self._material
        verses = [index for index, other in enumerate(self._stanzas) if other.kind is SectionKind.VERSE]
        if stanza.kind in _CALLING:
            return material.call
        if stanza.kind in (SectionKind.BRIDGE, SectionKind.PRECHORUS):
            return material.turn
        return material.second if number in verses and verses.index(number) % 2 else material.first

    def _luck(self, what: str, key: str) -> float:
        return self._jitter(f"lyrics/deal/{what}/{key}")


def _fresh(stanzas: Sequence[StanzaPlan]) -> list[StanzaPlan]:
    """Return the stanzas that need words of their own; of those that return, the one with the most lines."""
    found: dict[str, StanzaPlan] = {}
    for stanza in stanzas:
        key = stanza.kind.value if stanza.kind in _RETURNING else stanza.section
        if key not in found or len(stanza.counts) > len(found[key].counts):
            found[key] = stanza
    return list(found.values())


def _chorus(
    stanza: StanzaPlan,
    hooks: Sequence[Phrase],
    openings: Sequence[Phrase],
    writer: StanzaWriter,
    decisions: Decisions,
) -> tuple[list[str], str]:
    """The hook on every other line, the same each time, and lines between that rhyme with each other."""
    count = stanza.counts[0]
    off = min(abs(hook.count - count) for hook in hooks)
    near = [hook for hook in hooks if abs(hook.count - count) <= max(off, 1)]
    costs = [math.exp(-abs(hook.count - count) - metre_cost(hook.beats)) for hook in near]
    hook = decisions.decide(f"{stanza.section}/lyrics/hook", near, costs)
    writer.forget_rhyme(hook.last)
    found: list[str] = []
    letters = ""
    taken = {hook.rhyme}
    for first in range(0, len(stanza.counts), _QUATRAIN):
        counts = stanza.counts[first : first + _QUATRAIN]
        letter = chr(ord("B") + first // _QUATRAIN)
        calls, rhyme = writer.rhymed(openings, counts[1::2], letter, taken, first) if len(counts) > 1 else ([], "")
        taken.add(rhyme)
        for place in range(len(counts)):
            found.append(calls[place // 2] if place % 2 else sentence(hook.text))
            letters += letter if place % 2 else "A"
    return found, letters
