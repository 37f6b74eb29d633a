"""Rides: slow moves of a fader that make the loudness of bars follow the song's energy.

An engineer's hand on the fader, as written automation: nothing faster than a bar or two moves, so accents, phrases and
the players' own dynamics stay. A stem is ridden by what it plays alone, so every stem stays independent of the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel
from text2song.audio.mix.automation import STEP, turn
from text2song.domain.composition import UnifiedComposition

Floats = NDArray[np.float64]

#: Seconds over which a deviation is averaged before the hand moves.
_HAND_SECONDS = 3.0
#: Bars more than this below the loudest are rests, and ask for nothing, dB.
_REST_DB = 24.0
#: The range of energy that every song is given, as far as twice its own goes.
_CONTRAST = 0.5


@dataclass(frozen=True, slots=True)
class Targets:
    """The energy of a song's bars on the time line of its sound."""

    #: int64 (bars + 1,): the first frame of every bar, and of the ring-out.
    edges: NDArray[np.int64]
    #: float64 (bars,): 0..1.
    energy: Floats


@dataclass(frozen=True, slots=True)
class Hand:
    """How far a ride goes."""

    #: What the whole range of energy, 0..1, means in dB.
    span_db: float
    #: The furthest move either way, dB.
    most_db: float
    #: The share of a deviation that is made good.
    share: float


def targets_of(composition: UnifiedComposition) -> Targets | None:
    """Return the targets of a song; None where the bars have no energy or there is but one."""
    edges = held_edges(composition)
    return None if edges is None else Targets(edges, np.asarray(composition.energy[: len(edges) - 1]))


def held_edges(composition: UnifiedComposition) -> NDArray[np.int64] | None:
    """Return the first frame of every bar that a hand may move, and of what follows them; None for fewer than two bars.

    What fades away is not brought back: the hand rests from the first bar of a fade.
    """
    bars = len(composition.energy)
    if bars < 2 or bars != composition.bars:
        return None
    bar = composition.time_signature.bar
    seconds = [composition.tempo.seconds(number * bar) for number in range(bars + 1)]
    edges = np.round(np.asarray(seconds) * SAMPLE_RATE).astype(np.int64)
    held = int(np.searchsorted(edges, edges[-1] - fading_frames(composition), side="right")) - 1
    return edges[: held + 1] if held >= 2 else None


def fading_frames(composition: UnifiedComposition) -> int:
    """Return the frames before the end of the last bar over which the plan fades the song, 0 for none."""
    start = max(composition.length - composition.mix.fade_beats, composition.length * 0)
    seconds = composition.tempo.exact_seconds(composition.length) - composition.tempo.exact_seconds(start)
    return round(seconds * SAMPLE_RATE)


def ride_stem(stem: Stereo, targets: Targets, hand: Hand) -> None:
    """Bring the bars of a stem towards their targets, in place."""
    _ride(stem, _bar_powers(stem, targets.edges), targets, hand)


@kernel
def _bar_powers(stem: Stereo, edges: NDArray[np.int64]) -> Floats:
    """Return the power of every bar by every fourth frame, which says as much about it as all."""
    powers = np.zeros(edges.shape[0] - 1)
    for number in range(powers.shape[0]):
        first, last = min(edges[number], stem.shape[0]), min(edges[number + 1], stem.shape[0])
        for frame in range(first, last, 4):
            left, right = np.float64(stem[frame, 0]), np.float64(stem[frame, 1])
            powers[number] += left * left + right * right
        powers[number] /= max(1, (last - first + 3) // 4)
    return powers


def _ride(audio: Stereo, powers: Floats, targets: Targets, hand: Hand) -> None:
    """Move the fader in straight lines (in dB) from the middle of each bar to the next."""
    gains = bar_gains(powers, targets, hand)
    if not gains.any():
        return
    middles = (targets.edges[:-1] + targets.edges[1:]) / 2
    points = np.arange(audio.shape[0] // STEP + 2) * STEP
    turn(audio, np.interp(points, middles, gains).astype(np.float32))


def bar_gains(powers: Floats, targets: Targets, hand: Hand) -> Floats:
    """Return the move in dB for every bar: smoothed, bounded, and nothing on average over what sounds."""
    peak = float(powers.max(initial=0.0))
    if not peak > 0:
        return np.zeros(powers.size)
    weights = np.where(powers > peak * 10 ** (-_REST_DB / 10), 1.0, 0.0)
    levels = 10 * np.log10(np.maximum(powers, peak * 1e-6))
    moved = float(np.ptp(targets.energy))
    # A curve of narrow range still has contrast.
    span = hand.span_db if moved <= 0 else min(2 * hand.span_db, max(hand.span_db, _CONTRAST * hand.span_db / moved))
    off = hand.share * (span * targets.energy - levels)
    off -= float(np.average(off, weights=weights))
    seconds = float(np.diff(targets.edges).mean()) / SAMPLE_RATE
    reach = max(1, round(_HAND_SECONDS / seconds))
    window = np.concatenate((np.arange(1, reach + 1), np.arange(reach - 1, 0, -1))).astype(np.float64)
    smooth = np.convolve(off * weights, window, mode="full")
    known = np.convolve(weights, window, mode="full")
    first = window.size // 2
    smooth, known = smooth[first : first + off.size], known[first : first + off.size]
    places = np.flatnonzero(known > 0)
    filled = np.interp(np.arange(off.size), places, smooth[places] / known[places])
    return np.asarray(np.clip(filled, -hand.most_db, hand.most_db))
