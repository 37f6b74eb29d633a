"""Zones are combined as the specification says, and no font can make them endless."""

from __future__ import annotations

import numpy as np
import pytest
from tests.audio.soundfont.builder import INSTRUMENT, SAMPLE, Head, Sample, Zone, build, simple, tone

from text2song.audio.soundfont import generators as gen
from text2song.audio.soundfont.parser import Hydra, read_hydra
from text2song.audio.soundfont.regions import find_presets, flatten
from text2song.audio.soundfont.riff import CorruptSoundFontError

INNER = [Zone(((INSTRUMENT, 0),))]


def hydra(data: bytes) -> Hydra:
    return read_hydra(np.frombuffer(data, np.uint8))


def test_ranges_meet_and_values_add() -> None:
    zones = [Zone(((43, 10 | 80 << 8), (17, 100), (SAMPLE, 0))), Zone(((43, 90 | 127 << 8), (SAMPLE, 0)))]
    preset = Head([Zone(((43, 40 | 85 << 8), (44, 1 | 64 << 8), (17, -300), (58, 5), (INSTRUMENT, 0)))])
    regions = flatten(hydra(build([tone()], [Head(zones)], [preset])), 0, percussion=False)
    assert regions.ranges.tolist() == [[40, 80, 1, 64]]
    assert regions.values[0, gen.PAN] == -200
    assert regions.values[0, gen.ROOT_KEY] == -1


def test_ranges_end_at_127() -> None:
    zones = [Zone(((43, 100 | 255 << 8), (44, 255 << 8), (SAMPLE, 0))), Zone(((43, 200 | 255 << 8), (SAMPLE, 0)))]
    preset = Head([Zone(((43, 255 << 8), (INSTRUMENT, 0)))])
    regions = flatten(hydra(build([tone()], [Head(zones)], [preset])), 0, percussion=False)
    assert regions.ranges.tolist() == [[100, 127, 0, 127]]


def test_values_are_kept_in_range_and_attenuation_is_scaled() -> None:
    regions = flatten(hydra(simple(Zone(((48, 100), (17, 900), (33, 20_000), (SAMPLE, 0))))), 0, percussion=False)
    assert regions.values[0, gen.ATTENUATION] == pytest.approx(40)
    assert regions.values[0, gen.PAN] == 500
    assert regions.values[0, gen.DELAY] == 5000


def test_generators_after_the_sample_are_ignored_and_zones_without_one_too() -> None:
    zones = [Zone(((SAMPLE, 0), (17, 250))), Zone(((17, 9),))]
    regions = flatten(hydra(simple(*zones)), 0, percussion=False)
    assert regions.values[:, gen.PAN].tolist() == [0]


def test_local_modulators_replace_global_ones_and_the_preset_adds() -> None:
    instrument = Head([Zone((), ((0x0502, 48, 500, 0, 0),)), Zone(((SAMPLE, 0),), ((0x0502, 48, 300, 0, 0),))])
    preset = Head([Zone(((INSTRUMENT, 0),), ((0x0502, 48, 50, 0, 0),))])
    regions = flatten(hydra(build([tone()], [instrument], [preset])), 0, percussion=True)
    amounts = sorted(modulator.amount for modulator, mask in regions.modulators if modulator.target == 48 and mask[0])
    assert amounts == [50, 300]


def test_samples_in_rom_do_not_sound() -> None:
    data = simple(Zone(((SAMPLE, 0),)), samples=[Sample(tone().frames, kind=0x8001)])
    assert len(flatten(hydra(data), 0, percussion=False).samples) == 0


def test_absurdly_many_regions_are_refused() -> None:
    zones = [Zone(((SAMPLE, 0),))] * 300
    data = build([tone()], [Head(zones)], [Head(INNER * 300)])
    with pytest.raises(CorruptSoundFontError, match="20000 regions"):
        flatten(hydra(data), 0, percussion=False)


def test_presets_by_bank_and_program() -> None:
    data = build([tone()], [Head([Zone(((SAMPLE, 0),))])], [Head(INNER, 0, 5), Head(INNER, 128, 0), Head(INNER, 0, 5)])
    assert find_presets(hydra(data)) == {(0, 5): 0, (128, 0): 1}
