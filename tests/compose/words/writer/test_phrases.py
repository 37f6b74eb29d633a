from text2song.compose.words.writer.phrases import as_plural, marked, meanings, metre_cost, phrase, sentence


def test_phrases_know_their_syllables_and_rhyme() -> None:
    found = phrase("the turning tide")
    assert (found.count, found.beats, found.rhyme, found.last) == (4, "0101", "AY D", "tide")


def test_marks_choose_by_mood_and_number() -> None:
    rows = ["+|I smile", "-|I weep", "1|I call you", "I walk my way", "you run"]
    bright, dark = marked(rows, valence=0.5, plural=False), marked(rows, valence=-0.5, plural=True)
    assert [each.text for each in bright] == ["I smile", "I call you", "I walk my way", "you run"]
    assert [each.text for each in dark] == ["we weep", "we walk our way"]


def test_one_person_becomes_many() -> None:
    assert (
        as_plural("I'm sure I was myself with my hand in mine") == "we're sure we were ourselves with our hand in ours"
    )


def test_even_stresses_cost_nothing() -> None:
    assert metre_cost("01010101") == 0
    assert metre_cost("11") > 0
    assert metre_cost("10001") > 0


def test_sentences_begin_with_a_capital() -> None:
    assert sentence("", "the sea,", "again") == "The sea, again"
    assert meanings("I hold the silver key") == {"hold", "silver", "key"}
