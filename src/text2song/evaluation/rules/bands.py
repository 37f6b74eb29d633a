"""The bands of the rules: data with a source each, and the genres for which another rule holds."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from text2song.domain.context import CompositionContext

#: A genre of a blend counts from this weight on.
_HEARD = 0.2


@dataclass(frozen=True, slots=True)
class Band:
    """What a figure may be."""

    figure: str
    rule: int
    low: float
    high: float
    #: How far outside the band is wholly wrong.
    soft: float
    source: str
    #: Whether the rule holds at all.
    applies: bool = True

    def holds(self, value: float) -> bool:
        """Return whether a value lies inside."""
        return self.low - 1e-9 <= value <= self.high + 1e-9

    def miss(self, value: float) -> float:
        """Return how far outside a value lies, 0 inside … 1 wholly wrong."""
        return min(1.0, max(self.low - value, value - self.high, 0.0) / self.soft)


@dataclass(frozen=True, slots=True)
class Exemption:
    """Another band, or none, for some genres."""

    figure: str
    genres: frozenset[str]
    low: float | None
    high: float | None
    skip: bool
    reason: str


def bands_for(context: CompositionContext) -> Mapping[str, Band]:
    """Return the band of every figure for the genres of a song; a blend may be what any of its genres may be."""
    heard = [genre for genre in context.genres if genre.weight >= _HEARD] or list(context.genres)
    families = tuple(tuple(map(_plain, (genre.name, genre.style, *genre.parents))) for genre in heard)
    return _bands_of(families)


def _plain(name: str) -> str:
    """Return a genre's name without what spellings differ in: "drum and bass" and "drum-and-bass" are "drumandbass"."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


@cache
def _bands_of(families: tuple[tuple[str, ...], ...]) -> Mapping[str, Band]:
    bands, exemptions = load_bands()
    found = {}
    for name, band in bands.items():
        own = [_for_family(band, family, exemptions) for family in families] or [band]
        found[name] = replace(
            band,
            low=min(one.low for one in own),
            high=max(one.high for one in own),
            applies=all(one.applies for one in own),
        )
    return MappingProxyType(found)


def _for_family(band: Band, family: tuple[str, ...], exemptions: tuple[Exemption, ...]) -> Band:
    """Return the band for a genre and its ancestors, nearest first: the nearest that is an exception decides."""
    own = [exemption for exemption in exemptions if exemption.figure == band.figure]
    for genre in family:
        for exemption in own:
            if genre in exemption.genres:
                low = band.low if exemption.low is None else exemption.low
                high = band.high if exemption.high is None else exemption.high
                return replace(band, low=low, high=high, applies=not exemption.skip)
    return band


@cache
def load_bands() -> tuple[Mapping[str, Band], tuple[Exemption, ...]]:
    """Return every band by figure, and the exceptions in the order of the file."""
    text = resources.files("text2song.evaluation.rules").joinpath("bands.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    bands = {row["figure"]: _band(row) for row in table["band"]}
    return MappingProxyType(bands), tuple(_exemption(row) for row in table["exception"])


def _band(row: Mapping[str, Any]) -> Band:
    low, high = float(row.get("low", -math.inf)), float(row.get("high", math.inf))
    return Band(row["figure"], row["rule"], low, high, float(row["soft"]), row["source"])


def _exemption(row: Mapping[str, Any]) -> Exemption:
    return Exemption(
        figure=row["figure"],
        genres=frozenset(map(_plain, row["genres"])),
        low=None if "low" not in row else float(row["low"]),
        high=None if "high" not in row else float(row["high"]),
        skip=bool(row.get("skip", False)),
        reason=row["reason"],
    )
