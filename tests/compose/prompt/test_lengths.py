from text2song.compose.prompt.lengths import read_length, unmet_length
from text2song.compose.prompt.measures import StatedLength
from text2song.domain.context import Source
from text2song.domain.request import CompositionRequest

LYRICS = "[Verse]\n" + "the city lights are burning bright\n" * 8 + "[Chorus]\n" + "drive away into the day\n" * 8


def test_what_is_said_goes_before_what_the_lyrics_need_and_the_style_has() -> None:
    assert read_length(StatedLength(30.0, "30 seconds"), LYRICS, 2.0, 120.0) == (30.0, Source.WORDS, "30 seconds")
    assert read_length(None, None, 2.0, 120.0) == (120.0, Source.STYLE, "")
    assert read_length(None, "oh", 2.0, 120.0) == (120.0, Source.STYLE, "")
    seconds, source, words = read_length(None, LYRICS, 2.0, 30.0)
    assert (source, words) == (Source.WORDS, "lyrics")
    assert 60 < seconds < 120


def test_a_length_that_is_not_met_is_said_unless_a_field_overrules_it() -> None:
    hour = StatedLength(600.0, "an hour", "an hour (too long)")
    assert unmet_length(CompositionRequest("an hour of rain"), hour) == ("an hour (too long)",)
    assert unmet_length(CompositionRequest("an hour of rain", duration_seconds=60), hour) == ()
    assert unmet_length(CompositionRequest("rain"), StatedLength(60.0, "60 s")) == ()
