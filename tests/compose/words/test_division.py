from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.words.division import cuts_along

SOUNDS = ("AH0", "EY1", "T", "S", "L", "NG")


def test_vowels_find_their_letters() -> None:
    assert cuts_along("rhythm", (("R", "IH1"), ("DH", "AH0", "M"))) == [(2, 3), (5, 5)]
    assert cuts_along("chocolate", (("CH", "AO1", "K"), ("L", "AH0", "T"))) == [(2, 3), (6, 7)]


@given(
    st.text(alphabet="abcdeilmostuy", min_size=1, max_size=12),
    st.lists(st.lists(st.sampled_from(SOUNDS), min_size=1, max_size=3).map(tuple), min_size=1, max_size=5),
)
def test_spans_are_in_order_and_inside(word: str, syllables: list[tuple[str, ...]]) -> None:
    spans = cuts_along(word, syllables)
    assert len(spans) == sum(sound[-1].isdigit() for syllable in syllables for sound in syllable)
    flat = [edge for span in spans for edge in span]
    assert flat == sorted(flat)
    assert all(0 <= edge <= len(word) for edge in flat)
