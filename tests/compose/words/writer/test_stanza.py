from text2song.compose.decisions import Decisions
from text2song.compose.words.syllables import line_syllables
from text2song.compose.words.writer.phrases import phrase
from text2song.compose.words.writer.rhyme import rhymes
from text2song.compose.words.writer.stanza import StanzaWriter, Stock

OPENINGS = [phrase(text) for text in ("the river runs", "I count the stars", "the lamp is low", "the road is long")]
CLAUSES = {
    "OW": tuple(map(phrase, ("I let it go", "I want to know", "I feel it grow", "it starts to snow"))),
    "EY": tuple(map(phrase, ("I find my way", "I want to stay", "I let it play", "I hear you say"))),
}
STOCK = Stock({}, CLAUSES, [phrase("by the garden gate")], OPENINGS)


def test_a_stanza_has_its_lengths_and_its_rhymes() -> None:
    lines = StanzaWriter(STOCK, Decisions(1), "verse.1/lyrics").stanza(OPENINGS, (9, 9, 9, 9), "ABAB")
    assert [len(line_syllables(line)) for line in lines] == [9, 9, 9, 9]
    assert rhymes(lines[0], lines[2])
    assert rhymes(lines[1], lines[3])
    assert not rhymes(lines[0], lines[1])


def test_no_opening_and_no_rhyme_word_comes_twice() -> None:
    lines = StanzaWriter(STOCK, Decisions(2), "verse.1/lyrics").stanza(OPENINGS, (9, 9, 9, 9), "AABB")
    assert len({line.split()[-1] for line in lines}) == 4
    assert len(set(lines)) == 4


def test_impossible_lengths_still_give_lines() -> None:
    lines = StanzaWriter(STOCK, Decisions(3), "verse.1/lyrics").stanza(OPENINGS, (40, 40), "AA")
    assert all(lines)
