from text2song.compose.prompt.lengths import read_length
from text2song.domain.context import Source

LYRICS = "[Verse]\n" + "the city lights are burning bright\n" * 8 + "[Chorus]\n" + "drive away into the day\n" * 8


def test_what_is_said_goes_before_what_the_lyrics_need_and_the_style_has() -> None:
    assert read_length((30.0, "30 seconds"), LYRICS, 2.0, 120.0) == (30.0, Source.WORDS, "30 seconds")
    assert read_length(None, None, 2.0, 120.0) == (120.0, Source.STYLE, "")
    assert read_length(None, "oh", 2.0, 120.0) == (120.0, Source.STYLE, "")
    seconds, source, words = read_length(None, LYRICS, 2.0, 30.0)
    assert (source, words) == (Source.WORDS, "lyrics")
    assert 60 < seconds < 120
