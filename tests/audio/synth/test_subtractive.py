"""The synthesiser has no aliases, true filter slopes, and glides."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, PlayedNote
from text2song.audio.synth import amplifier, subtractive
from text2song.audio.synth.catalogue import synth_instrument
from text2song.audio.synth.effects import Effects
from text2song.audio.synth.subtractive import SubtractiveInstrument, Voice
from text2song.audio.synth.wavetable import wavetable
from text2song.domain.instruments import instrument as named

OPEN = Voice(cutoff=1e9, keytrack=0.0, filter_velocity=0.0, attack=0.005, release=0.05)


def play(voice: Voice, *notes: PlayedNote, shape: str = "saw", mono: bool = False) -> NDArray[np.float64]:
    made = SubtractiveInstrument(
        "test", voice, np.array([[0.0, 1.0, 1.0, 1.0, 0.0]]), np.stack([wavetable(shape)]), Effects(), mono
    )
    return made.render(notes, SAMPLE_RATE)[:, 0].astype(np.float64)


def spectrum(sound: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    piece = sound[8000:40_768]
    power = np.abs(np.fft.rfft(piece * np.blackman(len(piece)))) ** 2
    return np.asarray(np.fft.rfftfreq(len(piece), 1 / SAMPLE_RATE)), np.asarray(power, dtype=np.float64)


def centroid(sound: NDArray[np.float64]) -> float:
    hertz, power = spectrum(sound)
    return float((hertz * power).sum() / power.sum())


@pytest.mark.parametrize("pitch", [36, 60, 84, 96, 103, 108])
@pytest.mark.parametrize("shape", ["saw", "square"])
def test_next_to_nothing_folds_back(pitch: int, shape: str) -> None:
    hertz, power = spectrum(play(OPEN, PlayedNote(0.0, 1.0, pitch, 120), shape=shape))
    fundamental = 440 * 2 ** ((pitch - 69) / 12)
    away = np.abs(hertz / fundamental - np.round(hertz / fundamental)) * fundamental
    strange = power[(away > 8) | (hertz < 0.8 * fundamental)].sum() / power.sum()
    assert 10 * np.log10(strange) < -55


def test_the_filter_falls_by_its_poles() -> None:
    note = PlayedNote(0.0, 1.0, 36, 127)
    slopes = []
    for poles in (2.0, 4.0):
        hertz, power = spectrum(play(OPEN._replace(cutoff=300.0, poles=poles), note))
        octave = [10 * np.log10(power[(hertz > f) & (hertz < 1.4 * f)].sum()) for f in (1500, 3000)]
        slopes.append(octave[0] - octave[1])
    # A saw falls by 6 dB per octave of partials, 3 dB in bands that widen with the octave; the filter adds 12 or 24.
    assert slopes[0] == pytest.approx(15, abs=2.5)
    assert slopes[1] == pytest.approx(27, abs=3.5)


def test_velocity_opens_the_filter() -> None:
    voice = OPEN._replace(cutoff=4000.0, filter_velocity=2.0)
    soft, hard = (play(voice, PlayedNote(0.0, 1.0, 48, velocity)) for velocity in (40, 120))
    assert centroid(hard) > 1.2 * centroid(soft)


def test_a_glide_starts_at_the_note_before() -> None:
    voice = OPEN._replace(glide=0.1)
    notes = (PlayedNote(0.0, 0.3, 40, 100), PlayedNote(0.3, 0.6, 52, 100))
    glided = play(voice, *notes, shape="sine", mono=True)

    def crossings(sound: NDArray[np.float64], start: float, end: float) -> int:
        piece = sound[int(start * SAMPLE_RATE) : int(end * SAMPLE_RATE)]
        return int(np.sum((piece[:-1] < 0) & (piece[1:] >= 0)))

    straight = play(OPEN, *notes, shape="sine", mono=True)
    assert crossings(glided, 0.32, 0.42) < crossings(straight, 0.32, 0.42)
    assert abs(crossings(glided, 0.75, 0.9) - crossings(straight, 0.75, 0.9)) <= 1


def test_no_clicks_at_either_end() -> None:
    sound = play(OPEN._replace(cutoff=2000.0), PlayedNote(0.1, 0.5, 33, 110), shape="sine")
    assert np.abs(np.diff(sound)).max() < 0.01


def test_a_rising_note_grows_to_its_end() -> None:
    voice = OPEN._replace(rise=1.0, cutoff=300.0, filter_env=5.0)
    sound = play(voice, PlayedNote(0.0, 0.9, 48, 100))
    early, late = sound[:10_000], sound[28_000:38_000]
    assert late.std() > 4 * early.std()


@pytest.mark.parametrize("instrument", ["synth_bass", "sub_bass", "reese_bass", "saw_lead", "sweep_pad"])
def test_halves_of_a_song_are_what_the_whole_is(instrument: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Notes that lie across the middle, that overlap, and a rest.
    onsets = (0.0, 0.21, 0.4, 0.43, 0.45, 1.3)
    notes = [PlayedNote(at, 0.5, 40 + 3 * n, 90 + n, 7 * n + 1) for n, at in enumerate(onsets)]
    player = synth_instrument(named(instrument))
    halved = player.render(notes, 2 * SAMPLE_RATE)
    for module in (subtractive, amplifier):
        monkeypatch.setattr(module, "in_halves", lambda play, _, frames: play((0, frames)))
    assert np.array_equal(halved, player.render(notes, 2 * SAMPLE_RATE))
    assert np.abs(halved).max() > 0.05
