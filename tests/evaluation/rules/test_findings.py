from dataclasses import replace

import pytest
from tests.evaluation.rules.scores import PHRASE, song, tune, up

from text2song.domain.context import Genre
from text2song.evaluation.rules.bands import load_bands
from text2song.evaluation.rules.findings import FIGURES, measure, rated, score

FAIR = song(tune(*[PHRASE] * 4))
FOUL = song(tune(*[up(PHRASE, 1)] * 4))


def test_every_band_has_a_measure_and_every_measure_a_band() -> None:
    assert set(FIGURES) == set(load_bands()[0])


def test_findings_say_what_was_measured_and_what_may_be() -> None:
    findings = measure(FOUL)
    strong = findings.figure("melody.strong_chord_tones")
    assert strong.applicable
    assert not strong.inside
    assert strong.value is not None
    assert strong.value < strong.low
    assert 0 < strong.miss <= 1
    assert strong in findings.missed
    assert not findings.inside
    with pytest.raises(KeyError):
        findings.figure("melody.nonsense")


def test_what_cannot_be_measured_is_no_fault() -> None:
    drums = measure(FAIR).figure("rhythm.groove")
    assert drums.value is None
    assert not drums.applicable
    assert drums.inside


def test_an_exception_does_not_apply() -> None:
    ambient = replace(FAIR, context=replace(FAIR.context, genres=(Genre("ambient", (), 1.0, "ambient"),)))
    assert not measure(ambient).figure("rhythm.fills").applicable


def test_the_score_prefers_fewer_and_smaller_faults() -> None:
    assert 0 <= score(FOUL) < score(FAIR) <= 1
    findings = measure(FAIR)
    nearly = [replace(one, inside=False, miss=0.1) if one.figure == "form.answers" else one for one in findings.figures]
    badly = [replace(one, inside=False, miss=0.9) if one.figure == "form.answers" else one for one in findings.figures]
    assert (
        rated(replace(findings, figures=tuple(badly)))
        < rated(replace(findings, figures=tuple(nearly)))
        < rated(findings)
    )
