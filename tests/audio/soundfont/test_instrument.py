"""What a sampled instrument sounds like: pitch, loops, ranges, pan, choking, variation, fallbacks, SF3."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.audio.soundfont.builder import INSTRUMENT, SAMPLE, Head, Sample, Zone, build, font, info, simple, sine, tone

from text2song.audio.instrument import SAMPLE_RATE, PlayedNote, Stereo
from text2song.audio.soundfont import instrument
from text2song.audio.soundfont.instrument import SampledInstrument, open_instrument

LOOPED = (54, 1)
TONE_HERTZ = 441.0


def play(data: bytes, folder: Path, *notes: PlayedNote, frames: int = SAMPLE_RATE, percussion: bool = False) -> Stereo:
    return SampledInstrument(font(folder, data), info(percussion=percussion)).render(notes, frames)


def frequency(signal: NDArray[np.float32]) -> float:
    """The strongest partial in Hz, by a windowed spectrum and a parabola through its peak (error < 0.1 cent)."""
    windowed = signal * np.blackman(len(signal))
    spectrum = np.log(np.abs(np.fft.rfft(windowed, 8 * len(signal))) + 1e-12)
    peak = int(np.argmax(spectrum))
    below, at, above = spectrum[peak - 1 : peak + 2]
    return float((peak + 0.5 * (below - above) / (below - 2 * at + above)) * SAMPLE_RATE / (8 * len(signal)))


def decibels(signal: NDArray[np.float32]) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(np.square(signal, dtype=np.float64))) + 1e-12))


@pytest.mark.parametrize(("pitch", "generators", "cents"), [
    (60, (), 0),
    (72, (), 1200),
    (41, (), -1900),
    (60, ((51, 2), (52, -30)), 170),
    (67, ((56, 50),), 350),
    (60, ((58, 48),), 1200),
    (64, ((46, 62),), 200),
    (100, (), 4000),
])  # fmt: skip
def test_pitch_is_exact(tmp_path: Path, pitch: int, generators: tuple[tuple[int, int], ...], cents: float) -> None:
    data = simple(Zone((*generators, LOOPED, (SAMPLE, 0))))
    out = play(data, tmp_path, PlayedNote(0.0, 1.0, pitch, 100))
    heard = 1200 * np.log2(frequency(out[4410:40000, 0]) / TONE_HERTZ)
    assert heard == pytest.approx(cents, abs=0.5)


def test_header_rate_and_correction_tune_the_sample(tmp_path: Path) -> None:
    sample = Sample(sine(300.0, 1.0, 22_050), root=69, rate=22_050, correction=-20)
    out = play(simple(Zone(((SAMPLE, 0),)), samples=[sample]), tmp_path, PlayedNote(0.0, 1.0, 69, 100))
    assert 1200 * np.log2(frequency(out[4410:30000, 0]) / 300.0) == pytest.approx(-20, abs=0.5)


def test_a_loop_goes_on_without_a_seam(tmp_path: Path) -> None:
    data = simple(Zone((LOOPED, (SAMPLE, 0))), samples=[tone(cycles=12)])
    out = play(data, tmp_path, PlayedNote(0.0, 3.0, 57, 127), frames=2 * SAMPLE_RATE)[2000:, 0].astype(np.float64)
    time = np.arange(len(out)) / SAMPLE_RATE
    hertz = TONE_HERTZ * 2 ** (-3 / 12)
    basis = np.stack([np.sin(2 * np.pi * hertz * time), np.cos(2 * np.pi * hertz * time)], axis=1)
    residue = out - basis @ np.linalg.lstsq(basis, out, rcond=None)[0]
    assert 20 * np.log10(np.abs(residue).max() / np.abs(out).max()) < -60


@pytest.mark.parametrize("length", [1, 2, 7])
def test_shortest_loops_play(tmp_path: Path, length: int) -> None:
    frames = np.concatenate([np.zeros(50), np.full(length, 0.4)])
    data = simple(Zone((LOOPED, (SAMPLE, 0))), samples=[Sample(frames, loop=(50, 50 + length))])
    out = play(data, tmp_path, PlayedNote(0.0, 1.0, 77, 127))
    assert out[20_000:30_000, 0] == pytest.approx(out[20_000, 0], abs=1e-5)
    assert out[20_000, 0] > 0.1


def test_unlooped_sample_ends_with_its_data(tmp_path: Path) -> None:
    data = simple(Zone(((SAMPLE, 0),)), samples=[Sample(sine(441, 0.25))])
    out = play(data, tmp_path, PlayedNote(0.0, 2.0, 60, 100))
    assert np.abs(out[10_000:11_000]).max() > 0.05
    assert not out[11_025 + 64 :].any()


def test_mode_three_plays_the_tail_after_release(tmp_path: Path) -> None:
    body, tail = tone(cycles=40).frames, sine(1764, 0.3)
    sample = Sample(np.concatenate([body, tail]), loop=(100, 4000))
    held = simple(Zone(((38, 1200), (54, 3), (SAMPLE, 0))), samples=[sample])
    out = play(held, tmp_path, PlayedNote(0.0, 0.5, 60, 100))
    assert frequency(out[4000:20_000, 0]) == pytest.approx(441, rel=0.001)
    assert frequency(out[27_000:36_000, 0]) == pytest.approx(1764, rel=0.002)
    assert not out[22_050 + 4000 + 13_230 + 200 :].any()


def test_key_and_velocity_ranges_choose_the_sample(tmp_path: Path) -> None:
    zones = [
        Zone(((43, 0 | 59 << 8), LOOPED, (58, 60), (SAMPLE, 0))),
        Zone(((43, 60 | 127 << 8), (44, 0 | 79 << 8), LOOPED, (58, 72), (SAMPLE, 0))),
        Zone(((43, 60 | 127 << 8), (44, 80 | 127 << 8), LOOPED, (58, 84), (SAMPLE, 0))),
    ]
    for pitch, velocity, octaves in [(59, 100, -1 / 12), (60, 79, -1), (60, 80, -2)]:
        out = play(simple(*zones), tmp_path, PlayedNote(0.0, 1.0, pitch, velocity))
        assert np.log2(frequency(out[4410:, 1]) / TONE_HERTZ) == pytest.approx(octaves, abs=0.002)


def test_preset_values_add_and_global_zones_lie_beneath(tmp_path: Path) -> None:
    instrument = Head([Zone(((51, 3), LOOPED)), Zone(((51, 4), (SAMPLE, 0)))])
    preset = Head([Zone(((51, 1),)), Zone(((51, 2), (INSTRUMENT, 0)))])
    out = play(build([tone()], [instrument], [preset]), tmp_path, PlayedNote(0.0, 1.0, 60, 100))
    assert 12 * np.log2(frequency(out[4410:40_000, 0]) / TONE_HERTZ) == pytest.approx(6, abs=0.01)


@pytest.mark.parametrize(("pan", "left_share"), [(-500, 1.0), (0, 0.5), (250, 0.1464), (500, 0.0)])
def test_pan_keeps_the_power(tmp_path: Path, pan: int, left_share: float) -> None:
    out = play(simple(Zone(((17, pan), LOOPED, (SAMPLE, 0)))), tmp_path, PlayedNote(0.0, 1.0, 60, 100))
    left, right = np.mean(np.square(out[4410:], dtype=np.float64), axis=0)
    centre = play(simple(Zone((LOOPED, (SAMPLE, 0)))), tmp_path, PlayedNote(0.0, 1.0, 60, 100))
    assert left / (left + right) == pytest.approx(left_share, abs=0.001)
    assert left + right == pytest.approx(np.sum(np.mean(np.square(centre[4410:], dtype=np.float64), axis=0)), rel=0.001)


def test_an_exclusive_class_chokes(tmp_path: Path) -> None:
    zones = [
        Zone(((43, 46 | 46 << 8), (57, 1), (58, 46), (SAMPLE, 0))),
        Zone(((43, 42 | 42 << 8), (48, 1400), (57, 1), (58, 42), (SAMPLE, 0))),
        Zone(((43, 51 | 51 << 8), (58, 51), (SAMPLE, 0))),
    ]
    kit = build([Sample(sine(441, 1.0))], [Head(zones)], [Head([Zone(((INSTRUMENT, 0),))], bank=128)])
    open_hat, closed_hat = PlayedNote(0.0, 0.1, 46, 100), PlayedNote(0.5, 0.1, 42, 100)
    alone = play(kit, tmp_path, open_hat, percussion=True)
    choked = play(kit, tmp_path, open_hat, closed_hat, percussion=True)
    after = slice(int(0.62 * SAMPLE_RATE), int(0.9 * SAMPLE_RATE))
    assert decibels(alone[after]) > -30
    assert decibels(choked[after]) < decibels(alone[after]) - 40
    assert np.array_equal(choked[: SAMPLE_RATE // 2 - 32], alone[: SAMPLE_RATE // 2 - 32])
    ride = PlayedNote(0.0, 0.1, 51, 100)
    assert decibels(play(kit, tmp_path, ride, closed_hat, percussion=True)[after]) > -30


def test_drums_ring_out_and_a_new_stroke_damps_the_old(tmp_path: Path) -> None:
    kit = build([Sample(sine(441, 1.0))], [Head([Zone(((SAMPLE, 0),))])], [Head([Zone(((INSTRUMENT, 0),))], bank=128)])
    stroke = PlayedNote(0.0, 0.01, 60, 100)
    late = slice(30_000, 40_000)
    alone = decibels(play(kit, tmp_path, stroke, percussion=True)[late])
    silent = PlayedNote(0.25, 0.01, 60, 1)
    assert alone > -30
    assert -45 < decibels(play(kit, tmp_path, stroke, silent, percussion=True)[late]) - alone < -20


def test_repeats_differ_a_little_and_always_the_same_way(tmp_path: Path) -> None:
    instrument = SampledInstrument(font(tmp_path, simple(Zone((LOOPED, (SAMPLE, 0))))), info())
    plain, *others = (instrument.render([PlayedNote(0.0, 1.0, 60, 90, n)], SAMPLE_RATE) for n in range(12))
    assert all(not np.array_equal(plain, other) for other in others)
    for other in others:
        assert abs(decibels(other[4410:]) - decibels(plain[4410:])) < 0.7
        assert abs(1200 * np.log2(frequency(other[4410:40_000, 0]) / TONE_HERTZ)) < 3
    assert np.array_equal(others[4], instrument.render([PlayedNote(0.0, 1.0, 60, 90, 5)], SAMPLE_RATE))


def test_onset_and_order_of_notes_do_not_change_a_note(tmp_path: Path) -> None:
    instrument = SampledInstrument(font(tmp_path, simple(Zone((LOOPED, (SAMPLE, 0))))), info())
    first, second = PlayedNote(0.1, 0.3, 60, 90, 1), PlayedNote(0.2, 0.3, 67, 70, 2)
    both = instrument.render([first, second], SAMPLE_RATE)
    assert np.array_equal(both, instrument.render([second, first], SAMPLE_RATE))
    apart = instrument.render([first], SAMPLE_RATE) + instrument.render([second], SAMPLE_RATE)
    assert both == pytest.approx(apart, abs=1e-6)
    assert not both[: int(0.1 * SAMPLE_RATE)].any()


def test_threads_render_the_same_samples(tmp_path: Path) -> None:
    instrument = SampledInstrument(font(tmp_path, simple(Zone((LOOPED, (SAMPLE, 0))))), info())
    notes = [PlayedNote(0.02 * n, 0.4, 40 + n % 40, 60 + n % 60, n) for n in range(60)]
    alone = instrument.render(notes, 2 * SAMPLE_RATE)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: instrument.render(notes, 2 * SAMPLE_RATE), range(8)))
    assert all(np.array_equal(alone, each) for each in together)


def test_fractional_onsets_shift_the_wave(tmp_path: Path) -> None:
    data = simple(Zone((LOOPED, (SAMPLE, 0))))
    whole = play(data, tmp_path, PlayedNote(100 / SAMPLE_RATE, 1.0, 60, 100))
    half = play(data, tmp_path, PlayedNote(100.5 / SAMPLE_RATE, 1.0, 60, 100))
    assert half[5001:6000, 0] == pytest.approx((whole[5000:5999, 0] + whole[5001:6000, 0]) / 2, abs=1e-3)


def test_no_notes_is_silence_and_late_notes_are_cut(tmp_path: Path) -> None:
    data = simple(Zone((LOOPED, (SAMPLE, 0))))
    assert not play(data, tmp_path, frames=1000).any()
    late = play(data, tmp_path, PlayedNote(0.99, 5.0, 60, 100), PlayedNote(1.5, 1.0, 60, 100))
    assert late.shape == (SAMPLE_RATE, 2)
    assert late.dtype == np.float32
    assert late[-100:].any()


@pytest.mark.parametrize("percussion", [False, True])
def test_halves_of_a_song_are_what_the_whole_is(
    tmp_path: Path, percussion: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two samples, so that their voices are not in the order of time; notes across the middle, and a rest.
    zones = (Zone(((43, 0 | 60 << 8), LOOPED, (SAMPLE, 0))), Zone(((43, 61 | 127 << 8), (SAMPLE, 1))))
    preset = Head([Zone(((INSTRUMENT, 0),))], 128 if percussion else 0, 0)
    data = build([tone(), tone(period=80)], [Head(zones)], [preset])
    onsets = (0.0, 0.21, 0.4, 0.43, 0.45, 1.3)
    notes = [PlayedNote(at, 0.5, 54 + 3 * n, 90 + n, 7 * n + 1) for n, at in enumerate(onsets)]
    player = SampledInstrument(font(tmp_path, data), info(percussion=percussion))
    halved = player.render(notes, 2 * SAMPLE_RATE)
    monkeypatch.setattr(instrument, "in_halves", lambda play, _, frames: play((0, frames)))
    assert np.array_equal(halved, player.render(notes, 2 * SAMPLE_RATE))
    assert np.abs(halved).max() > 0.05


def test_compressed_samples_sound_like_plain_ones(tmp_path: Path) -> None:
    zone = Zone((LOOPED, (SAMPLE, 0)))
    plain = play(simple(zone), tmp_path, PlayedNote(0.0, 1.0, 64, 100))
    sf3 = play(simple(zone, compressed=True), tmp_path, PlayedNote(0.0, 1.0, 64, 100))
    assert decibels(sf3 - plain) < decibels(plain) - 25


def test_missing_kits_and_banks_fall_back(tmp_path: Path) -> None:
    zones = [Head([Zone((LOOPED, (SAMPLE, 0)))])]
    inner = [Zone(((INSTRUMENT, 0),))]
    opened = font(tmp_path, build([tone()], zones, [Head(inner, 128, 0), Head(inner, 8, 4)]))
    assert open_instrument([opened], info(percussion=True, program=25)) is not None
    assert open_instrument([opened], info(program=4)) is not None
    assert open_instrument([opened], info(program=5)) is None


def test_a_silent_preset_is_passed_over(tmp_path: Path) -> None:
    silent = font(
        tmp_path, simple(Zone((LOOPED, (SAMPLE, 0))), samples=[Sample(np.zeros(500), loop=(10, 90))]), "a.sf2"
    )
    assert open_instrument([silent], info()) is None
    sounding = font(tmp_path, simple(Zone((LOOPED, (SAMPLE, 0)))), "b.sf2")
    chosen = open_instrument([silent, sounding.path], info())
    assert chosen is not None
    assert chosen.render([PlayedNote(0.0, 0.5, 60, 90)], SAMPLE_RATE).any()
