import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.words.stanzas import Stanza, read_stanzas, unknown_tags
from text2song.domain.composition import SectionKind


def test_tags_and_blank_lines_divide() -> None:
    text = "[Verse 1]\none\ntwo\n\n[Chorus]\nhook  hook\n(Pre-Chorus)\nrise\n[Guitar solo]\nhey\n[Hook x2]\noh"
    found = [(stanza.kind, stanza.lines) for stanza in read_stanzas(text)]
    assert found == [
        (SectionKind.VERSE, ("one", "two")),
        (SectionKind.CHORUS, ("hook hook",)),
        (SectionKind.PRECHORUS, ("rise",)),
        (None, ("hey",)),
        (SectionKind.CHORUS, ("oh",)),
        (SectionKind.CHORUS, ("oh",)),
    ]


def test_words_without_tags_are_stanzas_too() -> None:
    assert [stanza.lines for stanza in read_stanzas("a\nb\n\n\nc\n")] == [("a", "b"), ("c",)]


@pytest.mark.parametrize("text", ["", "\n\n", "[Chorus]", "--- 123 ---", "🎹🎹"])
def test_nothing_to_sing_is_nothing(text: str) -> None:
    assert read_stanzas(text) == ()


@pytest.mark.parametrize(
    "tag",
    [
        "[Chorus]",
        "(Chorus)",
        "Chorus:",
        "CHORUS",
        "**Chorus**",
        "## Chorus",
        "[Chorus: all]",
        "[Final Chorus]",
        "{chorus}",
        "Chorus 2:",
        "[Chorus – 2]",
    ],
)
def test_a_chorus_may_be_tagged_in_many_ways(tag: str) -> None:
    assert read_stanzas(f"{tag}\nhey") == (Stanza(SectionKind.CHORUS, ("hey",)),)


def test_an_empty_tag_repeats_and_times_multiply() -> None:
    text = "[Chorus x2]\nhook\n[Verse]\na\n[Chorus]\n\n[Verse 2]\nb\n[Chorus]"
    kinds = [(stanza.kind, stanza.lines) for stanza in read_stanzas(text)]
    chorus, verse = SectionKind.CHORUS, SectionKind.VERSE
    hook = (chorus, ("hook",))
    assert kinds == [hook, hook, (verse, ("a",)), hook, (verse, ("b",)), hook]


def test_words_in_brackets_are_sung_and_directions_are_not() -> None:
    text = "[Verse]\nhold me\n(ooh, hold me)\n(guitar solo)\nnow\nthe chorus of birds"
    assert [line for stanza in read_stanzas(text) for line in stanza.lines] == [
        "hold me",
        "(ooh, hold me)",
        "now",
        "the chorus of birds",
    ]


def test_unknown_tags_are_told() -> None:
    assert unknown_tags("[Zorp]\na\n[Verse]\nb\n[Zorp]\nc") == ("Zorp",)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert all(stanza.lines for stanza in read_stanzas(text))


def test_counting_aloud_is_sung_and_the_number_of_a_stanza_is_not() -> None:
    assert [stanza.lines for stanza in read_stanzas("1, 2, 3, 4!\nhello\n\n2.\nagain")] == [
        ("1, 2, 3, 4!", "hello"),
        ("again",),
    ]
