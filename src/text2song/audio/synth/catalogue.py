"""The one door of the procedural family: an instrument for every id of the domain's catalogue, built from its patch."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import Instrument
from text2song.audio.synth.drums import drum_kit
from text2song.audio.synth.effects import Effects
from text2song.audio.synth.fm import FmInstrument, Touch
from text2song.audio.synth.modal import Modes
from text2song.audio.synth.pluck import Pluck
from text2song.audio.synth.struck import Damping, StruckInstrument
from text2song.audio.synth.subtractive import SubtractiveInstrument, Voice
from text2song.audio.synth.tables import frozen_row
from text2song.audio.synth.wavetable import wavetable
from text2song.domain.instruments import InstrumentInfo

_FILES = ("bass", "guitar", "keys", "mallet", "percussion", "relatives", "sung", "strings", "synth", "wind")


def prefers_synth(info: InstrumentInfo) -> bool:
    """Return whether the procedural sound is the real one, better than any sample of it."""
    return info.electronic or bool(_patch(info).get("real", False))


def amplifier(info: InstrumentInfo) -> Effects | None:
    """Return what stands between the strings and the listener, where that is most of the sound; else None.

    A clean recording played through it is better than a recording of another player's amplifier: chords growl together.
    """
    patch = _patch(info)
    return _effects(patch) if patch.get("amplified", False) else None


def _patch(info: InstrumentInfo) -> Mapping[str, Any]:
    patches = _patches()
    return patches[info.id if info.id in patches else _families()[info.family]]


@cache
def synth_instrument(info: InstrumentInfo) -> Instrument:
    """Return the procedural instrument of an id: its own patch, else its family's; the same object each time.

    Never fails for an instrument of the catalogue, so the studio plays without any sound file.
    """
    patch = _patch(info)
    build = {
        "subtractive": _subtractive,
        "fm": _fm,
        "modal": _modal,
        "pluck": _pluck,
        "drums": _drums,
    }[patch["engine"]]
    return build(info.id, patch)


def _effects(patch: Mapping[str, Any]) -> Effects:
    return Effects(**frozen_row(patch.get("effects", {})), level=patch.get("gain", 1.0))


def _subtractive(id_: str, patch: Mapping[str, Any]) -> Instrument:
    voice = Voice(**{key: float(value) for key, value in patch["voice"].items()})
    rows = [frozen_row(row) for row in patch["oscillators"]]
    shapes = list(dict.fromkeys(row["wave"] for row in rows))
    oscillators = np.concatenate([_unison(row, shapes.index(row["wave"])) for row in rows])
    waves = np.stack([wavetable(shape) for shape in shapes])
    return SubtractiveInstrument(id_, voice, oscillators, waves, _effects(patch), patch.get("mono", False))


def _unison(row: Mapping[str, Any], wave: int) -> NDArray[np.float64]:
    """Return the rows of one oscillator played `unison` times, detuned and spread evenly about its pitch and place."""
    count, spread = int(row.get("unison", 1)), float(row.get("spread", 0.0))
    result = np.zeros((count, 5))
    for index in range(count):
        place = 0.0 if count == 1 else 2 * index / (count - 1) - 1
        cents = 100 * row.get("semitones", 0.0) + row.get("detune", 0.0) * place
        # Odd numbers alternate, so that low and high voices are heard on both sides.
        side = spread * (-place if count % 2 and index % 2 else place)
        level = row.get("level", 1.0) / np.sqrt(count)
        left, right = level * np.sqrt(1 - side), level * np.sqrt(1 + side)
        result[index] = (wave, 2 ** (cents / 1200), left, right, row.get("pulse", 0.0))
    return result


def _fm(id_: str, patch: Mapping[str, Any]) -> Instrument:
    touch = Touch(**{key: float(value) for key, value in patch.get("touch", {}).items()})
    fields = ("carrier", "modulator", "level", "index", "decay", "index_decay", "touch", "feedback")
    defaults = {"touch": 0.6, "feedback": 0.0}
    pairs = np.array([[float({**defaults, **row}[field]) for field in fields] for row in patch["pairs"]])
    return FmInstrument(id_, touch, pairs, wavetable("sine")[0], _effects(patch))


def _modal(id_: str, patch: Mapping[str, Any]) -> Instrument:
    modes = Modes(**frozen_row(patch["modes"]))
    return StruckInstrument(id_, modes, _damping(patch), _effects(patch), wide=modes.width > 0)


def _pluck(id_: str, patch: Mapping[str, Any]) -> Instrument:
    string = Pluck(**patch["string"])
    return StruckInstrument(id_, string, _damping(patch), _effects(patch), wide=string.width > 0)


def _damping(patch: Mapping[str, Any]) -> Damping:
    return Damping(**{key: float(value) for key, value in patch.get("damping", {}).items()})


def _drums(id_: str, patch: Mapping[str, Any]) -> Instrument:
    return drum_kit(patch.get("kit", id_), _effects(patch), known_as=id_)


@cache
def _patches() -> MappingProxyType[str, Mapping[str, Any]]:
    """Return every patch by id, inheritance resolved."""
    raw: dict[str, dict[str, Any]] = {}
    for name in _FILES:
        file = resources.files("text2song.audio.synth").joinpath("patches", f"{name}.toml")
        raw |= tomllib.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType({id_: _inherited(id_, raw) for id_ in raw})


def _inherited(id_: str, raw: Mapping[str, dict[str, Any]]) -> Mapping[str, Any]:
    own = raw[id_]
    if "like" not in own:
        return own
    merged = dict(_inherited(own["like"], raw))
    for key, value in own.items():
        under = merged.get(key)
        merged[key] = {**under, **value} if isinstance(value, dict) and isinstance(under, dict) else value
    return MappingProxyType(merged)


@cache
def _families() -> Mapping[str, str]:
    file = resources.files("text2song.audio.synth").joinpath("patches", "families.toml")
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))
