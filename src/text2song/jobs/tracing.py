"""One trace from a request to the end of its job: the context travels in the job's payload (W3C Trace Context).

The interface of OpenTelemetry alone is used here; where no exporter is set up, spans are made of nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode, format_trace_id
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from text2song.jobs.leases import Lease

#: The field of a payload that carries the context.
FIELD = "trace"

_tracer = trace.get_tracer("text2song")
_context = TraceContextTextMapPropagator()


@contextmanager
def enqueuing(kind: str) -> Iterator[dict[str, Any]]:
    """Yield what a new job's payload carries of the request that orders it: nothing where nothing is known."""
    with _tracer.start_as_current_span(f"enqueue {kind}", kind=SpanKind.PRODUCER):
        carrier: dict[str, str] = {}
        _context.inject(carrier)
        request = structlog.contextvars.get_contextvars().get("request_id")
        if isinstance(request, str):
            carrier["request_id"] = request
        yield {FIELD: carrier} if carrier else {}


@contextmanager
def running(lease: Lease) -> Iterator[Span]:
    """Make the body a part of the request's trace, and have its log lines name job, request and trace."""
    span = begun(lease)
    try:
        with within(lease, span):
            yield span
    finally:
        span.end()


def begun(lease: Lease) -> Span:
    """Return the span of a job that begins now, in the trace of its request; whoever asks ends it."""
    attributes = {"messaging.system": "text2song", "messaging.message.id": str(lease.job_id), "job.kind": lease.kind}
    return _tracer.start_span(f"job {lease.kind}", _context.extract(_carrier(lease)), SpanKind.CONSUMER, attributes)


@contextmanager
def within(lease: Lease, span: Span) -> Iterator[None]:
    """Make the body a part of that span, which goes on after it, and have its log lines name job, request and trace."""
    names = {"job_id": str(lease.job_id), "request_id": _carrier(lease).get("request_id"), "trace_id": trace_id(span)}
    known = {name: value for name, value in names.items() if value}
    with trace.use_span(span), structlog.contextvars.bound_contextvars(**known):
        yield


def _carrier(lease: Lease) -> Mapping[str, str]:
    # The propagator measures whatever it is given; a payload may hold anything.
    carried = lease.trace if isinstance(lease.trace, Mapping) else {}
    return {name: value for name, value in carried.items() if isinstance(value, str)}


def failed(slug: str) -> None:
    """Mark the present span as failed for a reason that has a name."""
    trace.get_current_span().set_status(StatusCode.ERROR, slug)


def trace_id(span: Span) -> str | None:
    """Return the id that log lines name, None where there is no trace."""
    context = span.get_span_context()
    return format_trace_id(context.trace_id) if context.is_valid else None
