"""Chord voicings that move as little as they can from one chord to the next."""

from __future__ import annotations

from functools import lru_cache
from itertools import cycle

from text2song.domain.theory import QUALITIES, Chord

#: Which intervals a crowded chord can do without, the first to go first: the bass plays the root.
_EXPENDABLE = (7, 0, 5, 2)
#: A voice that moves further than this costs extra.
_EASY_MOVE = 3
#: What parallel fifths or octaves between the outer voices cost.
_PARALLEL = 6.0


def chord_tones(chord: Chord, count: int) -> tuple[int, ...]:
    """Return `count` pitch classes of a chord: root and fifth doubled where there are too few."""
    steps = [interval % 12 for interval in QUALITIES[chord.quality]]
    for step in _EXPENDABLE:
        if len(steps) > count and step in steps:
            steps.remove(step)
    steps = steps[-count:] if len(steps) > count else steps
    fifth = 7 if 7 in steps else steps[-1]
    spare = cycle((0, fifth))
    steps.extend(next(spare) for _ in range(count - len(steps)))
    return tuple((chord.root + step) % 12 for step in steps)


@lru_cache(maxsize=4096)
def voiced(
    chord: Chord, count: int, low: int, high: int, previous: tuple[int, ...] = (), *, wide: bool = False
) -> tuple[int, ...]:
    """Return the pitches of a chord, low to high, within `low`..`high` where it fits.

    Of all inversions the one closest to `previous` is taken: common tones stay, other voices step. `wide` lowers the
    second voice from the top by an octave (drop 2), as pads and guitars sound best.
    """
    classes = chord_tones(chord, count)
    found = [pitches for pitches in _inversions(classes, low, high, wide=wide) if pitches[-1] <= high]
    found = found or [pitches for pitches in _inversions(classes, low, high, wide=False) if pitches[-1] <= high]
    # A register too narrow for the whole chord keeps the voices that fit.
    found = found or [tuple(pitch for pitch in _inversions(classes, low, low + 12, wide=False)[0] if pitch <= high)]
    middle = (low + high) / 2
    return min(found, key=lambda pitches: (_cost(pitches, previous, middle), pitches))


def _inversions(classes: tuple[int, ...], low: int, high: int, *, wide: bool) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    distinct = tuple(sorted(set(classes)))
    for base in range(low, max(high, low + 12) + 1):
        if base % 12 not in distinct:
            continue
        pitches = [base]
        rest = list(classes)
        rest.remove(base % 12)
        while rest:
            following = min(rest, key=lambda pitch_class: (pitch_class - pitches[-1] - 1) % 12)
            rest.remove(following)
            pitches.append(pitches[-1] + 1 + (following - pitches[-1] - 1) % 12)
        if wide and len(pitches) >= 3:
            dropped = pitches[-2] - 12
            pitches = sorted([*pitches[:-2], pitches[-1], dropped])
        if pitches[0] >= low and len(set(pitches)) == len(pitches):
            found.append(tuple(pitches))
    return found


def _cost(pitches: tuple[int, ...], previous: tuple[int, ...], middle: float) -> float:
    centre = abs(sum(pitches) / len(pitches) - middle)
    cluster = 2.0 * (len(pitches) > 1 and pitches[1] - pitches[0] == 1)
    if len(previous) != len(pitches):
        return centre + cluster
    moves = [abs(here - there) for here, there in zip(pitches, previous, strict=True)]
    hollow = _PARALLEL * _parallel(pitches, previous)
    return sum(moves) + 4.0 * max(0, max(moves) - _EASY_MOVE) + 0.7 * centre + cluster + hollow


def _parallel(pitches: tuple[int, ...], previous: tuple[int, ...]) -> bool:
    """Whether the outer voices go the same way from one fifth or octave to another."""
    low, high = pitches[0] - previous[0], pitches[-1] - previous[-1]
    before, after = (previous[-1] - previous[0]) % 12, (pitches[-1] - pitches[0]) % 12
    return low * high > 0 and before == after and after in (0, 7)
