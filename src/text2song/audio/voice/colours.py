"""Voices and deliveries as the singing needs them; the figures are data, `voices.toml` and `deliveries.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from text2song.domain.voices import voice


@dataclass(frozen=True, slots=True)
class VoiceColour:
    """What makes one singer sound unlike another."""

    id: str
    #: Formant frequencies relative to a man's tract.
    size: float
    #: Shape of the glottal pulse at middle loudness, Rd: 0.5 pressed … 2.7 breathy.
    pulse: float
    #: Aspiration in a vowel, dB under it.
    breath: float
    #: Formants above the third: (Hz, bandwidth), before scaling by `size`.
    ring: tuple[tuple[float, float], ...]
    vibrato_hz: float
    vibrato_cents: float
    #: Singers in unison.
    members: int
    #: Source voice of a speaking synthesiser, and what its formants are scaled by.
    spoken: str
    spoken_shift: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a genre sings; the units are in `deliveries.toml`."""

    vibrato: float
    vibrato_delay: float
    vibrato_fade: float
    vibrato_least: float
    scoop: float
    scoop_share: float
    fall: float
    late: float
    glide: float
    bounce: float
    pulse: float
    breath: float
    dynamics: float
    consonants: float
    rough: float
    growl: float
    drive: float
    speech: float
    attack: float
    release: float
    inhale: float


#: The delivery of a genre that has none of its own.
USUAL = "pop"


def colour(id_: str) -> VoiceColour:
    """Return the colour of a voice; raises `UnknownVoiceError`."""
    return _colours()[voice(id_).id]


def delivery(name: str) -> Delivery:
    """Return a delivery, the usual one for a name without a table."""
    return _deliveries().get(name, _deliveries()[USUAL])


def delivery_names() -> tuple[str, ...]:
    """Return the names of all deliveries."""
    return tuple(_deliveries())


@cache
def _colours() -> MappingProxyType[str, VoiceColour]:
    return MappingProxyType({id_: _colour(id_, row) for id_, row in _read("voices.toml").items()})


@cache
def _deliveries() -> MappingProxyType[str, Delivery]:
    rows = _read("deliveries.toml")
    return MappingProxyType(
        {
            name: Delivery(**{key: float(value) for key, value in (rows[USUAL] | row).items()})
            for name, row in rows.items()
        }
    )


def _read(name: str) -> dict[str, dict[str, Any]]:
    text = resources.files("text2song.audio").joinpath("voice", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _colour(id_: str, row: dict[str, Any]) -> VoiceColour:
    return VoiceColour(
        id=id_,
        size=float(row["size"]),
        pulse=float(row["pulse"]),
        breath=float(row["breath"]),
        ring=tuple((float(hertz), float(width)) for hertz, width in row["ring"]),
        vibrato_hz=float(row["vibrato"][0]),
        vibrato_cents=float(row["vibrato"][1]),
        members=int(row.get("members", 1)),
        spoken=str(row["spoken"]),
        spoken_shift=float(row["spoken_shift"]),
    )
