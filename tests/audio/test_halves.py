import threading

import pytest

from text2song.audio.halves import Span, in_halves


def test_both_halves_are_played_side_by_side() -> None:
    both, seen = threading.Barrier(2), set[Span]()

    def play(span: Span) -> None:
        both.wait(10)
        seen.add(span)

    in_halves(play, 3, 10)
    assert seen == {(0, 3), (3, 10)}


@pytest.mark.parametrize("start", [0, 3])
def test_what_either_raises_is_raised(start: int) -> None:
    def play(span: Span) -> None:
        if span[0] == start:
            raise KeyError(start)

    with pytest.raises(KeyError):
        in_halves(play, 3, 10)
