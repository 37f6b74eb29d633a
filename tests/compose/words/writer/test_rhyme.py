import pytest

from text2song.compose.words.writer.rhyme import rhyme_key, rhymes, tail_key


@pytest.mark.parametrize(
    ("one", "two", "alike"),
    [
        ("all through the night", "in the fading light", True),
        ("a thousand stars", "broken guitars", True),
        ("I feel it growing", "the river is flowing", True),
        ("over the sea", "wild and free", True),
        ("it's love", "it's dove", True),
        ("I move", "my love", False),
        ("the night", "the night", True),
        ("in the night", "through the night", False),
        ("", "", False),
    ],
)
def test_rhymes_are_heard_not_read(one: str, two: str, alike: bool) -> None:
    assert rhymes(one, two) is alike


def test_keys_begin_at_the_last_stress() -> None:
    assert tail_key(("G", "R", "OW1", "IH0", "NG")) == "OW IH NG"
    assert rhyme_key("!?") == ""
