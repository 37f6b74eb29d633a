import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.decisions import Decisions, unit


def test_numbers_are_uniform() -> None:
    values = [unit(1, f"path/{index}") for index in range(20_000)]
    assert abs(sum(values) / len(values) - 0.5) < 0.01
    tenths = [sum(int(value * 10) == tenth for value in values) for tenth in range(10)]
    assert min(tenths) > 1800
    assert max(tenths) < 2200


def test_numbers_are_the_same_in_another_process() -> None:
    code = "from text2song.compose.decisions import unit; print(repr(unit(42, 'chorus.1/melody/motif')))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=240)
    assert float(found.stdout) == unit(42, "chorus.1/melody/motif")


@given(st.integers(0, 2**63), st.permutations(["a", "b", "c", "d"]))
def test_the_order_of_choices_changes_nothing(seed: int, paths: list[str]) -> None:
    decisions = Decisions(seed)
    chosen = {path: decisions.decide(path, range(100)) for path in paths}
    again = Decisions(seed)
    assert {path: again.decide(path, range(100)) for path in sorted(paths)} == dict(sorted(chosen.items()))
    assert decisions.made == again.made


def test_a_reseeded_path_moves_and_nothing_else_does() -> None:
    paths = [
        f"{section}/{element}/{n}"
        for section in ("verse.1", "chorus.1")
        for element in ("bass", "drums")
        for n in range(20)
    ]
    before, after = Decisions(5), Decisions(5, reseeds={"chorus.1/bass": 6})
    changed = {path for path in paths if before.decide(path, range(1000)) != after.decide(path, range(1000))}
    assert len(changed) >= 18
    assert all(path.startswith("chorus.1/bass/") for path in changed)


def test_the_most_particular_reseed_wins() -> None:
    reseeds = {"verse.1": 7, "verse.1/bass/idiom": 8, "feel": 9}
    drawn = Decisions(5, reseeds=reseeds)
    expected = {
        "verse.1": 7,
        "verse.1/bass/3": 7,
        "verse.1/bass/idiom": 8,
        "verse.1/bass/idiom/2": 8,
        "verse.1/bass/idioms": 7,
        "verse.10/bass": 5,
        "feeling": 5,
        "": 5,
    }
    for path, seed in expected.items():
        assert drawn.jitter(path) == Decisions(seed).jitter(path), path


def test_what_was_decided_is_on_record() -> None:
    decisions = Decisions(5)
    assert decisions.recorded("verse.1/bass") is None
    decisions.decide("verse.1/bass", "abc")
    assert decisions.recorded("verse.1/bass") == decisions.made[0]


def test_weights_are_kept() -> None:
    decisions = Decisions(9)
    counts = [0, 0, 0]
    for index in range(10_000):
        counts[decisions.decide(f"p/{index}", (0, 1, 2), (1.0, 0.0, 3.0))] += 1
    assert counts[1] == 0
    assert 0.23 < counts[0] / 10_000 < 0.27


def test_a_tilt_changes_the_odds() -> None:
    decisions = Decisions(9, tilt=lambda path, options, weights: [0.0, *weights[1:]])
    assert {decisions.decide(f"p/{index}", "ab") for index in range(50)} == {"b"}


def test_one_path_names_one_choice() -> None:
    decisions = Decisions(1)
    decisions.decide("p", (1, 2))
    with pytest.raises(ValueError, match="already decided"):
        decisions.decide("p", (1, 2))


@pytest.mark.parametrize("weights", [(0.0, 0.0), (1.0,), (-1.0, 2.0)])
def test_impossible_weights_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Decisions(1).decide("p", ("a", "b"), weights)


def test_jitter_is_centred_and_unrecorded() -> None:
    decisions = Decisions(3)
    values = [decisions.jitter(f"n/{index}") for index in range(5000)]
    assert abs(sum(values) / 5000) < 0.02
    assert -1 <= min(values) < -0.9
    assert 0.9 < max(values) < 1
    assert decisions.made == ()
