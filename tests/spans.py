"""Spans of this process, kept where a test can look at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from text2song.services.traces import provider


@contextmanager
def kept_spans() -> Iterator[InMemorySpanExporter]:
    """Keep what ends while the block lasts; there is one provider in a process, so it stays."""
    exporter = InMemorySpanExporter()
    provider().add_span_processor(SimpleSpanProcessor(exporter))
    try:
        yield exporter
    finally:
        exporter.shutdown()
