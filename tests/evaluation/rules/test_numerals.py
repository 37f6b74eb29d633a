import pytest

from text2song.evaluation.rules.numerals import degree_semitones


@pytest.mark.parametrize(
    ("roman", "semitones"),
    [
        ("I", 0),
        ("ii7", 2),
        ("bIIImaj7", 3),
        ("#iv", 6),
        ("V7/V", 2),
        ("V/ii", 9),
        ("bVII", 10),
        ("vii7b5", 11),
        ("?", None),
    ],
)
def test_a_numeral_stands_above_the_tonic(roman: str, semitones: int | None) -> None:
    assert degree_semitones(roman) == semitones
