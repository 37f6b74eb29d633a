"""Traces to an OpenTelemetry collector, over HTTP (OTLP)."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from text2song import __version__

_TIMEOUT_SECONDS = 5.0


def send_traces(endpoint: str) -> Callable[[], object]:
    """Send the spans of this process to `endpoint`, "http://127.0.0.1:4318"; return what sends the rest."""
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=_TIMEOUT_SECONDS)
    processor = BatchSpanProcessor(exporter, schedule_delay_millis=1000)
    provider().add_span_processor(processor)
    return processor.shutdown


def provider() -> TracerProvider:
    """Return this process's provider of spans, made when first asked for: there can be one only."""
    present = trace.get_tracer_provider()
    if isinstance(present, TracerProvider):
        return present
    instance = f"{socket.gethostname()}:{os.getpid()}"
    names = {"service.name": "text2song", "service.version": __version__, "service.instance.id": instance}
    made = TracerProvider(resource=Resource.create(names))
    trace.set_tracer_provider(made)
    return made
