from text2song.domain.rational import Fraction
from text2song.domain.score import TempoMap


def test_one_tempo_is_exact() -> None:
    tempo = TempoMap.constant(Fraction(90))
    assert tempo.exact_seconds(Fraction(3, 2)) == Fraction(1)
    assert tempo.bpm == 90


def test_tempo_changes_add_up_piece_by_piece() -> None:
    tempo = TempoMap(((Fraction(0), Fraction(60)), (Fraction(4), Fraction(120)), (Fraction(8), Fraction(30))))
    assert [tempo.seconds(Fraction(beat)) for beat in (0, 2, 4, 6, 8, 9)] == [0.0, 2.0, 4.0, 5.0, 6.0, 8.0]


def test_time_before_the_start_runs_backwards() -> None:
    assert TempoMap.constant(Fraction(60)).seconds(Fraction(-1)) == -1.0
