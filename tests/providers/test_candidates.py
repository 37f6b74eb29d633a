from dataclasses import replace

import pytest

from text2song.compose.engine import compose
from text2song.domain.errors import CancelledError
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest, InvalidRequestError
from text2song.domain.serial import to_json
from text2song.evaluation.rules.likeness import interval_likeness
from text2song.evaluation.rules.songview import SongView
from text2song.providers.candidates import MOST_ALIKE, ROUND, choose

REQUEST = CompositionRequest("pop song, 40 seconds", seed=3)


def test_the_best_candidate_is_the_song_that_its_request_makes() -> None:
    choice = choose(REQUEST)
    best = choice.ranked[0]
    song = best.finished()
    assert choice.composed >= ROUND
    assert song == compose(replace(REQUEST, candidate=best.number))
    assert best.score == max(one.score for one in choice.ranked)


def test_the_choice_is_the_same_every_time() -> None:
    first, second = choose(REQUEST), choose(REQUEST)
    assert [one.number for one in first.ranked] == [one.number for one in second.ranked]
    assert to_json(first.ranked[0].finished()) == to_json(second.ranked[0].finished())


def test_a_take_is_unlike_an_earlier_one() -> None:
    # The song itself stands in for an earlier take: the same candidates cannot give it again.
    taken = choose(REQUEST).ranked[0].finished()
    other = choose(REQUEST, earlier=[taken]).ranked[0]
    assert other.alike <= MOST_ALIKE
    song = other.finished()
    assert interval_likeness(SongView(song).tune, SongView(taken).tune) == other.alike


def test_it_can_be_cancelled_and_wrong_requests_are_refused() -> None:
    def stop(stage: str, fraction: float) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        choose(REQUEST, stop)
    with pytest.raises(InvalidRequestError):
        choose(replace(REQUEST, prompt=" "), silent)
