import pytest

from text2song.compose.words.writer.review import reviewed

GOOD = """Sure! Here are the lyrics:

**[Verse 1]**
The lanterns swing above the bay
The boats come home at close of day

## Chorus
- "Carry me over the water tonight"
- "Carry me into the harbor light"

I hope you like it!
"""


def test_words_are_cleaned_and_tagged() -> None:
    assert reviewed(GOOD) == (
        "[Verse]\nThe lanterns swing above the bay\nThe boats come home at close of day\n\n"
        "[Chorus]\nCarry me over the water tonight\nCarry me into the harbor light"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot help with that.",
        "[Verse]\n" + "no rhyme here at all\nthe lines just stop\nand then begin\nwith nothing alike",
        "[Verse]\n"
        + "a line that goes on and on without any end and never comes to the point of being sung by anybody\n" * 6,
        "[Verse]\nJe marche dans la nuit\nJe pense à toi\nEt tu es loin de moi\nDans la nuit sans toi",
        "[Verse]\n" + "the night\nthe light\n" * 60,
        "[Verse]\nnight\n" + "I wander through the valley of the forgotten light\n" * 3 + "so bright",
    ],
)
def test_what_cannot_be_sung_is_refused(text: str) -> None:
    assert reviewed(text) is None
