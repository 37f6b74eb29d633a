"""Words of progress become stages, and stages become spans one after another."""

from __future__ import annotations

import pytest
from opentelemetry import trace
from tests.spans import kept_spans

from text2song.domain.errors import CancelledError
from text2song.services.tasks.stages import stage_of, traced


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("composing", "compose"),
        ("composing candidates", "compose"),
        ("comparing candidates", "compose"),
        ("composed", "compose"),
        ("take 2 of 3: rendering lead vocal", "stems"),
        ("rendering mix", "mix"),
        ("mastering", "master"),
        ("measuring", "measure"),
        ("writing stems", "keeping"),
        ("take 1 of 2: packing", "keeping"),
        ("storing", "keeping"),
        ("keeping", "keeping"),
        ("dreaming", "dreaming"),
    ],
)
def test_words_belong_to_stages(words: str, stage: str) -> None:
    assert stage_of(words) == stage


def test_each_stage_is_one_span_below_the_present_one() -> None:
    told: list[str] = []

    def note(stage: str, fraction: float) -> None:
        told.append(stage)

    with kept_spans() as exporter:
        with trace.get_tracer("test").start_as_current_span("job"), traced(note) as heard:
            for words in ("composing", "composed", "rendering bass", "rendering mix", "mastering", "keeping"):
                heard(words, 0.5)
        spans = exporter.get_finished_spans()
    assert [span.name for span in spans] == ["compose", "stems", "mix", "master", "keeping", "job"]
    assert spans[-1].context is not None
    assert {span.parent.span_id for span in spans if span.parent} == {spans[-1].context.span_id}
    assert len(told) == 6


def test_what_progress_raises_ends_the_stage() -> None:
    def stop(stage: str, fraction: float) -> None:
        raise CancelledError("stop")

    with kept_spans() as exporter:
        with pytest.raises(CancelledError), traced(stop) as heard:
            heard("mastering", 0.0)
        assert [span.name for span in exporter.get_finished_spans()] == ["master"]
