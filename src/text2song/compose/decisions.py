"""The one door for every choice an element makes: named by a path, drawn from a counter-based generator, recorded.

Randomness depends on `(seed, path)` alone, so the order in which elements run cannot change a song, re-seeding one
path moves nothing else, and the same recipe gives the same score on any machine (Salmon et al. 2011, "Parallel random
numbers: as easy as 1, 2, 3", is the idea; BLAKE2b is the mixing function because the standard library carries it).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from text2song.domain.composition import Decision

Option = TypeVar("Option")


class Tilt(Protocol):
    """Changes the weights of a choice; a learned style adapter is one."""

    def __call__(self, path: str, options: Sequence[object], weights: Sequence[float]) -> Sequence[float]:
        """Return new weights, as many as there are options, each zero or more."""


def unit(seed: int, path: str) -> float:
    """Return the uniform number in [0, 1) of `(seed, path)`, with 53 random bits.

    >>> unit(1, "melody/motif") == unit(1, "melody/motif")
    True
    """
    key = seed.to_bytes(8, "big")
    block = hashlib.blake2b(path.encode(), key=key, digest_size=8).digest()
    return (int.from_bytes(block, "big") >> 11) * 2.0**-53


class Decisions:
    """Draws and records the choices of one composition.

    `reseeds` maps a path prefix to another seed: every choice below that prefix is drawn anew and no other moves,
    which is what makes exact edits possible.
    """

    def __init__(self, seed: int, *, reseeds: Mapping[str, int] | None = None, tilt: Tilt | None = None) -> None:
        self._seed = seed
        self._reseeds = {prefix.rstrip("/"): seed for prefix, seed in (reseeds or {}).items()}
        self._tilt = tilt
        self._made: dict[str, Decision] = {}

    @property
    def made(self) -> tuple[Decision, ...]:
        """Every recorded decision, in path order."""
        return tuple(self._made[path] for path in sorted(self._made))

    def recorded(self, path: str) -> Decision | None:
        """Return what was decided at a path, None before it is."""
        return self._made.get(path)

    def decide(self, path: str, options: Sequence[Option], weights: Sequence[float] | None = None) -> Option:
        """Return one of `options`, drawn with `weights` (uniform when None), and record the choice.

        Raises ValueError when there are no options, when weights do not match them or sum to zero, or when the path
        was already decided: one path names one choice.
        """
        chances = [1.0] * len(options) if weights is None else list(weights)
        if self._tilt is not None:
            chances = list(self._tilt(path, options, chances))
        if not options or len(chances) != len(options):
            raise ValueError(f"{path}: {len(options)} options with {len(chances)} weights")
        if path in self._made:
            raise ValueError(f"{path} was already decided")
        index = _draw(self._seed_of(path), path, chances)
        self._made[path] = Decision(path, _label(options[index]), index, len(options))
        return options[index]

    def chance(self, path: str, probability: float) -> bool:
        """Return True with the given probability, recorded as any other choice."""
        return self.decide(path, (True, False), (probability, 1.0 - probability))

    def jitter(self, path: str) -> float:
        """Return an unrecorded number in [−1, 1), triangular about 0: for performance detail such as timing.

        Not recorded because a song has thousands; it depends on `(seed, path)` like every choice.
        """
        seed = self._seed_of(path)
        return unit(seed, path + "#a") + unit(seed, path + "#b") - 1.0

    def _seed_of(self, path: str) -> int:
        # The longest prefix first: the most particular re-seed wins.
        prefix, slash = path, "/"
        while slash and self._reseeds:
            if prefix in self._reseeds:
                return self._reseeds[prefix]
            prefix, slash, _ = prefix.rpartition("/")
        return self._seed


def _draw(seed: int, path: str, chances: Sequence[float]) -> int:
    total = sum(chances)
    if not total > 0 or min(chances) < 0:
        raise ValueError(f"{path}: weights must be zero or more and sum to more than zero")
    point = unit(seed, path) * total
    for index, weight in enumerate(chances):
        point -= weight
        if point < 0:
            return index
    return max(index for index, weight in enumerate(chances) if weight > 0)


def _label(option: object) -> str:
    name = getattr(option, "name", None)
    return (name if isinstance(name, str) else str(option))[:80]
