from dataclasses import replace
from itertools import pairwise

import pytest

from text2song.compose.decisions import Decisions
from text2song.compose.elements.lyrics import LyricsElement
from text2song.compose.engine import compose
from text2song.compose.style import load_style
from text2song.domain.composition import UnifiedComposition
from text2song.domain.rational import Fraction
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
    for style in ("pop", "folk", "rock", "synthwave", "soul in 6/8", "folk waltz"):
        for seed in range(2):
            song = _song(style, seed=seed)
            assert song.lyrics is not None
            beat, bar = song.time_signature.pulse, song.time_signature.bar
            for line in song.lyrics.lines:
                for first, second in pairwise(line.syllables):
                    if first.stressed and not second.stressed:
                        total += 1
                        one, two = (
                            3 * (s.start % bar == 0) + 2 * (s.start % bar == bar / 2) + (s.start % beat == 0)
                            for s in (first, second)
                        )
                        kept += one > two or (first.start % Fraction(1, 2) == 0 and second.start % Fraction(1, 2) != 0)
    assert total > 100
    assert kept / total >= 0.9


def test_singers_breathe_between_lines_and_hold_their_ends() -> None:
    held = lines = 0
    for style in ("pop", "metal", "folk waltz", "ballad, 62 bpm"):
        song = _song(style)
        assert song.lyrics is not None
        ordered = [line for line in song.lyrics.lines if line.syllables]
        for line, following in pairwise(ordered):
            last = line.syllables[-1]
            gap = song.tempo.seconds(following.syllables[0].start) - song.tempo.seconds(last.start + last.duration)
            assert gap >= 0.35
            lengths = sorted(syllable.duration for syllable in line.syllables[:-1])
            lines += 1
            held += last.duration >= lengths[len(lengths) // 2]
    assert held / lines >= 0.95


def test_given_sections_exist_in_the_order_given() -> None:
    text = "[Verse 1]\n{0}[Chorus]\n{0}[Verse 2]\n{0}[Bridge]\n{0}[Chorus]\n".format("we go walking by the sea\n" * 4)
    song = compose(CompositionRequest("folk", lyrics=text))
    sung = [section.kind.value for section in song.sections]
    assert sung == ["intro", "verse", "chorus", "verse", "bridge", "chorus", "outro"]
    assert song.lyrics is not None
    assert song.lyrics.notes == ()
    assert len(song.lyrics.lines) == 20


def test_what_is_not_sung_is_said() -> None:
    long = compose(CompositionRequest("pop, 30 seconds", lyrics="the night is long\na day will come for you\n" * 200))
    assert long.lyrics is not None
    assert any(" lines fit this song" in note for note in long.lyrics.notes)
    odd = _song("pop", WORDS.replace("[Chorus]", "[Zorp]"))
    assert odd.lyrics is not None
    assert any("“Zorp”" in note for note in odd.lyrics.notes)


def test_words_of_an_unknown_language_are_kept_and_not_sung() -> None:
    song = _song("pop", "Je marche dans la nuit et je pense à toi\nEt tu es loin de moi")
    assert song.lyrics is not None
    assert song.lyrics.language == "fr"
    assert all(not line.syllables for line in song.lyrics.lines)
    assert any("French" in note for note in song.lyrics.notes)
    assert song.part("vocal").notes


def test_without_words_they_are_written_and_without_a_voice_nothing_changes() -> None:
    bare = replace(_song("pop"), lyrics=None)
    silent = replace(bare, context=replace(bare.context, lyrics=None))
    element, style = LyricsElement(), load_style("pop")
    written = element.generate(silent, style, Decisions(0)).lyrics
    assert written is not None
    assert written.source == "writer"
    wordless = replace(bare, context=replace(bare.context, lyrics="🎹"))
    assert element.generate(wordless, style, Decisions(0)) == wordless
    instrumental = replace(bare, parts=tuple(part for part in bare.parts if part.name != "vocal"))
    assert element.generate(instrumental, style, Decisions(0)) == instrumental


@pytest.mark.parametrize("lyrics", ["oh", "la\n" * 500, "[Chorus]\nhey hey hey", "Привет мир\nночь", "🎹 ok 🎹"])
def test_odd_words_make_a_song_all_the_same(lyrics: str) -> None:
    song = _song("pop", lyrics)
    assert song.part("vocal").notes


def test_a_line_that_fits_nowhere_is_said_and_the_tune_is_kept() -> None:
    song = _song("pop", "antidisestablishmentarianism " * 20)
    assert song.lyrics is not None
    assert song.lyrics.lines == ()
    assert song.lyrics.notes == ("0 of 1 lines fit this song; the others are not sung.",)
    assert song.part("vocal").notes


@pytest.mark.parametrize(("style", "seconds"), [("folk", 90), ("rock", 60), ("house", 120)])
def test_of_words_longer_than_the_song_the_first_are_sung_once_and_counted(style: str, seconds: int) -> None:
    words = [f"we are walking down the road number {number} tonight" for number in range(500)]
    song = compose(CompositionRequest(f"{style}, {seconds} seconds", lyrics="\n".join(["[Verse]", *words])))
    assert song.lyrics is not None
    heard = [line.text for line in song.lyrics.lines]
    assert len(heard) > 3
    assert heard == words[: len(heard)]
    assert song.lyrics.notes == (f"{len(heard)} of 500 lines fit this song; the others are not sung.",)


def test_a_line_nobody_could_sing_does_not_silence_those_after_it() -> None:
    song = _song("pop", f"[Verse]\nhello there\n{'la ' * 600}\nstill here\n")
    assert song.lyrics is not None
    assert {line.text for line in song.lyrics.lines} == {"hello there", "still here"}
    assert song.lyrics.notes == ("2 of 3 lines fit this song; the others are not sung.",)


def test_english_words_are_sung_whatever_language_the_prompt_is_written_in() -> None:
    song = compose(CompositionRequest("Ein fröhliches Lied mit Akkordeon, 60 Sekunden", lyrics=WORDS))
    assert song.context.language == "de"
    assert song.lyrics is not None
    assert song.lyrics.language == "en"
    assert all(line.syllables for line in song.lyrics.lines)
