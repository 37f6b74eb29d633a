"""The libraries of grooves, fills and idioms: TOML files beside the code, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from text2song.domain.composition import SectionKind

#: Section kinds share grooves by what the drummer is there for.
GROUPS: Mapping[SectionKind, str] = MappingProxyType(
    {
        SectionKind.INTRO: "intro",
        SectionKind.VERSE: "verse",
        SectionKind.PRECHORUS: "verse",
        SectionKind.CHORUS: "chorus",
        SectionKind.BRIDGE: "bridge",
        SectionKind.SOLO: "chorus",
        SectionKind.INTERLUDE: "verse",
        SectionKind.BREAKDOWN: "break",
        SectionKind.BUILD: "build",
        SectionKind.DROP: "chorus",
        SectionKind.OUTRO: "intro",
    }
)


@dataclass(frozen=True, slots=True)
class Groove:
    """One drum pattern: lanes of steps by drum name, and what the turn-around bar plays instead."""

    name: str
    #: The groups of `GROUPS` it is for.
    groups: tuple[str, ...]
    weight: float
    #: Length in bars of every lane.
    bars: int
    lanes: Mapping[str, str]
    #: Lanes that replace the ordinary ones in the last bar of every four.
    turn: Mapping[str, str]
    #: Metres ("3/4") it is made for and kept to; empty for any.
    metres: tuple[str, ...] = ()
    #: The styles' `[groove] hands` that a pattern of hand percussion belongs to; empty for any.
    hands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Idiom:
    """One way of playing an accompaniment or a bass line."""

    name: str
    #: "chords", "pad", "arpeggio", "counter", "bass".
    role: str
    #: How the pattern's symbols are played: "block", "strum", "pick", "sustain", "line", "power", "steps", "walk", …
    technique: str
    steps: str
    weight: float
    #: Steps for sections of high energy, where they differ.
    lively: str
    #: Length in bars of the pattern.
    bars: int
    #: Share of each step's length that sounds.
    gate: float
    #: Instrument families or ids that can play it; empty for all.
    players: tuple[str, ...]
    #: How many voices a chord has.
    voices: int
    #: Metres ("3/4") it is made for and kept to; empty for any.
    metres: tuple[str, ...] = ()


def suits(pattern: Groove | Idiom, metre: str) -> bool:
    """Return whether a pattern may be played in a metre."""
    return not pattern.metres or metre in pattern.metres


@cache
def grooves(library: str) -> tuple[Groove, ...]:
    """Return the grooves of one library file of `compose/grooves`."""
    return tuple(_groove(row) for row in _rows("grooves", library, "groove"))


@cache
def fills() -> tuple[Groove, ...]:
    """Return every drum fill; its groups are the characters of kit and genre it suits."""
    return tuple(_groove(row) for row in _rows("grooves", "fills", "fill"))


@cache
def idioms(library: str) -> tuple[Idiom, ...]:
    """Return the idioms of one library file of `compose/idioms`."""
    return tuple(_idiom(row) for row in _rows("idioms", library, "idiom"))


@cache
def table(folder: str, name: str) -> Mapping[str, Any]:
    """Return one TOML file of a library folder as it is."""
    file = resources.files("text2song.compose").joinpath(folder, f"{name}.toml")
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def _rows(folder: str, name: str, key: str) -> list[dict[str, Any]]:
    return list(table(folder, name)[key])


def _groove(row: dict[str, Any]) -> Groove:
    return Groove(
        name=row["name"],
        groups=tuple(row["for"]),
        weight=float(row.get("weight", 1.0)),
        bars=row.get("bars", 1),
        lanes=MappingProxyType(row["lanes"]),
        turn=MappingProxyType(row.get("turn", {})),
        metres=tuple(row.get("metres", ())),
        hands=tuple(row.get("hands", ())),
    )


def _idiom(row: dict[str, Any]) -> Idiom:
    steps = row.get("steps", "")
    return Idiom(
        name=row["name"],
        role=row["role"],
        technique=row["technique"],
        steps=steps,
        weight=float(row.get("weight", 1.0)),
        lively=row.get("lively", steps),
        bars=row.get("bars", 1),
        gate=float(row.get("gate", 0.95)),
        players=tuple(row.get("players", ())),
        voices=row.get("voices", 3),
        metres=tuple(row.get("metres", ())),
    )
