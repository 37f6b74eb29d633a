from text2song.compose.words.sheet import assign, known_stanzas, tag_notes, unsung_note
from text2song.domain.composition import Section, SectionKind


def _sections(*kinds: str) -> list[Section]:
    counts: dict[str, int] = {}
    found = []
    for index, kind in enumerate(kinds):
        counts[kind] = counts.get(kind, 0) + 1
        found.append(Section(f"{kind}.{counts[kind]}", SectionKind(kind), 8 * index, 8, 0.5))
    return found


def test_tagged_words_find_their_sections() -> None:
    stanzas = known_stanzas("[Verse 1]\na\n[Chorus]\nh\n[Verse 2]\nb\n[Bridge]\nc")
    placed = assign(stanzas, _sections("verse", "chorus", "verse", "chorus", "bridge", "chorus", "solo"))
    assert {name: each.lines[0] for name, each in placed.items()} == {
        "verse.1": "a",
        "chorus.1": "h",
        "verse.2": "b",
        "chorus.2": "h",
        "bridge.1": "c",
        "chorus.3": "h",
    }


def test_a_returning_stanza_is_the_chorus() -> None:
    kinds = [stanza.kind for stanza in known_stanzas("a\n\nh\n\nb\n\nh")]
    verse, chorus = SectionKind.VERSE, SectionKind.CHORUS
    assert kinds == [verse, chorus, verse, chorus]


def test_a_long_text_without_tags_is_sung_in_order() -> None:
    lines = [f"line {number}" for number in range(30)]
    placed = assign(known_stanzas("\n".join(lines)), _sections("verse", "chorus", "verse"))
    assert [line for each in placed.values() for line in each.lines] == lines[:12]


def test_words_under_an_unknown_tag_are_a_verse_and_this_is_said() -> None:
    text = "[Zorp]\na\n[Chorus]\nh"
    assert known_stanzas(text)[0].kind is SectionKind.VERSE
    (note,) = tag_notes(text, _sections("verse", "chorus"))
    assert "“Zorp”" in note
    (missing,) = tag_notes("[Bridge]\na", _sections("verse"))
    assert "no bridge" in missing


def test_how_many_lines_fit_is_said() -> None:
    stanzas = known_stanzas("[Verse]\na\nb\nc\n[Chorus]\nh")
    assert unsung_note(stanzas, {(0, 0), (0, 1), (0, 2), (1, 0)}) == ()
    assert unsung_note(stanzas, {(0, 0), (1, 0)}) == ("2 of 4 lines fit this song; the others are not sung.",)
