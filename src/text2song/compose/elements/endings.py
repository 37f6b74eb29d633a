"""Which way a song ends, decided with its form because the whole band must know, and what each way is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from text2song.compose.decisions import Decisions
from text2song.compose.elements.patterns import table
from text2song.compose.elements.pools import Pool, read_pool
from text2song.compose.elements.production import production_of
from text2song.compose.style import Style
from text2song.domain.composition import FADE, HELD_END_FROM, RING, UnifiedComposition
from text2song.domain.context import CompositionContext
from text2song.domain.rational import Fraction

#: A fade lasts about this long, between a shortest and a longest, and at most this share of the song; seconds.
_FADE_SECONDS, _FADE_LEAST, _FADE_MOST = Fraction(9), Fraction(6), Fraction(12)
_FADE_SHARE = Fraction(1, 3)


@dataclass(frozen=True, slots=True)
class Ending:
    """What the band plays in the last bar; see `idioms/endings.toml`."""

    name: str
    band: str
    drums: Mapping[str, str]
    #: Semitones above the tonic in steps, "" where the lead joins the band.
    tune: str = ""
    force: float = 1.0
    roll_ms: float = 0.0
    slows: bool = False


def ending_of(name: str) -> Ending | None:
    """Return the ending of that name; None for those that change no note."""
    row = table("idioms", "endings")["ending"].get(name)
    return None if row is None else Ending(name=name, **{"drums": {}, **row})


def slows(composition: UnifiedComposition) -> bool:
    """Return whether a song may slow down into its end."""
    found = ending_of(composition.ending)
    return composition.ends_held and (found is None or found.slows)


def chosen_ending(context: CompositionContext, style: Style, bars: int, decisions: Decisions) -> str:
    """Return the name of the song's ending: what the words ask for, else one of the style's; a loop just rings."""
    if bars < HELD_END_FROM:
        return RING
    pool = read_pool(style.table("form"), "endings")
    if pool is not None and context.energy:
        # A curve that was asked for says how loud the end is.
        pool = Pool(pool.options, tuple(0.0 if name == FADE else weight for name, weight in _rows(pool)))
    wishes = production_of(context)
    if pool is not None and wishes.unending:
        pool = Pool(pool.options, tuple(0.0 if name == wishes.unending else weight for name, weight in _rows(pool)))
    wished = wishes.ending
    if wished:
        name = wished if wished in (FADE, "big finish") or pool is None else _cold(pool.options, wished)
    else:
        name = pool.draw(decisions, "structure/ending") if pool and any(pool.weights) else RING
    return RING if name == FADE and not fade_beats(context, bars) else name


def _rows(pool: Pool) -> Iterator[tuple[str, float]]:
    return zip(pool.options, pool.weights, strict=True)


def _cold(options: tuple[str, ...], wished: str) -> str:
    """Return the style's own manner of stopping where it has one."""
    return next((name for name in options if "stop" in name and "stop" in wished), wished)


def fade_beats(context: CompositionContext, bars: int) -> Fraction:
    """Return how many quarter notes before the end of the last bar a fade begins: whole bars, about nine seconds.

    0 where the song is too short for one.
    """
    bar = context.time_signature.bar
    seconds = bar * 60 / context.bpm
    fitting = [count for count in range(1, int(bars * _FADE_SHARE) + 1) if _FADE_LEAST <= count * seconds <= _FADE_MOST]
    return min(fitting, key=lambda count: abs(count * seconds - _FADE_SECONDS), default=0) * bar
