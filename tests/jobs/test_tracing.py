"""A job goes on with the trace of the request that ordered it, and its log lines say so."""

from __future__ import annotations

from dataclasses import replace

import structlog
from opentelemetry import trace
from tests.spans import kept_spans

from text2song.jobs import tracing
from text2song.jobs.memory import memory_queue
from text2song.jobs.runner import Runner


def test_job_belongs_to_the_trace_of_its_request() -> None:
    queue = memory_queue()
    lines: list[dict[str, object]] = []

    def handle(lease: object, progress: object) -> None:
        lines.append(dict(structlog.contextvars.get_contextvars()))

    with kept_spans() as exporter:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id="request-7")
        with trace.get_tracer("test").start_as_current_span("request") as request, queue.sessions.write() as session:
            job = queue.enqueue(session, "sing", {"a": 1})
        structlog.contextvars.clear_contextvars()
        lease = queue.claim("w")
        assert lease is not None
        assert lease.payload == {"a": 1}
        Runner(queue, {"sing": handle}).run(lease)
        spans = {span.name: span for span in exporter.get_finished_spans()}
    whole = request.get_span_context().trace_id
    assert {span.context.trace_id for span in spans.values() if span.context} == {whole}
    enqueued, ran = spans["enqueue sing"], spans["job sing"]
    assert ran.parent is not None
    assert enqueued.context is not None
    assert ran.parent.span_id == enqueued.context.span_id
    assert lines == [{"request_id": "request-7", "job_id": str(job.id), "trace_id": f"{whole:032x}"}]
    assert structlog.contextvars.get_contextvars() == {}


def test_strange_context_is_ignored() -> None:
    queue = memory_queue()
    with queue.sessions.write() as session:
        queue.enqueue(session, "sing", {})
    lease = queue.claim("w")
    assert lease is not None
    # Put in afterwards: what is enqueued inside a trace carries that one.
    for carried in ("nonsense", {"traceparent": "00-zz"}, {"traceparent": 5, "request_id": 7}, None):
        with tracing.running(replace(lease, trace=carried)) as span:
            names = structlog.contextvars.get_contextvars()
            assert (names["job_id"], names.get("request_id")) == (str(lease.job_id), None)
            assert getattr(span, "parent", None) is None


def test_failure_is_marked() -> None:
    with kept_spans() as exporter:
        with trace.get_tracer("test").start_as_current_span("job"):
            tracing.failed("disk-full")
        (span,) = exporter.get_finished_spans()
    assert (span.status.status_code.name, span.status.description) == ("ERROR", "disk-full")
