"""The composer's one door."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from text2song.compose.engine import compose, finish, replay, score_sketch, sketch
from text2song.compose.style import style_names
from text2song.domain.errors import CancelledError
from text2song.domain.request import CompositionRequest, GenreWeight, InvalidRequestError
from text2song.domain.score import Role
from text2song.domain.serial import UnreadableError, digest, to_json

PROMPT = "dreamy synthwave about night drives, 100 bpm, A minor, 30 seconds"
FRESH = f"""
import sys
from text2song.compose.engine import compose
from text2song.domain.request import CompositionRequest
from text2song.domain.serial import to_json
sys.stdout.buffer.write(to_json(compose(CompositionRequest({PROMPT!r}, seed=11))))
"""


def in_a_fresh_process(hash_seed: str) -> bytes:
    environment = {"PYTHONHASHSEED": hash_seed, "PATH": ""}
    return subprocess.run([sys.executable, "-c", FRESH], capture_output=True, check=True, env=environment).stdout


def test_two_processes_write_the_same_bytes() -> None:
    first = in_a_fresh_process("1")
    assert first == in_a_fresh_process("2")
    assert first == to_json(compose(CompositionRequest(PROMPT, seed=11)))


def test_a_song_is_replayed_from_its_json() -> None:
    song = compose(CompositionRequest(PROMPT, seed=11))
    assert replay(to_json(song)) == song
    with pytest.raises(UnreadableError):
        replay(b'{"context": 3}')


@pytest.mark.parametrize("style", style_names())
def test_every_style_makes_a_whole_song(style: str) -> None:
    request = CompositionRequest("a song", seed=5, duration_seconds=45, genres=(GenreWeight(style),))
    song = compose(request)
    bar = float(song.time_signature.bar * 60 / song.context.bpm)
    assert abs(song.seconds - 45) <= max(bar, 0.9)
    assert song.context.style == style
    assert len(song.parts) >= 5
    assert all(part.notes for part in song.parts)
    assert sum(span.duration for span in song.harmony) == song.length
    assert {channel.part for channel in song.mix.channels} == {part.name for part in song.parts}


def test_candidates_share_the_reading_and_nothing_else() -> None:
    request = CompositionRequest("a happy song", seed=11, duration_seconds=30)
    plain = compose(request)
    songs = [compose(replace(request, candidate=candidate)) for candidate in range(4)]
    assert [song.context for song in songs] == [plain.context] * 4
    assert songs[0].parts == plain.parts
    assert len({digest(song.parts) for song in songs}) == 4
    recorded = songs[3].provenance.request
    assert recorded is not None
    assert compose(recorded) == songs[3]


def test_a_reseeded_path_of_a_candidate_moves_nothing_else() -> None:
    request = CompositionRequest(PROMPT, seed=11, candidate=2)
    whole, changed = compose(request), compose(request, reseeds={"context/bpm": 1, "verse.1/bass": 99})
    assert changed.context == whole.context
    assert changed.part("drums") == whole.part("drums")


def test_another_seed_makes_another_song() -> None:
    assert digest(compose(CompositionRequest(PROMPT, seed=1))) != digest(compose(CompositionRequest(PROMPT, seed=2)))


def test_reseeding_one_melody_moves_nothing_else() -> None:
    request = CompositionRequest(PROMPT, seed=4)
    before, after = compose(request), compose(request, reseeds={"chorus/melody": 9})
    assert before.part("lead") != after.part("lead")
    assert before.harmony == after.harmony
    assert before.part("drums") == after.part("drums")
    assert before.part("bass") == after.part("bass")


def test_a_tilt_changes_the_odds() -> None:
    def first(path: str, options: object, weights: object) -> list[float]:
        assert isinstance(weights, list)
        return [1.0] + [0.0] * (len(weights) - 1)

    song = compose(CompositionRequest("pop, 20 seconds"), tilt=first)
    assert {decision.index for decision in song.provenance.decisions} == {0}


def test_bad_requests_and_cancellation_reach_the_caller() -> None:
    with pytest.raises(InvalidRequestError):
        compose(CompositionRequest(""))

    def stop(stage: str, fraction: float) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        compose(CompositionRequest("pop"), progress=stop)


def test_a_sketch_taken_further_is_the_composed_song() -> None:
    request = CompositionRequest(PROMPT, seed=11, candidate=2)
    begun = sketch(request)
    assert {part.role for part in begun.composition.parts} <= {Role.VOCAL, Role.LEAD}
    written = score_sketch(begun)
    assert len(written.composition.parts) > len(begun.composition.parts)
    assert finish(written) == compose(request)


def test_an_outro_longer_than_every_limit_ends_the_search_for_a_form() -> None:
    """Ten bars of a blues in 12/8 whose only tag is a chorus: found by fuzzing, it once searched for ever."""
    request = CompositionRequest(
        "blues",
        seed=5010735307665037484,
        duration_seconds=30,
        bpm=60,
        time_signature="12/8",
        genres=(GenreWeight("folk", 0.001), GenreWeight("blues", 5)),
        energy=(0, 1),
        lyrics="[Chorus]\n",
        vocals=False,
    )
    assert 24 <= compose(request).seconds <= 36
