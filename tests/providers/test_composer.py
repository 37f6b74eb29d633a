from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from text2song.audio.orchestra import Orchestra
from text2song.domain.errors import CancelledError
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest
from text2song.evaluation.conformance import reported
from text2song.providers.base import RequestMissedError
from text2song.providers.composer import ATTEMPTS, ComposerProvider

REQUEST = CompositionRequest("house, 124 bpm, F minor, 8 seconds", vocals=False)


@pytest.fixture(scope="module")
def maker() -> ComposerProvider:
    return ComposerProvider(Orchestra())


def test_a_song_is_made_in_the_folder(maker: ComposerProvider, tmp_path: Path) -> None:
    seen: list[float] = []
    song = maker.make(REQUEST, tmp_path, lambda stage, fraction: seen.append(fraction))
    assert all((tmp_path / name).is_file() for name in song.files)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")} == set(song.files)
    assert song.report.passed, song.report.reasons
    assert song.report.realtime_factor > 0
    assert set(song.report.seconds) == {"compose", "instruments", "mix", "master", "write", "measure"}
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_the_best_of_many_candidates_is_kept_and_its_recipe_makes_it_again(
    maker: ComposerProvider, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    song = maker.make(REQUEST, tmp_path / "a", silent)
    told = song.report.candidates
    recorded = song.composition.provenance.request
    assert told["composed"] >= 16
    assert told["attempt"] >= 1
    assert recorded == replace(REQUEST, candidate=told["chosen"])
    assert recorded is not None
    again = maker.make(recorded, tmp_path / "b", silent)
    assert again.report.candidates["composed"] == 1
    for name in ("composition.json", "song.wav", "song.mid"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert again.report.rules == song.report.rules
    assert 0 < song.report.rules["score"] <= 1
    assert song.report.rules["figures"]["form.length"] <= 1


def test_a_take_that_misses_is_made_again_from_another_candidate(
    maker: ComposerProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    honest = reported

    def strict(composition: Any, *arguments: Any, **options: Any) -> Any:
        seen.append(composition.provenance.request.candidate)
        report = honest(composition, *arguments, **options)
        passed = len(seen) == 2
        return replace(report, passed=passed, reasons=() if passed else ("too quiet",))

    monkeypatch.setattr("text2song.providers.ears.reported", strict)
    fractions: list[float] = []
    song = maker.make(REQUEST, tmp_path, lambda stage, fraction: fractions.append(fraction))
    assert len(seen) == len(set(seen)) == 2
    assert song.report.passed
    assert song.demand() is song
    assert song.composition.provenance.request == replace(REQUEST, candidate=seen[1])
    assert song.report.candidates["attempt"] == 2
    # Nothing of the first candidate is left, and the progress never fell.
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")} == set(song.files)
    assert fractions == sorted(fractions)


def test_after_the_last_attempt_the_report_says_what_is_missing(
    maker: ComposerProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = reported
    judged: list[object] = []

    def never(*arguments: Any, **options: Any) -> Any:
        judged.append(arguments)
        return replace(honest(*arguments, **options), passed=False, reasons=("too quiet",))

    monkeypatch.setattr("text2song.providers.ears.reported", never)
    song = maker.make(REQUEST, tmp_path, silent)
    assert song.report.reasons == ("too quiet",)
    with pytest.raises(RequestMissedError, match="too quiet"):
        song.demand()
    assert len(judged) == ATTEMPTS


@pytest.mark.parametrize("fraction", [0.01, 0.3, 0.8, 0.9])
def test_cancelling_stops_at_every_stage(maker: ComposerProvider, tmp_path: Path, fraction: float) -> None:
    limit = fraction

    def stop(stage: str, fraction: float) -> None:
        if fraction >= limit:
            raise CancelledError

    with pytest.raises(CancelledError):
        maker.make(REQUEST, tmp_path, stop)
