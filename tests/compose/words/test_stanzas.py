import pytest

from text2song.compose.words.stanzas import read_stanzas
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
    ]


def test_words_without_tags_are_stanzas_too() -> None:
    assert [stanza.lines for stanza in read_stanzas("a\nb\n\n\nc\n")] == [("a", "b"), ("c",)]


@pytest.mark.parametrize("text", ["", "\n\n", "[Chorus]", "--- 123 ---", "🎹🎹"])
def test_nothing_to_sing_is_nothing(text: str) -> None:
    assert read_stanzas(text) == ()
