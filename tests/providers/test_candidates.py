import gc
from dataclasses import replace
from typing import Any

import pytest

from text2song.compose.engine import compose
from text2song.domain.errors import CancelledError
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest, GenreWeight, InvalidRequestError
from text2song.domain.serial import to_json
from text2song.evaluation.rules.findings import Findings, measure
from text2song.evaluation.rules.likeness import interval_likeness
from text2song.evaluation.rules.songview import SongView
from text2song.providers import candidates, companion
from text2song.providers.candidates import MOST, MOST_ALIKE, ROUND, choose

REQUEST = CompositionRequest("pop song, 40 seconds", seed=3)


def test_the_best_candidate_is_the_song_that_its_request_makes() -> None:
    choice = choose(REQUEST)
    best = choice.ranked[0]
    song = best.finished()
    assert choice.composed >= ROUND
    assert song == compose(replace(REQUEST, candidate=best.number))
    assert best.score == max(one.score for one in choice.ranked if one.inside == best.inside)


def _poor(style: str, seed: int) -> CompositionRequest:
    return CompositionRequest(style, seed=seed, duration_seconds=40.0, genres=(GenreWeight(style),))


@pytest.mark.parametrize("style", ["pop", "jazz"])
def test_a_song_inside_every_band_beats_any_that_is_not(style: str) -> None:
    for seed in range(3):
        ranked = [one for one in choose(_poor(style, seed)).ranked if one.in_key]
        assert [one.inside for one in ranked] == sorted((one.inside for one in ranked), reverse=True)


def test_while_none_keeps_every_rule_more_are_made_and_never_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    patient = choose(REQUEST)
    assert patient.composed == ROUND or not patient.ranked[0].inside
    # A rule that no song keeps: all that may be spent is spent.
    hopeless = replace(measure(compose(REQUEST)).figures[0], inside=False, miss=0.5)
    monkeypatch.setattr(candidates, "measure", lambda *_: Findings((hopeless,)))
    assert ROUND < choose(REQUEST).composed <= MOST
    assert choose(replace(REQUEST, duration_seconds=300.0)).composed < MOST


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


@pytest.mark.parametrize("collecting", [True, False])
def test_garbage_is_looked_for_afterwards_as_before(collecting: bool) -> None:
    seen: list[bool] = []

    def told(stage: str, fraction: float) -> None:
        seen.append(gc.isenabled())
        if len(seen) == 3:
            raise CancelledError(stage, fraction)

    (gc.enable if collecting else gc.disable)()
    try:
        with pytest.raises(CancelledError):
            choose(CompositionRequest("house, 8 seconds", vocals=False), told)
        assert gc.isenabled() is collecting
    finally:
        gc.enable()
    assert seen == [False] * 3


@pytest.mark.parametrize("trouble", ["none", "alone", "silent"])
def test_the_choice_does_not_tell_who_made_it(trouble: str, monkeypatch: pytest.MonkeyPatch) -> None:
    request = CompositionRequest("pop song about the sea, 40 seconds", seed=4, vocals=True)
    usual = choose(request)
    if trouble == "alone":
        monkeypatch.setattr(companion, "_cores", lambda: 1)
    if trouble == "silent":
        # It answers some and dies.
        monkeypatch.setattr(companion.Companion, "answer", _tired(companion.Companion.answer))
    told: list[float] = []
    other = choose(request, lambda _, fraction: told.append(fraction))
    assert [replace(one, draft=None) for one in other.ranked] == [replace(one, draft=None) for one in usual.ranked]
    assert other.composed == usual.composed
    assert told == sorted(told)
    if trouble == "alone":
        assert all(one.draft is not None for one in other.ranked)
    for mine, theirs in zip(usual.ranked, other.ranked, strict=True):
        assert to_json(mine.finished()) == to_json(theirs.finished())


def _tired(answer: Any) -> Any:
    answered: list[None] = []

    def tired(self: Any, waiting: Any) -> Any:
        answered.append(None)
        if len(answered) > 3:
            raise companion.SilentCompanionError
        return answer(self, waiting)

    return tired
