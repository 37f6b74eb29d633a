import pytest

from text2song.compose.words.inflection import derived

KNOWN = {
    "light": ("L", "AY1", "T"),
    "moon": ("M", "UW1", "N"),
    "make": ("M", "EY1", "K"),
    "run": ("R", "AH1", "N"),
    "kiss": ("K", "IH1", "S"),
    "leaf": ("L", "IY1", "F"),
    "love": ("L", "AH1", "V"),
    "happy": ("HH", "AE1", "P", "IY0"),
    "want": ("W", "AA1", "N", "T"),
    "do": ("D", "UW1"),
    "gentle": ("JH", "EH1", "N", "T", "AH0", "L"),
}


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("lights", "L AY1 T S"),
        ("loves", "L AH1 V Z"),
        ("leaves", "L IY1 V Z"),
        ("kisses", "K IH1 S AH0 Z"),
        ("kissed", "K IH1 S T"),
        ("loved", "L AH1 V D"),
        ("wanted", "W AA1 N T AH0 D"),
        ("moon's", "M UW1 N Z"),
        ("making", "M EY1 K IH0 NG"),
        ("runnin'", "R AH1 N IH0 N"),
        ("happier", "HH AE1 P IY0 ER0"),
        ("moonlight", "M UW1 N L AY2 T"),
        ("unhappy", "AH0 N HH AE1 P IY0"),
        ("undo", None),
        ("gently", "JH EH1 N T L IY0"),
        ("zebra", None),
    ],
)
def test_words_are_made_from_words(word: str, sounds: str | None) -> None:
    found = derived(word, KNOWN.get)
    assert (None if found is None else " ".join(found)) == sounds
