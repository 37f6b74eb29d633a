"""Prometheus metrics at `/metrics`: this process's answers, and the installation as its database says it is.

What many processes share (jobs, takes, workers) is read from the database at each scrape, so every process tells the
same and a dashboard takes any one of them (`max`). What each process counts for itself is summed over processes.
"""

from __future__ import annotations

import hmac
import ipaddress
import platform
from collections.abc import Iterator

from fastapi import FastAPI, Request
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.process_collector import ProcessCollector

from text2song import __version__
from text2song.api.errors import problem_response
from text2song.api.feed import JobFeed
from text2song.domain.errors import UnavailableError
from text2song.services.figures import EndedJobs, Figures, read_figures
from text2song.services.studio import Studio

PATH = "/metrics"
#: Seconds: from an answer out of memory to a song that takes minutes.
_ANSWER_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0)
_JOB_BUCKETS = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0, 1800.0)
_FACTOR_BUCKETS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


class Metrics:
    """A registry of its own: two applications in one process do not meet."""

    def __init__(self, studio: Studio, feed: JobFeed) -> None:
        self._studio = studio
        self._ended = EndedJobs(studio)
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(_Installation(studio))
        build = Gauge("text2song_build_info", "What runs here.", ("version", "python"), registry=registry)
        build.labels(__version__, platform.python_version()).set(1)
        listeners = Gauge("text2song_sse_listeners", "Open event streams of this process.", registry=registry)
        listeners.set_function(lambda: feed.listeners)
        self._answers = Histogram(
            "text2song_http_request_duration_seconds",
            "Time to the last byte of an answer; event streams are left out.",
            ("method", "route", "status"),
            buckets=_ANSWER_BUCKETS,
            registry=registry,
        )
        self._scrapes = Counter("text2song_scrape_failures", "Scrapes without the database's part.", registry=registry)
        self._declare_jobs(registry)
        # From here on jobs that end are counted.
        self._observe_ended()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note one answer."""
        self._answers.labels(method, route, str(status)).observe(seconds)

    def mount(self, app: FastAPI) -> None:
        """Serve `/metrics`, for the machine itself or whoever shows the token."""
        app.add_api_route(PATH, self.expose, include_in_schema=False)

    def expose(self, request: Request) -> Response:
        """Answer one scrape in the format that it accepts."""
        if not _may_scrape(request, self._studio.settings.metrics_token):
            detail = "metrics are read from this machine, or with the token of TEXT2SONG_METRICS_TOKEN"
            return problem_response(403, "metrics", "Not allowed", detail)
        self._observe_ended()
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(self.registry), headers={"content-type": media_type, "cache-control": "no-store"})

    def _declare_jobs(self, registry: CollectorRegistry) -> None:
        self._durations = Histogram(
            "text2song_job_duration_seconds",
            "From the last start of a job to its end.",
            ("kind", "status"),
            buckets=_JOB_BUCKETS,
            registry=registry,
        )
        self._waits = Histogram(
            "text2song_job_wait_seconds",
            "From the order to the last start.",
            ("kind",),
            buckets=_JOB_BUCKETS,
            registry=registry,
        )
        self._stages = Histogram(
            "text2song_stage_duration_seconds",
            "Seconds that a take spent in a stage.",
            ("stage",),
            buckets=_JOB_BUCKETS,
            registry=registry,
        )
        self._factors = Histogram(
            "text2song_realtime_factor",
            "Seconds of music per second of making.",
            ("provider",),
            buckets=_FACTOR_BUCKETS,
            registry=registry,
        )

    def _observe_ended(self) -> None:
        try:
            ended = self._ended.since_last_time()
        except UnavailableError:
            self._scrapes.inc()
            return
        for job in ended.jobs:
            if job.started_at is not None and job.finished_at is not None:
                run = (job.finished_at - job.started_at).total_seconds()
                self._durations.labels(job.kind, job.status).observe(max(run, 0.0))
                self._waits.labels(job.kind).observe(max((job.started_at - job.created_at).total_seconds(), 0.0))
        for take in ended.takes:
            self._factors.labels(take.provider).observe(take.realtime_factor)
            for stage, seconds in take.seconds.items():
                self._stages.labels(stage).observe(seconds)


class _Installation:
    """Collects what the database says at each scrape."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def describe(self) -> Iterator[Metric]:
        """Name nothing in advance: a registry that asks would read the database when it is built."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Yield the installation's figures, or only that the database is away."""
        try:
            figures = read_figures(self._studio)
        except UnavailableError:
            yield _gauge("text2song_database_up", "Whether the database answers.", 0)
            return
        yield _gauge("text2song_database_up", "Whether the database answers.", 1)
        yield from _families(figures)


def _families(figures: Figures) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("text2song_jobs", "Jobs by kind and status.", labels=("kind", "status"))
    for (kind, status), count in sorted(figures.jobs.items()):
        jobs.add_metric((kind, status), count)
    yield jobs
    beats = figures.heartbeats
    yield _gauge("text2song_queue_lag_seconds", "Wait of the job that has been ready longest.", figures.queue_lag)
    yield _gauge("text2song_takes", "Finished takes.", figures.takes)
    yield _gauge("text2song_blob_bytes", "Bytes of the files of all takes.", figures.blob_bytes)
    yield _gauge("text2song_workers", "Workers heard of within a lease.", figures.workers)
    yield _gauge("text2song_heartbeat_age_seconds", "Age of the oldest heartbeat.", max(beats, default=0.0))
    used, limit = figures.connections, figures.connections_limit
    yield _gauge("text2song_database_connections", "Connections of this process in use.", used)
    yield _gauge("text2song_database_connections_limit", "Connections that this process may open.", limit)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _may_scrape(request: Request, token: str) -> bool:
    if token:
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), token.encode())
    # A proxy on this machine forwards for others, and says so.
    forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "via"))
    host = request.client.host if request.client else ""
    try:
        return ipaddress.ip_address(host).is_loopback and not forwarded
    except ValueError:
        # The test client and Unix sockets have no address; what reaches them is on this machine.
        return not forwarded
