"""Presets flattened to regions: every combination of a preset zone and an instrument zone that can sound.

Source: SoundFont Technical Specification 2.04, sections 7.3 to 7.9 and 9.4 (preset values add to instrument values).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.soundfont import generators as gen
from text2song.audio.soundfont.modulators import Modulator, with_defaults
from text2song.audio.soundfont.parser import Hydra, ZoneTables
from text2song.audio.soundfont.riff import CorruptSoundFontError

#: Far above any real font (612 is the most seen), far below what a hostile one could ask for.
MAX_REGIONS = 20_000
_MAX_MODULATORS = 128
_ROM = 0x8000

# Hardware and players since the EMU8000 apply 0.4 of the attenuation a zone states, and fonts are voiced for it.
_ATTENUATION_SCALE = 0.4

# A zone that answers to this wide a range of velocities is the only layer there is.
_ONE_LAYER = 100

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone as written: generator values by number, ranges, modulators."""

    values: dict[int, int]
    keys: Range
    velocities: Range
    modulators: dict[tuple[int, int, int, int], Modulator]


@dataclass(frozen=True, slots=True)
class Regions:
    """All regions of a preset, as columns: region i sounds for keys and velocities inside its ranges."""

    #: int16, shape (regions, 4): lowest and highest key, lowest and highest velocity.
    ranges: NDArray[np.int16]
    #: float64, shape (regions, `gen.COUNT`).
    values: NDArray[np.float64]
    #: int64, shape (regions,): index of the sample header.
    samples: NDArray[np.int64]
    #: Each distinct modulator, with a bool mask of shape (regions,) of those that have it.
    modulators: tuple[tuple[Modulator, NDArray[np.bool_]], ...]


def find_presets(hydra: Hydra) -> dict[tuple[int, int], int]:
    """Return the index of each preset by (bank, program); the first of equals wins."""
    heads = hydra.presets.heads[:-1]
    found: dict[tuple[int, int], int] = {}
    for index, (bank, program) in enumerate(zip(heads["bank"].tolist(), heads["program"].tolist(), strict=True)):
        found.setdefault((bank, program), index)
    return found


def flatten(hydra: Hydra, preset: int, *, percussion: bool) -> Regions:
    """Return the regions of a preset; raises `CorruptSoundFontError` when they are absurdly many."""
    layers = [
        (outer, inner)
        for outer in _zones(hydra.presets, preset, gen.INSTRUMENT)
        for inner in _zones(hydra.instruments, outer.values[gen.INSTRUMENT] & 0xFFFF, gen.SAMPLE)
    ]
    return _combine(hydra, layers, percussion=percussion)


def _combine(hydra: Hydra, layers: list[tuple[Zone, Zone]], *, percussion: bool) -> Regions:
    kinds = hydra.samples["kind"]
    ranges: list[tuple[int, int, int, int]] = []
    values: list[NDArray[np.float64]] = []
    samples: list[int] = []
    masks: dict[Modulator, list[int]] = {}
    for outer, inner in layers:
        keys, velocities = _meet(outer.keys, inner.keys), _meet(outer.velocities, inner.velocities)
        sample = inner.values[gen.SAMPLE] & 0xFFFF
        if keys[0] > keys[1] or velocities[0] > velocities[1] or kinds[sample] & _ROM:
            continue
        row = _values(outer, inner)
        open_layer = row[gen.FILTER_CUTOFF] >= gen.OPEN_CUTOFF and velocities[1] - velocities[0] >= _ONE_LAYER
        for modulator in _modulators(outer, inner, one_open_layer=bool(open_layer) and not percussion):
            masks.setdefault(modulator, []).append(len(samples))
        ranges.append((*keys, *velocities))
        values.append(row)
        samples.append(sample)
        if len(samples) > MAX_REGIONS:
            raise CorruptSoundFontError(f"a preset of the SoundFont has more than {MAX_REGIONS} regions")
    return Regions(
        np.array(ranges, np.int16).reshape(-1, 4),
        _in_range(values),
        np.array(samples, np.int64),
        tuple((modulator, _mask(indices, len(samples))) for modulator, indices in masks.items()),
    )


def _mask(indices: list[int], count: int) -> NDArray[np.bool_]:
    mask = np.zeros(count, np.bool_)
    mask[indices] = True
    return mask


def _meet(one: Range, other: Range) -> Range:
    return max(one[0], other[0]), min(one[1], other[1])


def _values(outer: Zone, inner: Zone) -> NDArray[np.float64]:
    row = gen.defaults()
    for number, amount in inner.values.items():
        row[number] = amount
    for number, amount in outer.values.items():
        if number not in gen.INSTRUMENT_ONLY:
            row[number] += amount
    return row


def _in_range(values: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    low, high = gen.limits()
    table = np.clip(np.array(values, np.float64).reshape(-1, gen.COUNT), low, high)
    table[:, gen.ATTENUATION] *= _ATTENUATION_SCALE
    return table


def _modulators(outer: Zone, inner: Zone, *, one_open_layer: bool) -> tuple[Modulator, ...]:
    base = with_defaults(inner.modulators.values(), one_open_layer=one_open_layer)
    # A preset's modulators add to the instrument's; they never replace them.
    added = tuple(modulator for modulator in outer.modulators.values() if modulator.usable)
    return (base + added)[:_MAX_MODULATORS]


def _zones(tables: ZoneTables, head: int, target: int) -> Iterator[Zone]:
    """Yield the zones of a head that name a `target`, each with the global zone's values beneath its own."""
    first, last = int(tables.heads["zone"][head]), int(tables.heads["zone"][head + 1])
    beneath = Zone({}, (0, 127), (0, 127), {})
    for index in range(first, last):
        zone = _zone(tables, index, target, beneath)
        if target in zone.values:
            yield zone
        elif index == first:
            beneath = zone


def _zone(tables: ZoneTables, index: int, target: int, beneath: Zone) -> Zone:
    values = dict(beneath.values)
    ranges = {gen.KEY_RANGE: beneath.keys, gen.VELOCITY_RANGE: beneath.velocities}
    rows = slice(int(tables.bags["generator"][index]), int(tables.bags["generator"][index + 1]))
    for operator, amount in tables.generators[rows].tolist():
        if operator in ranges:
            # Nothing is above 127, whatever the two bytes say.
            ranges[operator] = amount & 0xFF, min((amount >> 8) & 0xFF, 127)
        elif operator < gen.COUNT:
            values[operator] = amount
        if operator == target:
            # What follows the instrument or the sample is to be ignored.
            break
    rows = slice(int(tables.bags["modulator"][index]), int(tables.bags["modulator"][index + 1]))
    own = (Modulator(*row) for row in tables.modulators[rows].tolist()[:_MAX_MODULATORS])
    modulators = beneath.modulators | {modulator.identity: modulator for modulator in own}
    return Zone(values, ranges[gen.KEY_RANGE], ranges[gen.VELOCITY_RANGE], modulators)
