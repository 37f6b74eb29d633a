"""The singers a score may name: one vocabulary for the composer, who keeps to their ranges, and for the singing."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from text2song.domain.errors import InvalidError


class UnknownVoiceError(InvalidError):
    """No voice of the catalogue has that name."""

    slug = "unknown-voice"


class Singing(StrEnum):
    """What a vocal part sings."""

    LEAD = "lead"
    #: The lead's own words and notes a second time.
    DOUBLE = "double"
    #: The lead's words on other notes.
    HARMONY = "harmony"
    #: No words: held vowels.
    VOWELS = "vowels"


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """One kind of singer."""

    #: "alto".
    id: str
    #: "female", "male", "child" or "choir".
    kind: str
    #: MIDI pitches, lowest and highest.
    low: int
    high: int
    #: Where the voice is at ease.
    tessitura: tuple[int, int]


@dataclass(frozen=True, slots=True)
class VocalPlan:
    """Who sings one vocal part, and how."""

    #: The part's name.
    part: str
    #: A voice id of this catalogue.
    voice: str
    #: How the genre sings: "pop", "rock", "soul", …; the singing has a table of them.
    delivery: str
    singing: Singing = Singing.LEAD
    #: How far the whole part is off the score's pitch, cents: two takes are never quite alike.
    cents: float = 0.0


@cache
def voices() -> MappingProxyType[str, VoiceInfo]:
    """Return every voice by id, in the file's order."""
    text = resources.files("text2song.domain").joinpath("voices.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["voice"]
    return MappingProxyType({row["id"]: _info(row) for row in rows})


def _info(row: dict[str, Any]) -> VoiceInfo:
    low, high = row["range"]
    return VoiceInfo(row["id"], row["kind"], low, high, (row["tessitura"][0], row["tessitura"][1]))


def voice(id_: str) -> VoiceInfo:
    """Return one voice; raises `UnknownVoiceError`."""
    try:
        return voices()[id_]
    except KeyError:
        raise UnknownVoiceError(f"“{id_}” is not a voice of the catalogue", field="voice") from None
