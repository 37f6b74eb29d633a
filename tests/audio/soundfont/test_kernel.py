"""The voice's envelopes, oscillators and filter, measured on its output."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from text2song.audio.soundfont.interpolation import narrow_weights, wide_weights
from text2song.audio.soundfont.kernel import GUARD, VOICE, render_voices
from text2song.audio.soundfont.voices import last_frames

RATE = 44_100
FRAMES = 3 * RATE
#: A constant, looped: what comes out is the gain itself.
LEVEL = np.ones(4 * GUARD + 1000, np.float32)


def voice(**fields: float) -> NDArray[np.void]:
    made = np.zeros(1, VOICE)
    values = {
        "held": np.inf, "position": GUARD, "step": 1.0, "wrap": 200, "loop_length": 100, "wide": -1, "left": 1.0,
        "right": 0.5, "attack": 22, "sustain_db": 144, "release_rate": 96 / 500, "damp": np.inf, "mod_attack": 1,
        "cutoff": 13_500, "damping": np.sqrt(0.5), "filter_gain": 1.0,
    } | fields  # fmt: skip
    for name, value in values.items():
        made[name] = value
    return made


def play(data: NDArray[np.float32] = LEVEL, **fields: float) -> NDArray[np.float64]:
    out = np.zeros((2, FRAMES), np.float32)
    render_voices(voice(**fields), data, narrow_weights(), wide_weights(), out, (0, FRAMES))
    return out.astype(np.float64)


def noise() -> NDArray[np.float32]:
    generator = np.random.default_rng(7)
    return generator.standard_normal(FRAMES + 1000).astype(np.float32)


def test_attack_is_a_straight_line() -> None:
    left = play(attack=RATE)[0]
    assert left[RATE // 4] == pytest.approx(0.25, abs=1e-3)
    assert left[RATE // 2] == pytest.approx(0.5, abs=1e-3)
    assert left[RATE + 100] == pytest.approx(1.0, abs=1e-4)


def test_hold_decay_and_sustain_in_decibels() -> None:
    left = 20 * np.log10(play(hold=RATE / 2, decay_rate=96 / RATE, sustain_db=24)[0] + 1e-9)
    assert left[RATE // 2] == pytest.approx(0, abs=0.05)
    assert left[RATE // 2 + 22 + RATE // 8] == pytest.approx(-12, abs=0.1)
    assert left[RATE] == pytest.approx(-24, abs=0.05)
    assert left[-1] == pytest.approx(-24, abs=0.05)


@pytest.mark.parametrize("held", [100, 10_000])
def test_release_falls_from_where_the_note_is(held: float) -> None:
    left = 20 * np.log10(play(held=held, attack=20_000, release_rate=96 / RATE)[0] + 1e-9)
    start = 20 * np.log10(held / 20_000)
    after = int(held) + RATE // 4
    assert left[after] == pytest.approx(start - 24, abs=0.3)
    assert not np.any(left[int(held) + RATE + 100 :] > -95)


def test_damping_cuts_a_held_voice() -> None:
    left = 20 * np.log10(play(damp=RATE, damp_rate=96 / 4410)[0] + 1e-9)
    assert left[RATE - 64] == pytest.approx(0, abs=0.01)
    assert left[RATE + 2205] == pytest.approx(-48, abs=0.5)


def test_left_and_right_gains() -> None:
    left, right = play()
    assert right[1000:] == pytest.approx(0.5 * left[1000:])


def test_tremolo_moves_the_level() -> None:
    left = play(moving=1, lfo_rate=2 / RATE, lfo_to_db=6.0)[0][RATE // 2 :]
    assert 20 * np.log10(left.max()) == pytest.approx(6, abs=0.1)
    assert 20 * np.log10(left.min()) == pytest.approx(-6, abs=0.1)
    crossings = np.sum(np.diff(np.sign(left - 1)) != 0)
    assert crossings == pytest.approx(10, abs=1)


@pytest.mark.parametrize(("fields", "cents"), [
    ({"vibrato_rate": 5 / RATE, "vibrato_to_pitch": 50}, 50),
    ({"lfo_rate": 5 / RATE, "lfo_to_pitch": 100}, 100),
    ({"mod_decay_rate": 1 / RATE, "mod_to_pitch": 700}, 700),
])  # fmt: skip
def test_pitch_modulation_reaches_its_depth(fields: dict[str, float], cents: float) -> None:
    ramp = np.linspace(0, FRAMES * 3e-3, FRAMES * 3, dtype=np.float32)
    left = play(ramp, moving=1, loop_length=0, end=len(ramp) - 600, **fields)[0]
    # The slope of a ramp is the speed of reading.
    speed = np.diff(left[::64])[4:2000] / 64 * 1000
    assert 1200 * np.log2(speed.max()) == pytest.approx(cents, rel=0.03)


def test_modulation_envelope_decays_to_its_sustain() -> None:
    ramp = np.linspace(0, FRAMES * 3e-3, FRAMES * 3, dtype=np.float32)
    fields = {"mod_to_pitch": 1200.0, "mod_decay_rate": 1 / RATE, "mod_sustain": 0.5, "held": 2.0 * RATE}
    left = play(ramp, moving=1, loop_length=0, end=len(ramp) - 600, release_rate=0.0, mod_release_rate=1e-4, **fields)[
        0
    ]
    speed = np.diff(left[::64]) / 64 * 1000
    assert 1200 * np.log2(speed[int(1.5 * RATE / 64)]) == pytest.approx(600, abs=10)
    assert 1200 * np.log2(speed[-5]) == pytest.approx(0, abs=10)


@pytest.mark.parametrize("hertz", [300.0, 2000.0, 9000.0])
def test_filter_is_three_decibels_down_at_its_cutoff(hertz: float) -> None:
    data, cutoff = noise(), 1200 * np.log2(hertz / 8.1757989)
    fields = {"loop_length": 0, "end": FRAMES + 500}
    response = np.abs(np.fft.rfft(play(data, filtered=1, cutoff=cutoff, **fields)[0])) ** 2
    plain = np.abs(np.fft.rfft(play(data, **fields)[0])) ** 2
    bins = np.fft.rfftfreq(FRAMES, 1 / RATE)

    def gain(at: float) -> float:
        band = (bins > at * 0.97) & (bins < at * 1.03)
        return float(10 * np.log10(response[band].sum() / plain[band].sum()))

    assert gain(hertz) == pytest.approx(-3, abs=0.4)
    assert gain(hertz / 6) == pytest.approx(0, abs=0.3)
    assert gain(hertz * 2) < -11


def test_filter_follows_the_modulation_envelope() -> None:
    fields = {"loop_length": 0, "end": FRAMES + 500, "filtered": 1, "moving": 1, "cutoff": 6000.0}
    left = play(noise(), mod_to_cutoff=6000.0, mod_decay_rate=1 / RATE, **fields)[0]
    bright, dull = (np.sqrt(np.mean(part**2)) for part in (left[2000:8000], left[2 * RATE :]))
    assert bright > 4 * dull


def test_a_voice_may_begin_late_or_never() -> None:
    left = play(onset=FRAMES - 10)[0]
    assert not left[: FRAMES - 10].any()
    assert left[-1] > 0
    assert not play(onset=FRAMES + 5).any()


#: Held, struck, choked, moving, filtered, fast and looped voices, all of which end within the three seconds.
VOICES: tuple[dict[str, float], ...] = (
    {"held": 9_000, "onset": 1_234},
    {"held": 30_000, "attack": 40_000, "release_rate": 96 / RATE},
    {"decay_rate": 96 / RATE, "hold": 2_000, "onset": 77},
    {"damp": 15_000, "damp_rate": 96 / RATE},
    {"loop_length": 0, "end": 20_000, "step": 0.7},
    {"loop_length": 0, "end": 20_000, "step": 0.7, "moving": 1, "lfo_rate": 5 / RATE, "lfo_to_pitch": -300},
    {"held": 20_000, "moving": 1, "lfo_rate": 5 / RATE, "lfo_to_db": 9, "filtered": 1, "lfo_to_cutoff": 900},
    {"held": 9_000, "step": 3.0, "wide": 4, "filtered": 1, "cutoff": 9_000},
    {"held": 50, "attack": 20_000, "left": 0.0, "right": 0.3},
    {"held": 10_000, "loop_length": 900, "wrap": 2_000, "tail_shift": 1_000, "tail_end": 18_000},
)


@pytest.mark.parametrize("fields", VOICES)
def test_a_voice_is_silent_where_it_must_be(fields: dict[str, float]) -> None:
    out = play(noise(), **fields)
    end = int(np.flatnonzero(out.any(axis=0))[-1])
    bound = last_frames(voice(**fields))[0]
    assert end < bound < FRAMES
    # Nor is it taken to go on for much longer than it sounds or rises: that would be played twice.
    assert bound < max(2 * end, fields.get("attack", 0)) + 1_000


@pytest.mark.parametrize("fields", VOICES)
@pytest.mark.parametrize("middle", [0, 1_234, 1_300, 10_001, 16_384, FRAMES])
def test_a_voice_in_pieces_is_the_voice(fields: dict[str, float], middle: int) -> None:
    pieces, out = noise(), np.zeros((2, FRAMES), np.float32)
    for span in ((0, middle), (middle, FRAMES)):
        before = out.copy()
        render_voices(voice(**fields), pieces, narrow_weights(), wide_weights(), out, span)
        outside = np.r_[0 : span[0], span[1] : FRAMES]
        assert np.array_equal(out[:, outside], before[:, outside])
    assert np.array_equal(out, play(pieces, **fields))
