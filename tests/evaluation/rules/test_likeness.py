from tests.evaluation.rules.scores import PHRASE, up, view
from tests.evaluation.rules.scores import tune as written

from text2song.evaluation.rules.likeness import dice, grams, interval_likeness, intervals, sequence_likeness
from text2song.evaluation.rules.songview import Tone


def _tones(*phrases: tuple[tuple[float, float, int], ...]) -> tuple[Tone, ...]:
    return view(written(*phrases)).tune


def test_a_transposed_tune_is_the_same_tune() -> None:
    assert interval_likeness(_tones(PHRASE), _tones(up(PHRASE, 5))) == 1.0


def test_another_tune_is_not() -> None:
    other = tuple((start, length, 60 + (7 * index) % 12) for index, (start, length, _) in enumerate(PHRASE))
    assert interval_likeness(_tones(PHRASE), _tones(other)) < 0.2


def test_bags_and_sequences() -> None:
    assert dice("aab", "abb") == 2 / 3
    assert dice("", "") == 1.0
    assert grams((1, 2, 3), 2) == [(1, 2), (2, 3)]
    assert sequence_likeness((1, 2, 3, 4), (1, 2, 4)) == 6 / 7
    assert intervals(_tones(((0, 1, 60), (1, 1, 64)))) == (4,)
