"""The instruments a score may name: one vocabulary for the prompt reader, the composer and the renderer.

The catalogue is data, `instruments.toml`, so an instrument is added without touching code.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from text2song.domain.errors import InvalidError


class UnknownInstrumentError(InvalidError):
    """No instrument of the catalogue has that name."""

    slug = "unknown-instrument"


@dataclass(frozen=True, slots=True)
class InstrumentInfo:
    """What an instrument is, apart from any sound file."""

    #: "electric_piano".
    id: str
    #: The field's usual name: "electric piano".
    name: str
    #: "keys", "guitar", "bass", "strings", "brass", "woodwind", "synth", "mallet", "drums", "percussion",
    #: "voice" or "world".
    family: str
    #: General MIDI program 0..127 (drum kits: the kit's program on the percussion channel).
    program: int
    #: Whether notes are General MIDI percussion keys.
    percussion: bool
    #: Playable MIDI pitches, lowest and highest.
    low: int
    high: int
    #: Whether notes sound as long as they are held (strings, organ) rather than decay (piano, guitar).
    sustained: bool
    #: Whether the procedural synths are the real sound, not a stand-in for a sampled one.
    electronic: bool
    #: Other names people use.
    aliases: tuple[str, ...]


@cache
def catalogue() -> MappingProxyType[str, InstrumentInfo]:
    """Return every instrument by id, in the file's order."""
    text = resources.files("text2song.domain").joinpath("instruments.toml").read_text(encoding="utf-8")
    return MappingProxyType({row["id"]: _info(row) for row in tomllib.loads(text)["instrument"]})


def instrument(id_: str) -> InstrumentInfo:
    """Return one instrument; raises `UnknownInstrumentError`."""
    try:
        return catalogue()[id_]
    except KeyError:
        raise UnknownInstrumentError(f"“{id_}” is not an instrument of the catalogue", field="instruments") from None


def _info(row: dict[str, Any]) -> InstrumentInfo:
    low, high = row["range"]
    return InstrumentInfo(
        id=row["id"],
        name=row.get("name", row["id"].replace("_", " ")),
        family=row["family"],
        program=row["program"],
        percussion=row.get("percussion", False),
        low=low,
        high=high,
        sustained=row.get("sustained", False),
        electronic=row.get("electronic", False),
        aliases=tuple(row.get("aliases", ())),
    )
