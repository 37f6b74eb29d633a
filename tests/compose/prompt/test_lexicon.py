"""The lexicon's breadth and its inner order."""

from __future__ import annotations

from text2song.compose.prompt.lexicon import grammar, lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.text import phrase
from text2song.compose.style import style_names
from text2song.domain.instruments import catalogue
from text2song.domain.theory import MODES, TimeSignature


def test_it_is_broad() -> None:
    known = lexicon()
    assert len(known.genres) >= 150
    assert len(known.moods) + len(known.scenes) >= 200
    assert len(catalogue()) >= 120


def test_every_style_is_the_first_choice_of_some_genre() -> None:
    assert {row.styles[0] for row in lexicon().genres.values()} >= set(style_names())


def test_every_genre_row_is_sound() -> None:
    known = lexicon()
    for row in known.genres.values():
        assert set(row.parents) <= set(known.genres)
        assert row.name not in row.parents
        assert 30 <= row.bpm[0] <= row.bpm[1] <= 300
        assert -1 <= row.valence <= 1
        assert -1 <= row.arousal <= 1
        assert set(row.play) <= set(catalogue())
        assert row.mode in {"", *MODES}
        assert not row.metre or TimeSignature.parse(row.metre)


def test_rows_point_at_rows_that_exist() -> None:
    known = lexicon()
    moods = {mood for row in known.genres.values() for mood in row.moods} | {row.mood for row in known.scenes.values()}
    assert [mood for mood in moods if not _is_mood(mood)] == []
    assert {row.genre for row in known.scenes.values()} <= {"", *known.genres}
    assert {row.genre for row in known.artists.values()} <= set(known.genres)
    assert {row.mood for row in known.artists.values()} <= set(known.moods)
    assert {row[0] for row in known.words["era"].values()} <= set(known.genres)
    for name in ("suggests", "suggests_calm"):
        assert set(known.words[name].values()) <= set(known.genres)
        assert set(known.words[name]) <= {*catalogue(), *known.generics}
    for generic in known.generics.values():
        assert {id_ for _, id_ in generic.by_style} | set(generic.all) | {generic.any} <= {"", *catalogue()}


def _is_mood(word: str) -> bool:
    return any(entry.kind is Kind.MOOD for entry in lexicon().phrases.get(phrase(word), ()))


def test_every_name_finds_itself() -> None:
    known = lexicon()
    for kind, names in ((Kind.GENRE, known.genres), (Kind.MOOD, known.moods), (Kind.SCENE, known.scenes)):
        for name in names:
            assert name in {entry.name for entry in known.phrases[phrase(name)] if entry.kind is kind}


def test_grammar_words_are_sets() -> None:
    assert {"only", "just"} <= grammar("alone_before")
