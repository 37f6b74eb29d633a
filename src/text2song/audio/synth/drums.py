"""Drum machines and kits: every General MIDI percussion key from 35 to 82, synthesised from the layers of a kit file.

A kit inherits the sounds it does not name from its parent, so a machine is a page of figures.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import numpy as np

from text2song.audio.synth.effects import Effects
from text2song.audio.synth.equaliser import equalise
from text2song.audio.synth.hits import Layer, Room, Signal, padded_sum
from text2song.audio.synth.noise import seed_of
from text2song.audio.synth.struck import Damping, Strike, StruckInstrument
from text2song.audio.synth.tables import frozen_row

_SILENCE = np.zeros((2, 1), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Key:
    """What a General MIDI percussion key plays."""

    #: A sound of the kit.
    sound: str
    #: Semitones, and times the decay.
    tune: float = 0.0
    stretch: float = 1.0
    #: −1 left … 1 right, as the drummer's audience sees it.
    pan: float = 0.0
    #: Keys that silence this one.
    choked_by: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sound:
    """One drum: its layers and the peak of a hard stroke."""

    layers: tuple[Layer, ...]
    peak: float = 0.5
    #: Low-pass of a soft stroke.
    soft_hz: float = 16_000.0


@dataclass(frozen=True, slots=True)
class Kit:
    """A set of drums in one room."""

    name: str
    sounds: Mapping[str, Sound]
    keys: Mapping[int, Key]
    room: Room
    #: Semitones by which the whole kit is tuned; sampling depth in bits of an old machine, 0 for none.
    tune: float = 0.0
    bits: int = 0
    width: float = 1.0
    variants: int = 3

    def strike(self, pitch: int, variant: int) -> Strike:
        """Return the soft and the hard layer of a key; keys that no kit has are silent."""
        key = self.keys.get(pitch)
        if key is None:
            return _SILENCE
        sound = self.sounds[key.sound]
        soft, hard = self._hit(sound, key, variant, soft=True), self._hit(sound, key, variant, soft=False)
        soft = equalise(soft, (("lowpass", sound.soft_hz, 0.0, 0.6),))
        strike = np.zeros((2, max(len(soft), len(hard))), dtype=np.float32)
        for row, layer in zip(strike, (soft, hard), strict=True):
            row[: len(layer)] = layer * (sound.peak / _height(layer))
        return strike

    def place(self, pitch: int) -> float:
        """Return where a drum stands."""
        key = self.keys.get(pitch)
        return self.width * key.pan if key else 0.0

    def choked_by(self, pitch: int) -> frozenset[int]:
        """Return the keys that silence this one: a closed hi-hat an open one."""
        key = self.keys.get(pitch)
        return frozenset(key.choked_by) if key else frozenset()

    def _hit(self, sound: Sound, key: Key, variant: int, *, soft: bool) -> Signal:
        layers = []
        for index, layer in enumerate(sound.layers):
            rendered = layer.render(seed_of(self.name, key.sound, index, variant), self.tune + key.tune, key.stretch)
            layers.append(rendered * (layer.soft if soft else 1.0))
        hit = self.room.around(padded_sum(layers), seed_of("room", variant))
        if self.bits:
            steps = 2.0 ** (self.bits - 1) / float(np.max(np.abs(hit)))
            # Rounding towards zero keeps the silence after a hit silent.
            hit = np.trunc(hit * steps) / steps
        return equalise(hit, (("highpass", 22.0, 0.0, 0.7),))


def _height(layer: Signal) -> float:
    """Return about the peak: the loudest sample of noise is chance, and strokes alike must be as loud."""
    loudest = np.partition(np.abs(layer), -24)[-24:]
    return float(np.sqrt(np.max(loudest) * np.min(loudest))) * 1.05


def drum_kit(name: str, effects: Effects, *, known_as: str) -> StruckInstrument:
    """Return the kit of the file `name` as an instrument; raises FileNotFoundError when there is none."""
    return StruckInstrument(
        known_as, load_kit(name), Damping(velocity_power=1.7, softest=0.1, level=0.65), effects, wide=True
    )


@cache
def load_kit(name: str) -> Kit:
    """Read `kits/<name>.toml` with everything it inherits."""
    table = _kit_table(name)
    sounds = {
        sound: Sound(
            tuple(Layer(**frozen_row(layer)) for layer in row["layers"]),
            **{field: value for field, value in row.items() if field != "layers"},
        )
        for sound, row in table["sounds"].items()
    }
    keys = {int(key): Key(**frozen_row(row)) for key, row in table["keys"].items()}
    kit = table.get("kit", {})
    return Kit(name, MappingProxyType(sounds), MappingProxyType(keys), Room(**table.get("room", {})), **kit)


def _kit_table(name: str) -> dict[str, Any]:
    file = resources.files("text2song.audio.synth").joinpath("kits", f"{name}.toml")
    own = tomllib.loads(file.read_text(encoding="utf-8"))
    parent = own.pop("parent", None)
    if parent is None:
        return own
    merged = _kit_table(parent)
    if "fold" in own:
        merged["keys"] = _folded(own["fold"], merged)
    for table in ("sounds", "keys", "room", "kit"):
        merged[table] = {**merged.get(table, {}), **own.get(table, {})}
    return merged


def _folded(fold: Mapping[str, str], table: Mapping[str, Any]) -> dict[str, Any]:
    """Return keys for an instrument of few sounds: every percussion key plays the one nearest in kind.

    A djembe asked to play a conga's or a shaker's pattern stays a djembe.
    """
    kinds = {key: kind for kind, keys in table["kinds"].items() for key in keys}
    fallback = next(iter(fold.values()))
    return {key: {"sound": fold.get(kinds[int(key)], fallback)} for key in table["keys"]}
