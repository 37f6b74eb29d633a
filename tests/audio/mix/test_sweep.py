"""Tests of the filter that opens through a build-up."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.audio.songs import small_song

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.mix.automation import STEP
from text2song.audio.mix.sweep import Sweep, sweep_of, sweep_stem
from text2song.domain.composition import Section, SectionKind, UnifiedComposition

#: A bar of the small song at 120 beats a minute lasts two seconds.
FRAMES = 24 * SAMPLE_RATE


def song(*kinds: SectionKind, hertz: float = 300.0) -> UnifiedComposition:
    sections = tuple(Section(f"{kind}.{place}", kind, 4 * place, 4, 0.6) for place, kind in enumerate(kinds))
    made = small_song()
    return replace(made, sections=sections, mix=replace(made.mix, sweep_hz=hertz, thin_hz=250.0))


def swept(made: UnifiedComposition) -> tuple[Sweep, int, int]:
    frames = round(made.seconds * SAMPLE_RATE) + STEP
    sweep = sweep_of(made, frames)
    assert sweep is not None
    (start, end) = sweep.spans[0]
    return sweep, int(start), int(end)


def noise(frames: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(7).normal(0, 0.1, (frames, 2)).astype(np.float32)


def band(audio: np.ndarray[tuple[int, ...], np.dtype[np.float32]], low: float, high: float) -> float:
    """Return the level of a band, dB."""
    spectrum = np.abs(np.fft.rfft(audio[:, 0])) ** 2
    hertz = np.fft.rfftfreq(audio.shape[0], 1 / SAMPLE_RATE)
    return float(10 * np.log10(spectrum[(hertz >= low) & (hertz < high)].mean()))


BUILT = (SectionKind.VERSE, SectionKind.BUILD, SectionKind.DROP)


def test_a_build_up_opens_and_loses_its_ground_and_nothing_else_is_touched() -> None:
    made = song(*BUILT)
    sweep, start, end = swept(made)
    assert abs(start - made.tempo.seconds(made.section_start(made.sections[1])) * SAMPLE_RATE) <= STEP
    assert abs(end - made.tempo.seconds(made.section_start(made.sections[2])) * SAMPLE_RATE) <= STEP
    dry = noise(sweep.wet.size * STEP - 2 * STEP)
    wet = dry.copy()
    sweep_stem(wet, sweep, opens=True, thins=True)
    assert np.array_equal(wet[:start], dry[:start])
    assert np.array_equal(wet[end:], dry[end:])
    tenth = (end - start) // 10
    stretches = [(wet[start + n * tenth : start + (n + 1) * tenth], dry[start + n * tenth : start + (n + 1) * tenth])
                 for n in range(1, 9)]  # fmt: skip
    high = [band(one, 4000, 8000) - band(two, 4000, 8000) for one, two in stretches]
    assert all(after > before - 0.5 for before, after in pairwise(high))
    assert high[0] < -20 < -3 < high[-1]
    low = [band(one, 40, 120) - band(two, 40, 120) for one, two in stretches]
    assert low[0] > -1.5
    late_wet, late_dry = wet[end - tenth : end - 2 * STEP], dry[end - tenth : end - 2 * STEP]
    assert band(late_wet, 40, 120) - band(late_dry, 40, 120) < -9


def test_a_sweep_never_clicks() -> None:
    sweep, start, end = swept(song(*BUILT))
    time = np.arange(sweep.wet.size * STEP - 2 * STEP) / SAMPLE_RATE
    tone = np.repeat((0.5 * np.sin(2 * np.pi * 90 * time))[:, None], 2, axis=1).astype(np.float32)
    wet = tone.copy()
    sweep_stem(wet, sweep, opens=True, thins=True)
    # The second difference of a low tone is tiny; a step or an edge in it would not be.
    most = float(np.abs(np.diff(tone[:, 0], 2)).max())
    edges = [wet[at - 2000 : at + 2000, 0] for at in (start, end)]
    assert max(float(np.abs(np.diff(edge, 2)).max()) for edge in edges) < 12 * most
    assert float(np.abs(np.diff(wet[start:end, 0], 2)).max()) < 12 * most
    assert np.isfinite(wet).all()


def test_a_channel_takes_the_part_of_a_sweep_that_its_plan_says() -> None:
    sweep, start, _ = swept(song(*BUILT))
    dry = noise(sweep.wet.size * STEP - 2 * STEP)
    thinned, opened = dry.copy(), dry.copy()
    sweep_stem(thinned, sweep, opens=False, thins=True)
    sweep_stem(opened, sweep, opens=True, thins=False)
    second = slice(start + SAMPLE_RATE, start + 2 * SAMPLE_RATE)
    assert band(thinned[second], 4000, 8000) == pytest.approx(band(dry[second], 4000, 8000), abs=0.1)
    assert band(opened[second], 4000, 8000) < band(dry[second], 4000, 8000) - 20
    again = dry.copy()
    sweep_stem(again, sweep, opens=True, thins=False)
    assert np.array_equal(again, opened)


@pytest.mark.parametrize(
    ("kinds", "hertz"),
    [
        (BUILT, 0.0),
        ((SectionKind.VERSE, SectionKind.CHORUS), 300.0),
        ((SectionKind.BUILD, SectionKind.OUTRO), 300.0),
    ],
)
def test_without_a_plan_or_an_arrival_there_is_no_sweep(kinds: tuple[SectionKind, ...], hertz: float) -> None:
    assert sweep_of(song(*kinds, hertz=hertz), FRAMES) is None
