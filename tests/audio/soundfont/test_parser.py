"""The tables are read as written, and a font that contradicts itself is refused before anything plays."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import numpy as np
import pytest
from tests.audio.soundfont.builder import (
    INSTRUMENT,
    SAMPLE,
    Head,
    Sample,
    Zone,
    build,
    font,
    info,
    simple,
    sine,
    tone,
)

from text2song.audio.instrument import PlayedNote
from text2song.audio.soundfont.instrument import SampledInstrument
from text2song.audio.soundfont.parser import read_hydra
from text2song.audio.soundfont.riff import CorruptSoundFontError

NOTES = [PlayedNote(0.01 * n, 0.1, pitch, 100, n) for n, pitch in enumerate(range(0, 127, 9))]


def rich(*, compressed: bool) -> bytes:
    """A font with global zones, ranges, loops of every mode, modulators and a kit."""
    zones = [
        Zone(((33, -5000), (38, 1200))),
        Zone(((43, 0 | 70 << 8), (54, 1), (57, 1), (8, 9000), (11, 2400), (SAMPLE, 0)), ((0x0502, 48, 960, 0, 0),)),
        Zone(((43, 50 | 127 << 8), (54, 3), (5, 30), (13, 40), (SAMPLE, 1))),
    ]
    inner = [Zone(((INSTRUMENT, 0),))]
    samples = [tone(), Sample(sine(300, 0.1), loop=(10, 3000))]
    return build(samples, [Head(zones)], [Head(inner), Head(inner, bank=128)], compressed=compressed)


def read(data: bytes) -> object:
    return read_hydra(np.frombuffer(data, np.uint8))


def test_tables_are_read_as_written() -> None:
    hydra = read_hydra(np.frombuffer(rich(compressed=False), np.uint8))
    assert len(hydra.presets.heads) == 3
    assert hydra.presets.heads["bank"].tolist() == [0, 128, 0]
    assert hydra.instruments.bags["generator"].tolist() == [0, 2, 8, 13]
    assert hydra.samples["loop_end"].tolist()[0] == 19_900
    assert hydra.instruments.modulators[0].tolist() == (0x0502, 48, 960, 0, 0)
    assert hydra.low_bytes is None


@pytest.mark.parametrize("operator", [SAMPLE, INSTRUMENT])
def test_a_dangling_reference_is_refused(operator: int) -> None:
    sample, instrument = (9, 0) if operator == SAMPLE else (0, 9)
    data = build([tone()], [Head([Zone(((SAMPLE, sample),))])], [Head([Zone(((INSTRUMENT, instrument),))])])
    with pytest.raises(CorruptSoundFontError, match="does not contain"):
        read(data)


def test_zones_out_of_order_are_refused() -> None:
    data = bytearray(rich(compressed=False))
    ibag = data.index(b"ibag") + 8
    struct.pack_into("<H", data, ibag + 4, 60_000)
    with pytest.raises(CorruptSoundFontError, match="out of order"):
        read(bytes(data))


def test_a_missing_table_is_named() -> None:
    with pytest.raises(CorruptSoundFontError, match="“shdr”"):
        read(rich(compressed=False).replace(b"shdr", b"xxxx"))


def test_every_truncation_is_refused() -> None:
    data = simple(Zone(((SAMPLE, 0),)), samples=[Sample(sine(441, 0.002))])
    for length in range(len(data) - 1):
        with pytest.raises(CorruptSoundFontError):
            read(data[:length])


@pytest.mark.parametrize("compressed", [False, True])
def test_mutated_fonts_play_or_are_refused(tmp_path: Path, compressed: bool) -> None:
    chance = random.Random(20_26)  # noqa: S311 - reproducible damage, not secrets
    original, outcomes = rich(compressed=compressed), [0, 0]
    tables = original.index(b"pdta")
    for _ in range(200):
        data = bytearray(original)
        for _ in range(chance.choice((1, 2, 8, 40))):
            low = tables if chance.random() < 0.8 else 0
            data[chance.randrange(low, len(data))] = chance.choice((0, 127, 128, 255, chance.randrange(256)))
        outcomes[_plays(bytes(data), tmp_path)] += 1
    assert min(outcomes) > 20


def _plays(data: bytes, folder: Path) -> bool:
    try:
        opened = font(folder, data)
        for percussion in (False, True):
            if opened.choose(0, percussion=percussion) is not None:
                out = SampledInstrument(opened, info(percussion=percussion)).render(NOTES, 8000)
                assert out.shape == (8000, 2)
                assert np.isfinite(out).all()
    except CorruptSoundFontError:
        return False
    return True
