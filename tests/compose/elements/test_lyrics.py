from dataclasses import replace
from itertools import pairwise

import pytest

from text2song.compose.decisions import Decisions
from text2song.compose.elements.lyrics import LyricsElement
from text2song.compose.engine import compose
from text2song.compose.style import load_style
from text2song.domain.composition import UnifiedComposition
from text2song.domain.request import CompositionRequest

WORDS = """[Verse]
I'm driving through the neon night
The city lights are burning bright
And every mile I leave behind
Is one more memory on my mind

[Chorus]
Drive away, drive away
Until the morning light of day
"""


def _song(style: str, lyrics: str = WORDS, seed: int = 0) -> UnifiedComposition:
    return compose(CompositionRequest(f"{style}, 60 seconds", seed=seed, lyrics=lyrics))


@pytest.mark.parametrize("style", ["pop", "synthwave", "folk", "rock"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_syllable_has_its_notes(style: str, seed: int) -> None:
    song = _song(style, seed=seed)
    assert song.lyrics is not None
    starts = {note.start for note in song.part("vocal").notes}
    syllables = [syllable for line in song.lyrics.lines for syllable in line.syllables]
    assert len(syllables) > 20
    assert all(syllable.start in starts for syllable in syllables)
    for before, after in pairwise(sorted(song.part("vocal").notes)):
        assert before.start + before.duration <= after.start


def test_verses_and_choruses_get_their_own_words() -> None:
    song = _song("pop")
    assert song.lyrics is not None
    for line in song.lyrics.lines:
        if line.section.startswith("chorus"):
            assert "Drive" in line.text or "Until" in line.text
        if line.section.startswith("verse"):
            assert "Drive away" not in line.text


def test_stress_falls_on_the_stronger_positions() -> None:
    kept = total = 0
    for style in ("pop", "folk", "rock", "synthwave"):
        for seed in range(4):
            song = _song(style, seed=seed)
            assert song.lyrics is not None
            beat = song.time_signature.pulse
            for line in song.lyrics.lines:
                for first, second in pairwise(line.syllables):
                    if first.stressed and not second.stressed:
                        total += 1
                        bar = song.time_signature.bar
                        weights = [(s.start % bar == 0) + (s.start % beat == 0) for s in (first, second)]
                        kept += weights[0] >= weights[1]
    assert total > 100
    assert kept / total >= 0.75


def test_without_words_or_voice_nothing_changes() -> None:
    bare = replace(_song("pop"), lyrics=None)
    silent = replace(bare, context=replace(bare.context, lyrics=None))
    element, style = LyricsElement(), load_style("pop")
    assert element.generate(silent, style, Decisions(0)) == silent
    instrumental = replace(bare, parts=tuple(part for part in bare.parts if part.name != "vocal"))
    assert element.generate(instrumental, style, Decisions(0)) == instrumental


@pytest.mark.parametrize("lyrics", ["oh", "la\n" * 500, "[Chorus]\nhey hey hey", "Привет мир\nночь", "🎹 ok 🎹"])
def test_odd_words_make_a_song_all_the_same(lyrics: str) -> None:
    song = _song("pop", lyrics)
    assert song.part("vocal").notes
