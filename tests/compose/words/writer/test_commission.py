import pytest

from text2song.compose.engine import compose
from text2song.compose.style import load_style
from text2song.compose.words.writer.commission import song_plan
from text2song.domain.request import CompositionRequest


@pytest.mark.parametrize("bpm", [60, 90, 120, 174])
def test_lines_can_be_sung_in_their_bars(bpm: int) -> None:
    song = compose(CompositionRequest("pop about the sea, 60 seconds", bpm=bpm))
    plan = song_plan(song, song.sections, load_style("pop"))
    bar = 240 / bpm
    for stanza, section in zip(plan.stanzas, song.sections, strict=True):
        seconds = section.bars * bar / len(stanza.counts)
        assert 6 <= min(stanza.counts) <= max(stanza.counts) <= 12
        assert max(stanza.counts) / seconds <= 4.5


def test_a_title_given_is_the_hook_and_one_made_is_not() -> None:
    style = load_style("pop")
    given = compose(CompositionRequest("pop about the sea, 30 seconds", title="Salt"))
    made = compose(CompositionRequest("sad pop, 30 seconds"))
    assert song_plan(given, given.sections, style).title == "Salt"
    assert song_plan(made, made.sections, style).title == ""
    assert song_plan(given, given.sections, style).theme == "the sea"
