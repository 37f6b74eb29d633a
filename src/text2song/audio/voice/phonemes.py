"""What is known of each English speech sound: formants, bandwidths, frication and length; the figures are data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

Triple = tuple[float, float, float]
#: Frication: up to three bands of (Hz, bandwidth in Hz, share of the amplitude).
Hiss = tuple[Triple, ...]
_VOWEL_BANDWIDTHS: Triple = (70.0, 90.0, 140.0)


class Manner(StrEnum):
    """How the breath is let through."""

    VOWEL = "vowel"
    GLIDE = "glide"
    NASAL = "nasal"
    FRICATIVE = "fricative"
    STOP = "stop"
    AFFRICATE = "affricate"


@dataclass(frozen=True, slots=True)
class Sound:
    """One phoneme of an adult male voice; levels in dB are relative to a vowel, None is silent."""

    name: str
    manner: Manner
    #: Formants in Hz, and where a diphthong glides to (the same for all others).
    formants: Triple
    glide: Triple
    bandwidths: Triple
    #: 0..1, the share of the neighbouring vowel in a consonant's formants.
    coarticulation: float
    #: Length in speech, closure only for stops.
    seconds: float
    #: Amplitude of the glottal source, 1 in a vowel.
    voice: float
    breath_db: float | None
    level_db: float | None
    hiss: Hiss
    #: Release of a stop until the voice begins, seconds.
    voice_onset: float
    follows: bool
    #: Seconds that a vowel beside it takes to reach its own formants.
    blend: float
    #: Zero of the side branch in a nasal, Hz; 0 for none.
    zero: float

    @property
    def is_vowel(self) -> bool:
        """Whether it is the nucleus of a syllable."""
        return self.manner is Manner.VOWEL


def sound(phoneme: str) -> Sound | None:
    """Return the sound of an ARPAbet phoneme with or without its stress digit, None for what is not one."""
    name = phoneme.rstrip("012").upper()
    if phoneme.endswith("0") and name in _table()[1]:
        return _table()[1][name]
    return _table()[0].get(name)


@cache
def _table() -> tuple[MappingProxyType[str, Sound], MappingProxyType[str, Sound]]:
    text = resources.files("text2song.audio").joinpath("voice", "phonemes.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    full = {name: _sound(name, manner, row) for manner in Manner for name, row in data[manner.value].items()}
    weak = {name: _sound(name, Manner.VOWEL, row) for name, row in data["weak"].items()}
    return MappingProxyType(full), MappingProxyType(weak)


def _sound(name: str, manner: Manner, row: dict[str, Any]) -> Sound:
    vowel = manner is Manner.VOWEL
    return Sound(
        name=name,
        manner=manner,
        formants=_triple(row["f"]),
        glide=_triple(row.get("to", row["f"])),
        bandwidths=_triple(row.get("b", _VOWEL_BANDWIDTHS)),
        coarticulation=float(row.get("k", 0.0)),
        seconds=float(row.get("seconds", 0.12)),
        voice=float(row.get("voice", 1.0 if vowel else 0.0)),
        breath_db=row.get("breath"),
        level_db=row.get("level"),
        hiss=tuple(_triple(band) for band in row.get("hiss", ())),
        voice_onset=float(row.get("vot", 0.0)),
        follows=bool(row.get("follows", False)),
        blend=float(row.get("blend", 0.06)),
        zero=float(row.get("zero", 0.0)),
    )


def _triple(values: Any) -> Triple:
    first, second, third = values
    return float(first), float(second), float(third)
