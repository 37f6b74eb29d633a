"""Chooses the melodic material of a song: motifs, plans and answers per kind of section, paced for the tempo."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.elements.form import PEAKS
from text2song.compose.elements.motif import Motif, Rhythm, cadence, read_rhythm, read_shape, shaped
from text2song.compose.elements.pools import Pool, read_pool
from text2song.compose.elements.theme import PHRASE_BARS, Cell, Theme, read_plan
from text2song.compose.metre import bar_groups
from text2song.compose.style import Style
from text2song.domain.composition import SectionKind
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

#: Time to breathe between phrases, the shortest last note, and the longest stretch on one breath, in seconds: a line
#: of words is shorter than what an instrument can phrase.
BREATH_SECONDS = 0.36
_HOLD_SECONDS = 0.5
_SUNG_LIMIT_SECONDS, _PLAYED_LIMIT_SECONDS = 6.0, 8.0
#: How strongly a rhythm's pace must match the one wanted.
_PACE_FOCUS = 2.5

_HINTING = frozenset({SectionKind.INTRO, SectionKind.OUTRO, SectionKind.INTERLUDE, SectionKind.BREAKDOWN})
_CLIMBING = frozenset({SectionKind.BUILD})
#: The second half of a long one stands higher than the first; what tells a story never tells it twice the same way.
_GROWING = frozenset({SectionKind.VERSE, SectionKind.SOLO, *PEAKS})
_TELLING = frozenset({SectionKind.VERSE, SectionKind.SOLO, SectionKind.BRIDGE})
#: Notes shorter than this lead nowhere, in seconds.
_PICKUP_NOTE_SECONDS = 0.12
_VARIATIONS = (("split", 0.3), ("merge", 0.25), ("delay", 0.15), ("tail", 0.3))
#: What a verse that comes again does with a bar it had before.
_DEVELOPMENTS = (("invert", 2.0), ("tail", 2.0), ("fragment", 1.5), ("split", 1.5), ("augment", 0.7), ("merge", 0.7))
#: Which half of a style's rhythms a kind draws from, so that verse and chorus never share one.
_HALVES = MappingProxyType(
    {SectionKind.VERSE: 0, SectionKind.PRECHORUS: 1, SectionKind.CHORUS: 1, SectionKind.DROP: 1, SectionKind.BRIDGE: 0}
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a line moves and where it breathes."""

    metre: TimeSignature
    #: Seconds per quarter note.
    quarter: float
    #: Times the style's own note length.
    factor: float = 1.0
    #: Whether words are sung to it.
    sung: bool = False

    @property
    def breath(self) -> Fraction:
        """Quarter notes of rest after a phrase, a whole number of eighths."""
        return Fraction(math.ceil(2 * BREATH_SECONDS / self.quarter), 2)

    @property
    def breath_bars(self) -> int:
        """How many bars of a phrase fit one breath: 4, 2 or 1."""
        bar = float(self.metre.bar) * self.quarter
        return next((bars for bars in (4, 2) if bars * bar <= self._limit), 1)

    @property
    def spare_seconds(self) -> float:
        """How much longer than `breath_bars` a stretch on one breath may be, its own breath included."""
        stretch = (self.breath_bars * self.metre.bar - self.breath) * Fraction(self.quarter)
        return self._limit - float(stretch)

    @property
    def _limit(self) -> float:
        return _SUNG_LIMIT_SECONDS if self.sung else _PLAYED_LIMIT_SECONDS


class Material:
    """The themes of one song, each made when it is first asked for."""

    def __init__(self, style: Style, decisions: Decisions, pace: Pace, kinds: Collection[SectionKind]) -> None:
        self._table: Mapping[str, Any] = style.table("melody")
        self._decisions = decisions
        self._pace = pace
        self._kinds = frozenset(kinds)
        self._half = decisions.decide("melody/halves", (0, 1))
        self._motifs: dict[SectionKind, dict[str, Motif]] = {}
        self._themes: dict[SectionKind, Theme] = {}

    @property
    def goal(self) -> SectionKind:
        """The kind of section whose motif is the song's hook."""
        order = (SectionKind.CHORUS, SectionKind.DROP, SectionKind.VERSE)
        return next((kind for kind in order if kind in self._kinds), min(self._kinds))

    def height(self, kind: SectionKind) -> int:
        """Return the middle of a kind of section in steps above the lowest comfortable note."""
        return int(self._table.get("height", {}).get(kind, 4))

    def theme(self, kind: SectionKind) -> Theme:
        """Return the theme of a kind of section, the same for every section of that kind."""
        if kind not in self._themes:
            self._themes[kind] = self._new_theme(kind)
        return self._themes[kind]

    def returning(self, kind: SectionKind, time: int) -> Theme:
        """Return the theme of a kind of section as it sounds the second, third, … time; goals stay as they were.

        What answers the first phrase changes: a bar of it takes another turn and it ends in another way.
        """
        theme = self.theme(kind)
        if time < 2 or kind not in _TELLING:
            return theme
        path = f"{kind.value}/melody/again/{time}"
        reply = self._told_anew(theme.reply, path)
        # The question is remembered; only where it leads may change. A section of one phrase has no answer to change.
        return replace(theme, plan=(*theme.plan[:-1], _other_ending(theme.plan[-1])), reply=reply)

    def _told_anew(self, cells: tuple[Cell, ...], path: str) -> tuple[Cell, ...]:
        """Return a phrase with all but its first bar developed: two bars take another turn, and it ends elsewhere."""
        sung = [place for place, cell in enumerate(cells[:-1]) if place and cell.letter in "ab"]
        result = list(cells)
        for place in sung[:2]:
            cell = cells[place]
            options = [(name, weight) for name, weight in _DEVELOPMENTS if name != cell.variation]
            names, weights = zip(*options, strict=True)
            turn = self._decisions.decide(f"{path}/turn/{place}", names, weights)
            rise = self._decisions.decide(f"{path}/rise/{place}", (0, 1, -1, 2), (2.0, 2.0, 1.5, 1.0))
            result[place] = replace(cell, variation=turn, height=cell.height + rise, fresh=True)
        result[-1] = _other_ending(cells[-1])
        return tuple(result)

    def _pickup(self, kind: SectionKind) -> Rhythm:
        """Return what leads into the phrases of a kind of section: nothing, or notes fast enough to lead."""
        share = float(self._table.get("pickup", 0.0))
        if kind in _HINTING | _CLIMBING or not self._decisions.chance(f"{kind.value}/melody/pickup", share):
            return ()
        pool = read_pool(self._table, "pickups") or Pool(("2",), (1.0,))
        text = pool.draw(self._decisions, f"{kind.value}/melody/pickup/rhythm")
        notes = read_rhythm([text])
        length = sum(float(duration) for _, duration in notes) * self._pace.quarter
        fits = length / len(notes) >= _PICKUP_NOTE_SECONDS and length <= self._pace.spare_seconds
        return notes if fits else ()

    def _new_theme(self, kind: SectionKind) -> Theme:
        plan, reply = self._plans(kind)
        return Theme(
            motifs=self._quoting(kind) if kind is SectionKind.SOLO else self._motifs_of(self._source(kind)),
            plan=plan,
            reply=reply,
            bar=self._pace.metre.bar,
            breath=self._pace.breath,
            breath_bars=self._pace.breath_bars,
            growth=1 if kind in _GROWING else 0,
            peaks=kind in PEAKS or (kind is self.goal),
            pickup=self._pickup(kind),
            builds=kind is SectionKind.SOLO,
        )

    def _quoting(self, kind: SectionKind) -> dict[str, Motif]:
        """Return a solo's own motifs and the one it sets out from: the song's hook."""
        return self._motifs_of(kind) | {"q": self._motifs_of(self.goal)["a"]}

    def _source(self, kind: SectionKind) -> SectionKind:
        """Return whose motifs a kind takes: hints quote the hook, interludes the verse."""
        if kind is SectionKind.INTERLUDE and SectionKind.VERSE in self._kinds:
            return SectionKind.VERSE
        if kind is SectionKind.BUILD and SectionKind.PRECHORUS in self._kinds:
            return SectionKind.PRECHORUS
        return self.goal if kind in _HINTING else kind

    def _plans(self, kind: SectionKind) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
        name = "sparse" if kind in _HINTING else "rising" if kind in _CLIMBING else "plans"
        pool = read_pool(self._table, name) or Pool(("a0 a0 b2 t0",), (1.0,))
        path = f"{kind.value}/melody"
        plan = read_plan(pool.draw(self._decisions, f"{path}/plan"))
        parallel = self._decisions.chance(f"{path}/parallel", self._table.get("parallel", 0.65))
        reply = plan if parallel else read_plan(pool.draw(self._decisions, f"{path}/reply"))
        ended = (*reply[:-1], Cell("u")) if reply[-1].letter == "t" else reply
        cells = self._varied(path, (*plan, *ended))
        return cells[: len(plan)], cells[len(plan) :]

    def _varied(self, path: str, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """Vary the rhythm of some returns of a motif; each first bar of a phrase stays as it is."""
        share = self._table.get("variation", 0.5)
        weights = [1 - share, *(share * weight for _, weight in _VARIATIONS)]
        options = ("", *(name for name, _ in _VARIATIONS))
        seen: set[str] = set()
        result: list[Cell] = []
        for place, cell in enumerate(cells):
            returns = cell.letter in seen and cell.letter in "ab" and place % PHRASE_BARS
            # One turn a phrase: what varies in every bar is no motif.
            fresh = returns and not any(other.variation for other in result[place - place % PHRASE_BARS :])
            variation = self._decisions.decide(f"{path}/vary/{place}", options, weights) if fresh else ""
            result.append(replace(cell, variation=variation))
            seen.add(cell.letter)
        return tuple(result)

    def _motifs_of(self, kind: SectionKind) -> dict[str, Motif]:
        if kind in self._motifs:
            return self._motifs[kind]
        path = f"{kind.value}/melody"
        seconds = self._table.get("note_seconds", 0.34) * self._pace.factor * self._table.get("pace", {}).get(kind, 1.0)
        motif, texts = self._rhythm(f"{path}/motif", kind, seconds, frozenset())
        contrast, _ = self._rhythm(f"{path}/contrast", kind, seconds, frozenset(texts))
        shape = self._shape(f"{path}/motif/shape", "shapes")
        other = self._shape(f"{path}/contrast/shape", "shapes")
        question = self._shape(f"{path}/cadence/shape", "cadences")
        reply = self._shape(f"{path}/cadence/answer", "cadences")
        other_reply = self._shape(f"{path}/cadence/return", "cadences")
        bar = self._pace.metre.bar
        hold = Fraction(math.ceil(4 * max(_HOLD_SECONDS, 0.6 * seconds) / self._pace.quarter), 4)
        self._motifs[kind] = {
            "a": shaped(motif, shape),
            "b": shaped(contrast, other),
            "t": cadence(motif, question, bar, self._pace.breath, hold),
            "u": cadence(contrast, reply, bar, self._pace.breath, hold),
            "w": cadence(motif, other_reply, bar, self._pace.breath, hold),
        }
        return self._motifs[kind]

    def _shape(self, path: str, key: str) -> tuple[int, ...]:
        pool = read_pool(self._table, key) or Pool(("0 1 0",), (1.0,))
        return read_shape(pool.draw(self._decisions, path))

    def _rhythm(
        self, path: str, kind: SectionKind, seconds: float, used: frozenset[str]
    ) -> tuple[Rhythm, tuple[str, ...]]:
        """Return a bar's rhythm and the texts it came from, near `seconds` a note and without the texts `used`."""
        texts: list[str] = []
        rhythm: list[tuple[Fraction, Fraction]] = []
        start = Fraction(0)
        for place, length in enumerate(bar_groups(self._pace.metre)):
            pool = self._own_half(read_pool(self._table.get("rhythms", {}), str(length)), length, kind)
            span = length * self._pace.quarter / 4
            fastest = min(span / max(1, len(read_rhythm([text]))) for text in pool.options)
            # A slow tempo is sung in double time: two bars of rhythm in the time of one.
            times = 2 if fastest > 1.3 * seconds else 1
            drawn = [
                _paced(pool, span / times, seconds, used).draw(self._decisions, f"{path}/rhythm/{place}.{part}")
                for part in range(times)
            ]
            texts.extend(drawn)
            rhythm.extend((start + offset, span_) for offset, span_ in read_rhythm(drawn, Fraction(1, times)))
            start += Fraction(length, 4)
        return tuple(rhythm), tuple(texts)

    def _own_half(self, pool: Pool | None, length: int, kind: SectionKind) -> Pool:
        if pool is None:
            return Pool((" ".join(["1"] * length),), (1.0,))
        half = _HALVES.get(kind)
        if half is None or len(pool.options) < 6:
            return pool
        first = (half + self._half) % 2
        return Pool(pool.options[first::2], pool.weights[first::2])


def _other_ending(cell: Cell) -> Cell:
    return replace(cell, letter="w", fresh=True) if cell.letter in "tu" else replace(cell, fresh=True)


def _paced(pool: Pool, span: float, seconds: float, used: frozenset[str]) -> Pool:
    """Return the pool with its weights drawn toward rhythms whose notes last `seconds` when filling `span` seconds."""
    weights: list[float] = []
    for text, weight in zip(pool.options, pool.weights, strict=True):
        notes = len(read_rhythm([text]))
        distance = math.log2(span / max(1, notes) / seconds) * _PACE_FOCUS
        weights.append(weight / (1 + distance * distance) * (0.05 if text in used else 1.0))
    return Pool(pool.options, tuple(weights))
