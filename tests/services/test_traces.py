"""One request is one trace, through the queue and a worker process, as a collector receives it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.testclient import TestClient
from tests.collecting import Collected, collector
from tests.services.fakes import make_studio

from text2song.api.app import PREFIX, app_of
from text2song.services.traces import provider

BASE = "http://127.0.0.1:8000"
STAGES = {"compose", "stems", "master", "keeping"}


def spans_of(collected: Collected) -> Iterator[Any]:
    for path, body in list(collected.posts):
        assert path == "/v1/traces"
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            names = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
            assert names["service.name"] == "text2song"
            for scope in resource.scope_spans:
                for span in scope.spans:
                    yield names["service.instance.id"], span


def test_one_post_is_one_trace_through_a_worker_process(tmp_path: Path) -> None:
    with collector() as collected:
        endpoint = f"http://127.0.0.1:{collected.port}"
        studio = make_studio(tmp_path, otlp_endpoint=endpoint)
        parent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
        with TestClient(app_of(studio), base_url=BASE) as client:
            reply = client.post(f"{PREFIX}/generate", json={"prompt": "a song"}, headers={"traceparent": parent})
            job = reply.json()["job_id"]
            settings = {"TEXT2SONG_DATA_DIR": str(tmp_path), "TEXT2SONG_OTLP_ENDPOINT": endpoint}
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.services.fake_worker", "0.2"], env={**os.environ, **settings}
            )
            limit = time.monotonic() + 60
            while client.get(f"{PREFIX}/jobs/{job}").json()["status"] != "COMPLETE":
                assert time.monotonic() < limit
                time.sleep(0.1)
        worker.terminate()
        assert worker.wait(30) == 0
        studio.close()
        found = [(who, span) for who, span in spans_of(collected) if span.trace_id.hex() == parent.split("-")[1]]
    spans = {span.name: span for _, span in found}
    # The framework adds its own steps between the request and what the endpoint does.
    assert set(spans) >= {f"POST {PREFIX}/generate", "enqueue compose", "job compose", *STAGES}
    above = {span.span_id: span for _, span in found}
    assert spans[f"POST {PREFIX}/generate"].parent_span_id.hex() == parent.split("-")[2]
    # Connected: from whichever span, one comes up to the request.
    for span in spans.values():
        top = span
        while top.parent_span_id in above:
            top = above[top.parent_span_id]
        assert top.name == f"POST {PREFIX}/generate"
    assert above[spans["job compose"].parent_span_id].name == "enqueue compose"
    assert {above[spans[stage].parent_span_id].name for stage in STAGES} == {"job compose"}
    # Two processes told it.
    assert len({who for who, _ in found}) == 2


def test_a_collector_that_is_away_costs_seconds_and_nothing_else(tmp_path: Path) -> None:
    studio = make_studio(tmp_path, otlp_endpoint="http://127.0.0.1:9")
    with TestClient(app_of(studio), base_url=BASE) as client:
        assert client.get(f"{PREFIX}/jobs").status_code == 200
    started = time.monotonic()
    studio.close()
    assert time.monotonic() - started < 15


def test_there_is_one_provider_in_a_process() -> None:
    assert provider() is provider()
