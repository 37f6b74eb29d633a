"""Writes one stanza: a rhyme for each letter of its scheme, and for each line the pieces that make its syllables."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from text2song.compose.decisions import Decisions
from text2song.compose.words.writer.phrases import Phrase, meanings, metre_cost, sentence

#: Among so many of the best lines one is drawn; how far chance outweighs metre.
_BEST, _CHANCE = 8, 1.6
#: What kinds of lines cost: "… and …", "when …", two side by side, a place first, an adverbial last, a place between.
_AND, _WHEN, _COMMA, _PLACED, _ADVERBIAL, _WIDE = 0.0, 0.3, 0.4, 0.1, 0.5, 0.3
#: What one more line of two clauses side by side costs a stanza that has two of them, and so many make it.
_MONOTONE, _MANY = 1.2, 2
_WHENS = ("when", "while")
#: Stands for a comma among the pieces of a line.
_PAUSE = ","
#: Openings that may be put after "when": those that begin with who or what does something.
_AFTER_WHEN = re.compile(r"^(?:I|you|we|your|the|a|his|my|our)\b(?!')", re.IGNORECASE)
_DAY = frozenset({"sun", "sunlight", "sunrise", "morning", "noon", "daylight", "dawn", "day", "days", "sunshine"})
_NIGHT = frozenset(
    {"night", "midnight", "moon", "moonlight", "dark", "darkness", "stars", "star", "tonight", "evening"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that could be sung, its pieces, and how well it runs."""

    text: str
    opening: str
    last: str
    cost: float
    #: Whether it is two clauses side by side.
    pair: bool = False

    @property
    def name(self) -> str:
        """What a decision calls it."""
        return self.text


@dataclass(frozen=True, slots=True)
class Stock:
    """What lines end in, by rhyme, and where they may be."""

    tails: Mapping[str, Sequence[Phrase]]
    clauses: Mapping[str, Sequence[Phrase]]
    places: Sequence[Phrase]
    #: Openings for when the stanza's own say nothing that fits.
    spare: Sequence[Phrase] = ()
    #: Rhymes that no other stanza of the song was dealt.
    dealt: frozenset[str] = frozenset()

    @property
    def rhymes(self) -> list[str]:
        """All rhymes, in the order they are to be tried."""
        return list(dict.fromkeys([*self.clauses, *self.tails]))


@dataclass(slots=True)
class _Used:
    """What a stanza has said already."""

    openings: set[str] = field(default_factory=set)
    newest: str = ""
    lasts: set[str] = field(default_factory=set)
    #: Whether a line began with "when".
    when: bool = False
    #: How many lines are two clauses side by side.
    pairs: int = 0


class StanzaWriter:
    """Writes lines of given lengths and rhymes; what one stanza has said it does not say again."""

    def __init__(self, stock: Stock, decisions: Decisions, path: str) -> None:
        self._stock = stock
        self._decisions = decisions
        self._path = path
        self._used = _Used()

    def stanza(self, openings: Sequence[Phrase], counts: Sequence[int], scheme: str) -> list[str]:
        """Return a line for each count; lines whose letters in `scheme` are equal rhyme."""
        found: list[str] = [""] * len(counts)
        taken: set[str] = set()
        for letter in dict.fromkeys(scheme):
            places = [place for place, other in enumerate(scheme) if other == letter]
            lines, rhyme = self.rhymed(openings, [counts[place] for place in places], letter, taken, places[0])
            taken.add(rhyme)
            for place, line in zip(places, lines, strict=True):
                found[place] = line
        return found

    def rhymed(
        self, openings: Sequence[Phrase], counts: Sequence[int], letter: str, taken: set[str], first: int
    ) -> tuple[list[str], str]:
        """Return lines that rhyme with each other and not with the rhymes `taken`, and their rhyme."""
        able = self._able(openings, counts, taken)
        weights = [0.6**place for place in range(len(able))]
        rhyme = self._decisions.decide(f"{self._path}/rhyme/{letter}", able, weights)
        lines = [self._line(openings, count, rhyme, f"line/{letter}{first}.{n}") for n, count in enumerate(counts)]
        return lines, rhyme

    def forget_rhyme(self, last: str) -> None:
        """Do not end a line in this word."""
        self._used.lasts.add(last)

    def _able(self, openings: Sequence[Phrase], counts: Sequence[int], taken: set[str]) -> list[str]:
        """Return up to four rhymes with lines enough of these lengths, at worst any that is not taken."""
        own = [key for key in self._stock.rhymes if key in self._stock.dealt]
        enough, just = 2 * len(counts) + 1, len(counts) + 1
        for keys, least in ((own, enough), (own, just), (self._stock.rhymes, enough), (self._stock.rhymes, just)):
            able: list[str] = []
            for key in keys:
                if key not in taken and all(self._ways(openings, count, key) >= least for count in set(counts)):
                    able.append(key)
                if len(able) == 4:
                    return able
            if able:
                return able
        return [key for key in self._stock.rhymes if key not in taken][:1] or self._stock.rhymes[:1]

    def _ways(self, openings: Sequence[Phrase], count: int, key: str) -> int:
        """Return by about how many last words a line of this length can end."""
        lengths = {opening.count for opening in openings if opening.text not in self._used.openings}
        places = {place.count for place in self._stock.places}
        ends = {
            clause.last
            for clause in self._stock.clauses.get(key, ())
            if {count - clause.count - 1, count - clause.count} & lengths or count - clause.count in places
        }
        ends |= {tail.last for tail in self._stock.tails.get(key, ()) if count - tail.count in lengths}
        return len(ends - self._used.lasts)

    def _line(self, openings: Sequence[Phrase], count: int, rhyme: str, path: str) -> str:
        for off, pool in self._tries(openings):
            lines = self._ranked(self._lines(pool, count + off, rhyme), path)
            if lines:
                weights = [math.exp(-0.3 * place) for place in range(len(lines))]
                line = self._decisions.decide(f"{self._path}/{path}", lines, weights)
                self._used.openings.add(line.opening)
                self._used.newest = line.opening
                self._used.pairs += line.pair
                self._used.lasts.add(line.last)
                self._used.when |= line.text.startswith(("When ", "While "))
                return line.text
        clauses = self._stock.clauses.get(rhyme) or self._stock.tails[rhyme]
        return sentence(clauses[0].text)

    def _tries(self, openings: Sequence[Phrase]) -> Iterator[tuple[int, Sequence[Phrase]]]:
        """Yield by how many syllables a line may miss its length, and from which openings it may be made.

        A line may be a syllable longer than its mate in another verse, none two: rather is an opening used again.
        """
        yield from ((off, pool) for off in (0, 1) for pool in (openings, self._stock.spare))
        self._used.openings = {self._used.newest}
        yield from ((off, self._stock.spare) for off in (0, 1, -1, 2, -2, 3, -3))

    def _lines(self, openings: Sequence[Phrase], count: int, rhyme: str) -> Iterator[Line]:
        """Yield the lines of `count` syllables in this rhyme that say nothing again."""
        new = [opening for opening in openings if opening.text not in self._used.openings]
        clauses = [clause for clause in self._stock.clauses.get(rhyme, ()) if clause.last not in self._used.lasts]
        for clause in clauses:
            for opening in new:
                if opening.count < count and _agree(opening, clause):
                    yield from self._joined(opening, clause, count)
            for place in self._stock.places:
                if (
                    place.count + clause.count == count
                    and place.text not in self._used.openings
                    and _agree(place, clause)
                ):
                    yield _made(_PLACED, clause, (place, clause))
        for tail in self._stock.tails.get(rhyme, ()):
            if tail.last in self._used.lasts:
                continue
            for opening in new:
                if opening.count + tail.count == count and _agree(opening, tail) and not opening.text.endswith(_CLOSED):
                    yield _made(_ADVERBIAL, tail, (opening, tail))

    def _joined(self, opening: Phrase, clause: Phrase, count: int) -> Iterator[Line]:
        """Yield an opening and a clause in one sentence, with a place between where there is room."""
        spare = count - opening.count - clause.count - 1
        starts = list(_WHENS) if _AFTER_WHEN.match(opening.text) and not self._used.when else []
        if spare == -1:
            yield _made(_COMMA, clause, (opening, _PAUSE, clause))
        elif spare == 0:
            yield _made(_AND, clause, (opening, "and", clause))
            for when in starts:
                yield _made(_WHEN, clause, (when, f"{opening.text},", clause), opening)
        elif spare > 1 and not opening.text.endswith(_CLOSED):
            for place in self._stock.places:
                if place.count == spare and _agree(opening, place) and _agree(place, clause):
                    yield _made(_WIDE, clause, (opening, place, "and", clause))

    def _ranked(self, lines: Iterator[Line], path: str) -> list[Line]:
        """Return the best lines, chance having its say; the order is the same in every process."""
        root = f"{self._path}/{path}/taste/"
        dull = _MONOTONE if self._used.pairs >= _MANY else 0.0
        tasted = [
            (line.cost + dull * line.pair + _CHANCE * self._decisions.jitter(root + line.text), line.text, line)
            for line in lines
        ]
        return [line for _, _, line in sorted(tasted, key=lambda item: item[:2])[:_BEST]]


#: Openings that end so are complete: nothing may be added but a clause.
_CLOSED = ("now", "again", "down", "lost", "forever", "over", "window down", "at two", "to ten")


@lru_cache(maxsize=1 << 16)
def _made(extra: float, end: Phrase, pieces: tuple[Phrase | str, ...], opening: Phrase | None = None) -> Line:
    texts = [piece if isinstance(piece, str) else piece.text for piece in pieces]
    head = opening or next(piece for piece in pieces if isinstance(piece, Phrase))
    beats = "".join(_beats(piece, head) for piece in pieces)
    text = sentence(*texts).replace(" ,", ",")
    return Line(text, head.text, end.last, extra + metre_cost(beats), pair=_PAUSE in pieces)


def _beats(piece: Phrase | str, head: Phrase) -> str:
    """The stresses of a piece; a joining word is weak, the head may have been given a comma."""
    if isinstance(piece, Phrase):
        return piece.beats
    return "" if piece == _PAUSE else head.beats if piece == f"{head.text}," else "0"


def _agree(one: Phrase, two: Phrase) -> bool:
    """Whether two pieces go together: no day beside night, no word of meaning twice, no place beside a place."""
    first, second = meanings(one.text), meanings(two.text)
    if first & second or (first & _DAY and second & _NIGHT) or (first & _NIGHT and second & _DAY):
        return False
    return one.text.split()[0] not in ("in", "on", "at", "by") or one.text.split()[0] != two.text.split()[0]
