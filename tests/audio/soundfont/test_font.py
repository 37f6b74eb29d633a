"""A font offers its presets by number and is read again only when its file changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.audio.soundfont.builder import INSTRUMENT, SAMPLE, Head, Zone, build, font, simple, tone

from text2song.audio.soundfont.font import load_font
from text2song.audio.soundfont.riff import CorruptSoundFontError

INNER = [Zone(((INSTRUMENT, 0),))]
ZONES = [Head([Zone(((SAMPLE, 0),))])]


def test_presets_are_named_and_chosen(tmp_path: Path) -> None:
    opened = font(tmp_path, build([tone()], ZONES, [Head(INNER, 8, 3), Head(INNER, 1, 3), Head(INNER, 128, 0)]))
    assert opened.presets == {(8, 3): "head", (1, 3): "head", (128, 0): "head"}
    assert opened.choose(3, percussion=False) == (1, 3)
    assert opened.choose(0, percussion=False) is None
    assert opened.choose(40, percussion=True) == (128, 0)


def test_the_first_of_equal_presets_wins(tmp_path: Path) -> None:
    other = [Head([Zone(((51, 7), (SAMPLE, 0)))])]
    presets = [Head(INNER), Head([Zone(((INSTRUMENT, 1),))])]
    opened = font(tmp_path, build([tone()], [*ZONES, *other], presets))
    assert opened.regions(0, 0).values[0, 51] == 0


def test_regions_are_flattened_once(tmp_path: Path) -> None:
    opened = font(tmp_path, simple(Zone(((SAMPLE, 0),))))
    assert opened.regions(0, 0) is opened.regions(0, 0)
    assert opened.sample_tuning(opened.regions(0, 0)) == ([44_100], [60], [0])
    with pytest.raises(KeyError):
        opened.regions(0, 1)


def test_loading_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.sf2"
    path.write_bytes(simple(Zone(((SAMPLE, 0),))))
    first = load_font(path)
    assert load_font(path) is first
    os.utime(path, ns=(1, 1))
    assert load_font(path) is not first


def test_errors_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.sf2"
    path.write_bytes(b"not a font at all")
    with pytest.raises(CorruptSoundFontError, match="broken"):
        load_font(path)
    with pytest.raises(CorruptSoundFontError, match="absent"):
        load_font(tmp_path / "absent.sf2")
