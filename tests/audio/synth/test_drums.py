"""Every kit plays every percussion key, and each drum is the drum it should be."""

from __future__ import annotations

import tomllib
from importlib import resources

import numpy as np
import pytest
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, PlayedNote
from text2song.audio.synth.catalogue import synth_instrument
from text2song.audio.synth.drums import load_kit
from text2song.domain.instruments import catalogue

FOLDER = resources.files("text2song.audio.synth").joinpath("kits")
KITS = sorted(file.name.removesuffix(".toml") for file in FOLDER.iterdir() if not file.name.startswith("_"))
FULL = [kit for kit in KITS if "fold" not in tomllib.loads(FOLDER.joinpath(f"{kit}.toml").read_text("utf-8"))]


def hit(kit: str, key: int, seconds: float = 2.0) -> NDArray[np.float64]:
    notes = [PlayedNote(0.0, 0.1, key, 110)]
    sound = synth_instrument(catalogue()[kit]).render(notes, int(seconds * SAMPLE_RATE))
    return sound[:, 0].astype(np.float64) + sound[:, 1]


def shape(sound: NDArray[np.float64]) -> tuple[float, float]:
    """Return the strongest frequency and the centroid in Hz."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    return float(hertz[np.argmax(power)]), float((hertz * power).sum() / power.sum())


@pytest.mark.parametrize("kit", KITS)
def test_every_general_midi_key_sounds(kit: str) -> None:
    loaded = load_kit(kit)
    for key in range(35, 83):
        strike = loaded.strike(key, 0)
        assert np.isfinite(strike).all()
        assert 0.2 < np.abs(strike).max() <= 1.1, key
        assert abs(float(strike[1].mean())) < 2e-3, key
    assert not loaded.strike(20, 0).any()


@pytest.mark.parametrize("kit", FULL)
def test_kicks_are_low_and_hats_are_high(kit: str) -> None:
    assert 40 <= shape(hit(kit, 36))[0] <= 80
    assert shape(hit(kit, 42))[1] > (4000 if kit == "lofi_kit" else 7000)


def test_the_kick_of_the_808_is_long_and_of_the_909_short() -> None:
    def ringing(kit: str) -> float:
        energy = np.cumsum(hit(kit, 36)[::-1] ** 2)[::-1]
        return float(np.argmax(energy < 1e-3 * energy[0])) / SAMPLE_RATE

    assert ringing("tr808") > 0.35
    assert 0.08 < ringing("tr909") < 0.25


def test_toms_climb() -> None:
    pitches = [shape(hit("tr808", key))[0] for key in (41, 43, 45, 47, 48, 50)]
    assert pitches == sorted(pitches)
    assert pitches[-1] > 1.8 * pitches[0]


def test_open_hats_ring_and_closed_hats_choke_them() -> None:
    made = synth_instrument(catalogue()["tr909"])
    opened = PlayedNote(0.0, 0.1, 46, 100)
    alone = made.render([opened], 20_000)
    choked = made.render([opened, PlayedNote(0.1, 0.1, 42, 1)], 20_000)
    assert np.abs(alone[8000:9000]).max() > 4 * np.abs(choked[8000:9000]).max()


def test_strokes_vary_but_little() -> None:
    made = synth_instrument(catalogue()["drum_kit"])
    strokes = [made.render([PlayedNote(0.0, 0.1, 38, 100, n)], 10_000) for n in range(6)]
    assert len({stroke.tobytes() for stroke in strokes}) > 3
    levels = [float(np.std(stroke)) for stroke in strokes]
    assert max(levels) < 1.25 * min(levels)


def test_a_djembe_stays_a_djembe() -> None:
    kit = load_kit("djembe")
    assert {kit.keys[key].sound for key in range(35, 83)} == {"bass", "open", "slap", "tap"}
    assert kit.keys[36].sound == "bass"
