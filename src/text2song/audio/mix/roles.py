"""What the desk does for each role before its fader; the figures are data, `roles.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from text2song.audio.dynamics import Compression
from text2song.audio.filters import Biquad, high_shelf, low_shelf, peak
from text2song.domain.composition import Channel, MixPlan
from text2song.domain.score import Part, Role

#: Nothing is wide below (rule 32).
_MONO_BELOW_HZ = 120.0


@dataclass(frozen=True, slots=True)
class Treatment:
    """The fixed part of a channel strip."""

    #: The channel of a part that the mix plan does not name.
    channel: Channel
    equaliser: tuple[Biquad, ...]
    #: Threshold relative to the stem's own loudness.
    compression: Compression
    #: What holds hissing consonants, threshold relative to the stem's own loudness; None for instruments.
    sibilance: Compression | None
    #: The side signal is cut below this frequency; 0 leaves it.
    mono_below_hz: float
    #: How much side signal a mono recording is given, 0..1.
    spread: float


def channel_of(part: Part, plan: MixPlan) -> Channel:
    """Return the plan's channel of a part, or the usual one of its role."""
    for channel in plan.channels:
        if channel.part == part.name:
            return channel
    return treatment(part.role).channel


@cache
def treatment(role: Role) -> Treatment:
    """Return how parts of that role are treated."""
    return _table()[role]


@cache
def _table() -> MappingProxyType[Role, Treatment]:
    text = resources.files("text2song.audio").joinpath("mix", "roles.toml").read_text(encoding="utf-8")
    return MappingProxyType({Role(name): _treatment(name, row) for name, row in tomllib.loads(text).items()})


def _treatment(name: str, row: dict[str, Any]) -> Treatment:
    shapes = {"peak": peak, "low_shelf": low_shelf, "high_shelf": high_shelf}
    return Treatment(
        channel=Channel(name, row["lufs"], highpass_hz=row["highpass_hz"], reverb_db=row.get("reverb_db")),
        equaliser=tuple(shapes[kind](hertz, gain) for kind, hertz, gain in row["eq"]),
        compression=_compression(row["compress"]),
        sibilance=_compression(row["sibilance"]) if "sibilance" in row else None,
        mono_below_hz=row.get("mono_below_hz", _MONO_BELOW_HZ),
        spread=row.get("spread", 0.0),
    )


def _compression(row: dict[str, float]) -> Compression:
    return Compression(row["threshold_db"], row["ratio"], row["attack_ms"] / 1000, row["release_ms"] / 1000)
