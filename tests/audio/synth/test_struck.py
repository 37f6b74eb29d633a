"""Strikes are cached, blended, damped and choked."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

import numpy as np
import pytest

from text2song.audio.instrument import PlayedNote
from text2song.audio.synth import struck
from text2song.audio.synth.catalogue import synth_instrument
from text2song.audio.synth.effects import Effects
from text2song.audio.synth.struck import Damping, Placing, Strike, StrikeCache, StruckInstrument, add_strike
from text2song.domain.instruments import instrument as named


@dataclass
class Steps:
    """Strikes that are constant, so that gains can be read off."""

    variants: int = 1
    made: list[tuple[int, int]] = field(default_factory=list)

    def strike(self, pitch: int, variant: int) -> Strike:
        self.made.append((pitch, variant))
        strike = np.zeros((2, 44_100), dtype=np.float32)
        strike[1] = 1.0
        return strike

    def place(self, pitch: int) -> float:
        return -1.0 if pitch < 60 else 0.0

    def choked_by(self, pitch: int) -> frozenset[int]:
        return frozenset({42}) if pitch == 46 else frozenset()


def instrument(maker: Steps, release: float = 0.0) -> StruckInstrument:
    return StruckInstrument("test", maker, Damping(release, 1.0, 0.0), Effects(), wide=True)


def test_a_strike_is_made_once() -> None:
    maker = Steps()
    made = instrument(maker)
    made.render([PlayedNote(0.1 * n, 0.1, 60, 90, n) for n in range(8)], 44_100)
    assert maker.made == [(60, 0)]


def test_strikes_ring_unless_damped() -> None:
    note = PlayedNote(0.0, 0.2, 60, 127)
    ringing = instrument(Steps()).render([note], 44_100)[:, 0]
    damped = instrument(Steps(), release=0.1).render([note], 44_100)[:, 0]
    assert ringing[30_000] > 0.9
    assert damped[8000] > 0.9
    assert damped[14_000] == 0


def test_a_closed_hat_chokes_an_open_one() -> None:
    sound = instrument(Steps()).render([PlayedNote(0.0, 0.1, 46, 127), PlayedNote(0.5, 0.1, 42, 1)], 44_100)
    assert sound[22_000, 0] > 0.9
    assert sound[23_000, 0] < 0.1
    assert np.abs(np.diff(sound[:, 0])[1:]).max() < 0.05


def test_places_are_heard() -> None:
    sound = instrument(Steps()).render([PlayedNote(0.0, 0.1, 50, 127)], 1000)
    assert sound[500, 0] > 1.3
    assert abs(sound[500, 1]) < 1e-6


def test_layers_are_blended_and_cut_at_the_end() -> None:
    out = np.zeros((1, 1000), dtype=np.float32)
    strike = np.stack([np.full(5000, 2.0, dtype=np.float32), np.full(5000, 10.0, dtype=np.float32)])
    add_strike(out, strike, Placing(100, 10_000, 100, 0.5, 0.25, 1.0, 1.0), (0, 1000))
    assert not out[0, :100].any()
    assert np.allclose(out[0, 100:], 3.5)


def test_halves_of_a_song_are_what_the_whole_is(monkeypatch: pytest.MonkeyPatch) -> None:
    onsets = (0.0, 0.21, 0.4, 0.43, 0.45, 1.3)
    notes = [PlayedNote(at, 0.5, 42 + 4 * n, 60 + 9 * n, 7 * n + 1) for n, at in enumerate(onsets)]
    for made in (instrument(Steps(variants=3), 0.3), synth_instrument(named("tr909")), synth_instrument(named("harp"))):
        halved = made.render(notes, 88_200)
        with monkeypatch.context() as patched:
            patched.setattr(struck, "in_halves", lambda play, _, frames: play((0, frames)))
            assert np.array_equal(halved, made.render(notes, 88_200))
        assert np.abs(halved).max() > 0.05


def test_two_who_ask_for_one_strike_have_it_made_once() -> None:
    maker, cache, both = Steps(), StrikeCache(), Barrier(2)

    def slow(pitch: int, variant: int) -> Strike:
        time.sleep(0.05)
        return maker.strike(pitch, variant)

    def ask(_: int) -> Strike:
        both.wait()
        return cache.strike(60, 0, slow)

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(ask, range(2))
    assert one is other
    assert maker.made == [(60, 0)]


def test_the_cache_forgets_the_oldest() -> None:
    maker = Steps()
    cache = StrikeCache(limit=3 * 44_100 * 8)
    for pitch in (60, 61, 62, 60, 63, 60, 61):
        cache.strike(pitch, 0, maker.strike)
    assert maker.made == [(60, 0), (61, 0), (62, 0), (63, 0), (61, 0)]


def test_threads_hear_the_same() -> None:
    notes = [PlayedNote(0.05 * n, 0.1, 60 + n % 12, 40 + 7 * n % 80, n) for n in range(40)]
    made = instrument(Steps(variants=3))
    with ThreadPoolExecutor(4) as pool:
        sounds = list(pool.map(lambda _: made.render(notes, 100_000), range(4)))
    assert all(np.array_equal(sounds[0], sound) for sound in sounds)
