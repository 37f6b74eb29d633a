"""Every procedural instrument keeps the same promises."""

from __future__ import annotations

import sys
from itertools import pairwise
from types import ModuleType

import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE, Instrument, PlayedNote, Stereo
from text2song.audio.synth import fm, struck, subtractive
from text2song.audio.synth.catalogue import prefers_synth, synth_instrument
from text2song.audio.synth.effects import Effects, Signal, finish
from text2song.audio.synth.subtractive import SubtractiveInstrument
from text2song.domain.instruments import InstrumentInfo, catalogue

INFOS = tuple(catalogue().values())
PITCHED = tuple(info for info in INFOS if not info.percussion and info.id not in {"riser", "drone"})
#: Out of tune with themselves: that is their sound.
BEATING = frozenset({"honky_tonk_piano", "gamelan_gongs", "dulcimer", "santur", "autoharp"})
every = pytest.mark.parametrize("info", INFOS, ids=[info.id for info in INFOS])


def middle(info: InstrumentInfo) -> int:
    return 38 if info.percussion else (info.low + info.high) // 2


def play(info: InstrumentInfo, *notes: PlayedNote, seconds: float = 1.2) -> Stereo:
    return synth_instrument(info).render(notes, int(seconds * SAMPLE_RATE))


def fresh(info: InstrumentInfo) -> Instrument:
    synth_instrument.cache_clear()
    return synth_instrument(info)


@every
def test_no_notes_are_silence(info: InstrumentInfo) -> None:
    sound = play(info, seconds=0.1)
    assert sound.shape == (4410, 2)
    assert sound.dtype == np.float32
    assert not sound.any()


@pytest.mark.parametrize("maker", [subtractive, fm, struck], ids=lambda maker: maker.__name__.rpartition(".")[2])
def test_the_sum_is_held_by_its_effects_alone(maker: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []

    def watched(signal: Signal, effects: Effects) -> Stereo:
        held.append(sys.getrefcount(signal))
        return finish(signal, effects)

    monkeypatch.setattr(maker, "finish", watched)
    for info in INFOS:
        play(info, PlayedNote(0.0, 0.2, middle(info), 90), seconds=0.3)
    # The argument, and the question itself.
    assert held
    assert max(held) <= 2


@every
def test_sounds_over_its_whole_range(info: InstrumentInfo) -> None:
    pitches = (36, 42, 49) if info.percussion else (info.low, middle(info), info.high)
    for pitch in pitches:
        sound = play(info, PlayedNote(0.0, 0.9, pitch, 100))
        assert np.isfinite(sound).all()
        assert 0.03 < np.abs(sound).max() < 1.2, pitch
        assert abs(float(sound.mean())) < 2e-3, pitch


@every
def test_velocity_raises_the_level(info: InstrumentInfo) -> None:
    levels = [float(np.std(play(info, PlayedNote(0.0, 0.9, middle(info), v, 3)))) for v in (30, 70, 110)]
    assert levels[0] < levels[1] < levels[2]


@every
def test_same_notes_same_samples(info: InstrumentInfo) -> None:
    notes = [PlayedNote(0.1 * n, 0.3, middle(info) + n % 3, 60 + 9 * n, n) for n in range(5)]
    first = fresh(info).render(notes, 30_000)
    assert np.array_equal(first, fresh(info).render(notes[::-1], 30_000))


@every
def test_a_note_past_the_end_is_left_out(info: InstrumentInfo) -> None:
    inside = PlayedNote(0.0, 0.1, middle(info), 90)
    alone = play(info, inside, seconds=0.5)
    crossing = PlayedNote(0.499999, 2.0, middle(info), 90)
    assert np.isfinite(play(info, inside, crossing, seconds=0.5)).all()
    assert np.array_equal(alone, play(info, inside, PlayedNote(0.6, 1.0, middle(info), 90), seconds=0.5))


@pytest.mark.parametrize("info", INFOS, ids=[info.id for info in INFOS])
def test_silent_after_its_release(info: InstrumentInfo) -> None:
    sound = play(info, PlayedNote(0.0, 0.2, middle(info), 100), seconds=9.0)
    assert np.abs(sound[-2000:]).max() < 1e-4


@pytest.mark.parametrize("info", PITCHED, ids=[info.id for info in PITCHED])
def test_in_tune(info: InstrumentInfo) -> None:
    # The upper half of short-lived instruments is gone before a pitch can be measured this finely.
    pitch = (info.low * 2 + info.high) // 3
    sound = play(info, PlayedNote(0.0, 2.9, pitch, 90, 1), seconds=3.0).sum(axis=1)[int(0.25 * SAMPLE_RATE) :]
    window = np.hanning(len(sound))
    power = np.abs(np.fft.rfft(sound * window, 2**20)) ** 2
    hertz = np.fft.rfftfreq(2**20, 1 / SAMPLE_RATE)
    expected = 440 * 2 ** ((pitch - 69) / 12)
    near = np.abs(1200 * np.log2(np.maximum(hertz, 1) / expected)) < 60
    measured = float(np.sum(hertz[near] * power[near]) / np.sum(power[near]))
    assert abs(1200 * np.log2(measured / expected)) < tolerance(info)


def tolerance(info: InstrumentInfo) -> float:
    """Return cents: a single voice is exact; where several beat against each other three seconds leave some doubt."""
    if info.id in BEATING:
        return 9.0
    made = synth_instrument(info)
    return 5.0 if isinstance(made, SubtractiveInstrument) and len(made.oscillators) > 2 else 3.0


def test_the_catalogue_keeps_instruments() -> None:
    info = catalogue()["supersaw"]
    assert synth_instrument(info) is synth_instrument(info)
    assert prefers_synth(info)
    assert not prefers_synth(catalogue()["piano"])


#: The machines hit alike on purpose.
_NO_MACHINES = [
    info for info in catalogue().values() if info.id not in ("tr808", "tr909", "linn_kit", "electronic_kit")
]


@pytest.mark.parametrize("info", _NO_MACHINES, ids=[info.id for info in _NO_MACHINES])
def test_repeated_notes_are_no_machine_gun(info: InstrumentInfo) -> None:
    pitch = 38 if info.percussion else (info.low + info.high) // 2
    strokes = [play(info, PlayedNote(0.0, 0.2, pitch, 95, number * 7919 + 13), seconds=0.5) for number in range(4)]
    whole = float(np.sqrt(np.mean(np.square(strokes[0]))))
    for one, other in pairwise(strokes):
        assert float(np.sqrt(np.mean(np.square(one - other)))) > 10 ** (-56 / 20) * whole
