"""Levelling: a slow hand on the master's fader makes the loudness of a song, as it ends up, follow its energy.

The plan knows the energy of every bar. What the band, the stems' own rides, the glue and the limiter make of it is
measured (K-weighted, ITU-R BS.1770-5), and the fader moves until it fits: a closed loop around the limiter.

The wanted *power* is a straight line of the energy. So the mean power of any stretch, a section or any window, is the
same straight line of the mean energy of that stretch, and ranks hold at every scale at once; with decibels in the
place of power they would not, because the mean of a louder and a quieter bar lies above their middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from text2song.audio.gain import drawn
from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.loudness import HOP
from text2song.audio.mix.ride import held_edges
from text2song.domain.composition import UnifiedComposition

Floats = NDArray[np.float64]

#: The furthest move of the fader either way from its mean, dB, and its greatest speed, dB per second.
MOST_DB = 8.0
SLEW_DB = 2.5
#: Seconds, and bars, over which deviations are averaged, either way, before the hand moves: phrases are the players'.
_HAND_SECONDS, _HAND_BARS = 4.0, 2.0
#: Decibels from the least energy of a song to the greatest: so many by the whole range of 0..1 and at least so many,
#: but no more than the last figure by the range (a curve that hardly moves is hardly heard).
_RANGE_DB, _CONTRAST_DB, _STEEPEST_DB = 6.5, 3.5, 20.0
#: Bars more than this below the loudest are rests, and ask for nothing, dB.
_REST_DB = 24.0
#: A power that is none.
_SILENCE = 1e-12
#: A move smaller than this is none, dB.
SETTLED_DB = 0.1
#: Frames from one point of the fader's gain to the next.
_STEP = 450


@dataclass(frozen=True, slots=True)
class Levels:
    """How loud the bars of a song want to be, on the time line of its sound."""

    #: int64 (bars + 1,): the first frame of every bar, and of the ring-out.
    edges: NDArray[np.int64]
    #: float64 (bars,): wanted powers, as ratios.
    powers: Floats
    #: The first bar of every section; empty where only bars count.
    sections: tuple[int, ...] = ()


def levels_of(composition: UnifiedComposition) -> Levels | None:
    """Return the levels of a song; None where the bars have no energy or there is but one."""
    edges = held_edges(composition)
    if edges is None:
        return None
    held = len(edges) - 1
    sections = tuple(section.start_bar for section in composition.sections if section.start_bar < held)
    return Levels(edges, wanted_powers(np.asarray(composition.energy, np.float64))[:held], sections)


def wanted_powers(energy: Floats) -> Floats:
    """Return powers that are a straight line of `energy` (0..1), the greatest being 1; equal energies, equal powers."""
    low, high = float(energy.min()), float(energy.max())
    decibels = min(_STEEPEST_DB * (high - low), _CONTRAST_DB + _RANGE_DB * (high - low))
    if decibels < 1e-6:
        return np.ones(energy.size)
    least = 10 ** (-decibels / 10)
    return np.asarray(least + (1 - least) * (energy - low) / (high - low))


def moved(fader: Floats, hops: Floats, levels: Levels, eagerness: float = 1.0) -> Floats:
    """Return where the fader should stand, dB per bar, when with `fader` the song sounds as `hops` say.

    `hops` are K-weighted powers per 100 ms, after whatever follows the fader; where that is a limiter, which lets only
    a part of a move through, an `eagerness` above one (and below two) arrives sooner. The fader is smooth, within
    `MOST_DB` of its mean and never faster than `SLEW_DB`. Silence moves nothing.
    """
    heard = _bar_powers(hops, levels.edges)
    # What rests does so before the fader: a quiet bar that was turned down is no rest.
    played = heard / 10 ** (fader / 10)
    loudest = float(played.max(initial=0.0))
    if loudest <= _SILENCE:
        return fader
    sounding = played > loudest * 10 ** (-_REST_DB / 10)
    seconds = np.diff(levels.edges) / SAMPLE_RATE
    weights = np.where(sounding, seconds, 0.0)
    wanted = levels.powers * (np.vdot(weights, heard) / np.vdot(weights, levels.powers))
    hand = _hand(float(seconds.mean()))
    off = _by_bars(wanted * weights, heard * weights, hand)
    off += _by_sections(wanted * weights, heard * weights * 10 ** (off / 10), levels.sections)
    fresh = fader + eagerness * off
    fresh -= float(np.average(fresh, weights=weights))
    return _slewed(np.clip(fresh, -MOST_DB, MOST_DB), levels.edges)


def fader_gains(levels: Levels, by: Floats, each: int, count: int) -> Floats:
    """Return so many gains, `each` frames apart from the first frame on, of a fader at `by` dB per bar.

    Straight between the middles of bars in decibels, and within ten milliseconds as such.
    """
    middles = (levels.edges[:-1] + levels.edges[1:]) / 2
    between = _STEP // each
    at = np.arange(-(-count // between) + 1) * float(_STEP)
    return drawn(10 ** (np.interp(at, middles, by) / 20), between, count)


def _bar_powers(hops: Floats, edges: NDArray[np.int64]) -> Floats:
    """Return the mean power of each bar, hops that lie across an edge shared between its sides."""
    sums = np.concatenate((np.zeros(1), np.cumsum(hops)))
    at = np.interp(edges / HOP, np.arange(sums.size), sums)
    return np.asarray(np.diff(at) / np.maximum(1.0, np.diff(edges)) * HOP)


def _hand(seconds: float) -> Floats:
    """Return the weights, a triangle, of the bars around one, which last so many seconds each."""
    width = max(_HAND_BARS, _HAND_SECONDS / seconds)
    most = int(width)
    return np.maximum(0.0, 1 - np.abs(np.arange(-most, most + 1)) / width)


def _around(values: Floats, hand: Floats) -> Floats:
    return np.convolve(values, hand)[hand.size // 2 :][: values.size]


def _by_bars(wanted: Floats, heard: Floats, hand: Floats) -> Floats:
    """Return what is missing around every bar, dB; where nothing sounds, straight on between what does."""
    around = _around(wanted, hand), _around(heard, hand)
    places = np.flatnonzero(around[1] > 0)
    missing = 10 * np.log10(around[0][places] / around[1][places])
    return np.asarray(np.interp(np.arange(wanted.size), places, missing))


def _by_sections(wanted: Floats, heard: Floats, sections: tuple[int, ...]) -> Floats:
    """Return what is still missing in each section as a whole, dB per bar; zero where a section rests."""
    off = np.zeros(wanted.size)
    for first, last in pairwise((*sections, wanted.size)):
        power = float(heard[first:last].sum())
        if power > 0:
            off[first:last] = 10 * np.log10(float(wanted[first:last].sum()) / power)
    return off


def _slewed(fader: Floats, edges: NDArray[np.int64]) -> Floats:
    """Return the fader with its speed bounded: the mean of what a hand does forwards and backwards in time."""
    middles = (edges[:-1] + edges[1:]) / 2
    steps = np.diff(middles) / SAMPLE_RATE * SLEW_DB
    forwards, backwards = fader.copy(), fader.copy()
    for bar, step in enumerate(steps, start=1):
        forwards[bar] = np.clip(fader[bar], forwards[bar - 1] - step, forwards[bar - 1] + step)
    for bar, step in reversed(list(enumerate(steps))):
        backwards[bar] = np.clip(fader[bar], backwards[bar + 1] - step, backwards[bar + 1] + step)
    return np.asarray((forwards + backwards) / 2)
