"""Samples are prepared once, with their loops unrolled and every reader kept inside the buffer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.audio.soundfont.builder import SAMPLE, Sample, Zone, font, simple, sine

from text2song.audio.soundfont.kernel import BLOCK, GUARD, MAX_STEP
from text2song.audio.soundfont.riff import CorruptSoundFontError
from text2song.audio.soundfont.samples import Cut, SampleStore

RAMP = Sample(np.arange(1000) / 2000, loop=(200, 700))


def store(folder: Path, data: bytes) -> SampleStore:
    return font(folder, data).samples


def ramp_store(folder: Path) -> SampleStore:
    return store(folder, simple(Zone(((SAMPLE, 0),)), samples=[RAMP]))


def test_guards_surround_the_frames(tmp_path: Path) -> None:
    made = ramp_store(tmp_path).prepare(Cut(0))
    assert (made.first, made.end, made.loop_length) == (GUARD, GUARD + 1000, 0)
    assert not made.data[:GUARD].any()
    assert made.data[GUARD : GUARD + 1000] == pytest.approx(np.arange(1000) / 2000, abs=1e-4)
    assert len(made.data) >= made.end + BLOCK * MAX_STEP + GUARD


def test_a_loop_is_unrolled_past_the_jump(tmp_path: Path) -> None:
    made = ramp_store(tmp_path).prepare(Cut(0, mode=1))
    assert made.loop_length == 500
    after = GUARD + 700
    assert made.data[after : after + 100] == pytest.approx(made.data[after - 500 : after - 400])
    assert made.wrap - made.loop_length >= GUARD + 200
    assert len(made.data) >= made.wrap + BLOCK * MAX_STEP + GUARD


def test_offsets_move_every_point(tmp_path: Path) -> None:
    made = ramp_store(tmp_path).prepare(Cut(0, start=100, end=-50, loop_start=10, loop_end=-10, mode=3))
    assert made.data[GUARD] == pytest.approx(0.05, abs=1e-4)
    assert made.loop_length == 480
    assert made.end == GUARD + 850
    assert made.data[made.tail_shift + GUARD] == pytest.approx(0.05, abs=1e-4)
    assert made.tail_end == made.tail_shift + made.end


@pytest.mark.parametrize("cut", [
    Cut(0, loop_start=900, mode=1), Cut(0, loop_end=-900, mode=1), Cut(0, start=99_999, mode=1), Cut(0, end=-99_999),
    Cut(0, start=-9, loop_start=-99_999, mode=3), Cut(0, loop_end=99_999, mode=1),
])  # fmt: skip
def test_impossible_points_play_through_or_not_at_all(tmp_path: Path, cut: Cut) -> None:
    made = ramp_store(tmp_path).prepare(cut)
    assert made.first <= made.end <= len(made.data) - BLOCK * MAX_STEP
    assert made.wrap + BLOCK * MAX_STEP < len(made.data)


def test_prepared_samples_are_kept(tmp_path: Path) -> None:
    samples = ramp_store(tmp_path)
    assert samples.prepare(Cut(0)) is samples.prepare(Cut(0))


def test_the_least_used_sample_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = ramp_store(tmp_path)
    first, second = samples.prepare(Cut(0)), samples.prepare(Cut(0, start=1))
    monkeypatch.setattr("text2song.audio.soundfont.samples._CACHE_BYTES", 3 * first.data.nbytes)
    samples.prepare(Cut(0))
    samples.prepare(Cut(0, start=2))
    samples.prepare(Cut(0, start=3))
    assert samples.prepare(Cut(0)) is first
    assert samples.prepare(Cut(0, start=1)) is not second


def test_compressed_samples_are_decoded(tmp_path: Path) -> None:
    frames = sine(441, 0.2)
    data = simple(Zone(((SAMPLE, 0),)), samples=[Sample(frames)], compressed=True)
    made = store(tmp_path, data).prepare(Cut(0))
    assert made.end == GUARD + len(frames)
    assert made.data[GUARD : made.end] == pytest.approx(frames, abs=0.02)


def test_a_broken_stream_is_refused_when_it_is_played(tmp_path: Path) -> None:
    data = simple(Zone(((SAMPLE, 0),)), compressed=True).replace(b"OggS", b"Oops")
    with pytest.raises(CorruptSoundFontError, match="cannot be decoded"):
        store(tmp_path, data).prepare(Cut(0))


@pytest.mark.parametrize("spare", [0, 1, 91, 93, 801])
def test_data_shorter_than_its_header_says_is_cut(tmp_path: Path, spare: int) -> None:
    data = bytearray(simple(Zone(((SAMPLE, 0),)), samples=[RAMP]))
    smpl = data.index(b"smpl")
    size = int.from_bytes(data[smpl + 4 : smpl + 8], "little")
    # What is taken from the samples is made a chunk of its own, so that all sizes still add up.
    data[smpl + 4 : smpl + 8] = (size - 1010 + spare).to_bytes(4, "little")
    rest = smpl + 8 + size - 1010 + spare + (spare & 1)
    data[rest : rest + 8] = b"junk" + (smpl + size - rest).to_bytes(4, "little")
    made = store(tmp_path, bytes(data)).prepare(Cut(0, mode=1))
    assert made.data[GUARD + 100] == pytest.approx(0.05, abs=1e-3)
    assert made.end - GUARD == (size - 1010 + spare) // 2


def test_low_bytes_give_24_bits(tmp_path: Path) -> None:
    quiet = Sample(np.full(400, 3.5 / 32767))
    plain = build_24(simple(Zone(((SAMPLE, 0),)), samples=[quiet]))
    made = store(tmp_path, plain).prepare(Cut(0))
    assert made.data[GUARD] == pytest.approx((4 + 128 / 256) / 32768, rel=1e-4)


def build_24(data: bytes) -> bytes:
    """Add an "sm24" chunk of half-steps behind the 16-bit data."""
    smpl = data.index(b"smpl")
    size = int.from_bytes(data[smpl + 4 : smpl + 8], "little")
    low = b"sm24" + (size // 2).to_bytes(4, "little") + b"\x80" * (size // 2)
    sdta = data.index(b"sdta")
    grown = bytearray(data[: smpl + 8 + size] + low + data[smpl + 8 + size :])
    length = int.from_bytes(data[sdta - 4 : sdta], "little") + len(low)
    grown[sdta - 4 : sdta] = length.to_bytes(4, "little")
    return bytes(grown)
