from collections import Counter
from itertools import combinations

import pytest

from text2song.compose.decisions import Decisions
from text2song.compose.words.syllables import line_syllables
from text2song.compose.words.writer.plan import SongPlan, StanzaPlan, Words
from text2song.compose.words.writer.rhyme import rhymes
from text2song.compose.words.writer.writer import scheme_of, write_lyrics
from text2song.domain.composition import SectionKind

FORM = ("verse.1", "prechorus.1", "chorus.1", "verse.2", "prechorus.2", "chorus.2", "bridge.1", "chorus.3")
STYLES = (("pop",), ("folk",), ("hiphop",), ("metal", "rock"), ("country",), ("disco",), ("jazz",), ("nothing known",))


def _plan(
    *, theme: str = "", title: str = "", style: tuple[str, ...] = ("pop",), count: int = 9, valence: float = 0.0
) -> SongPlan:
    stanzas = tuple(
        StanzaPlan(name, SectionKind(name.split(".")[0]), (count,) * (2 if name.startswith("pre") else 4))
        for name in FORM
    )
    return SongPlan(f"a song {theme}", theme, title, valence, True, style, stanzas)


def _write(seed: int = 0, **wishes: object) -> tuple[Words, dict[str, str]]:
    decisions = Decisions(seed)
    words = write_lyrics(_plan(**wishes), decisions)  # type: ignore[arg-type]
    schemes = {made.path.split("/")[0]: made.choice for made in decisions.made if made.path.endswith("lyrics/scheme")}
    return words, schemes


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_lines_rhyme_as_the_scheme_says(style: tuple[str, ...], seed: int) -> None:
    words, schemes = _write(seed, style=style)
    asked = kept = 0
    for section, letters in schemes.items():
        for one, two in combinations(range(len(letters)), 2):
            if letters[one] == letters[two]:
                asked += 1
                kept += rhymes(words[section][one], words[section][two])
    assert asked >= 6
    assert kept / asked >= 0.95


@pytest.mark.parametrize("count", [7, 8, 9, 10, 12])
def test_matching_lines_of_verses_are_at_most_a_syllable_apart(count: int) -> None:
    for seed in range(4):
        words, _ = _write(seed, count=count, theme="about rain")
        for one, two in zip(words["verse.1"], words["verse.2"], strict=True):
            assert abs(len(line_syllables(one)) - len(line_syllables(two))) <= 1


def test_the_chorus_returns_with_its_hook_and_the_verses_do_not() -> None:
    words, _ = _write(theme="dancing all night")
    assert words["chorus.1"] == words["chorus.2"] == words["chorus.3"]
    assert sum("dancing all night" in line.lower() for line in words["chorus.1"]) >= 2
    assert words["verse.1"] != words["verse.2"]
    titled, _ = _write(theme="the sea", title="Paper Lantern")
    assert any("paper lantern" in line.lower() for line in titled["chorus.1"])


def test_two_seeds_write_two_songs_and_one_seed_one() -> None:
    assert _write(1) == _write(1)
    one, two = _write(1)[0], _write(2)[0]
    assert not set(one["verse.1"]) & set(two["verse.1"])


def test_no_verse_is_written_twice_in_two_hundred_songs() -> None:
    songs = [_write(seed)[0] for seed in range(200)]
    verses = Counter(song[name] for song in songs for name in ("verse.1", "verse.2"))
    assert verses.most_common(1)[0][1] == 1


@pytest.mark.parametrize("seed", range(6))
def test_a_song_says_nothing_twice_but_its_returning_parts(seed: int) -> None:
    words, _ = _write(seed, theme="the sea")
    lines = [line for name in ("verse.1", "verse.2", "bridge.1") for line in words[name]]
    assert len(set(lines)) == len(lines)


def test_dark_songs_do_not_cheer_and_bright_ones_do_not_mourn() -> None:
    dark = "\n".join(line for seed in range(20) for lines in _write(seed, valence=-0.8)[0].values() for line in lines)
    bright = "\n".join(line for seed in range(20) for lines in _write(seed, valence=0.8)[0].values() for line in lines)
    assert "finally free" not in dark
    assert "I walk alone" not in bright


def test_an_unknown_theme_is_sung_in_its_own_words() -> None:
    words, _ = _write(theme="zorbing llamas")
    assert any("zorbing llamas" in line.lower() for line in words["chorus.1"])


def test_schemes_grow_with_new_letters() -> None:
    assert scheme_of("ABCB", 8) == "ABCBDEFE"
    assert scheme_of("ABAB", 2) == "AA"
    assert scheme_of("AABB", 0) == ""


def test_decisions_tell_the_lines_they_chose() -> None:
    decisions = Decisions(4)
    words = write_lyrics(_plan(theme="rain"), decisions)
    chosen = {made.choice for made in decisions.made if made.path.startswith("verse.1/lyrics/line/")}
    assert chosen == set(words["verse.1"])
    assert all(made.path.startswith("lyrics/") or "/lyrics/" in made.path for made in decisions.made)
