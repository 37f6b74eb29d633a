"""Thousands of hostile files sent to the studio: `python -m benchmarks.uploads [COUNT [SEED]]`.

Every file goes through the API; those that are taken are analysed as well. What the decoding forks said of themselves
is written down: their largest memory, the longest look, and how many died of a file.
"""

from __future__ import annotations

import csv
import dataclasses
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from starlette.testclient import TestClient

from benchmarks.hostile import Hostile, hostile_files
from text2song.api.app import PREFIX, app_of
from text2song.logging import configure_logging
from text2song.services.decoder import MEMORY_BYTES, SECONDS
from text2song.services.decoding import Decoder
from text2song.services.sniffing import Sniffed
from text2song.services.studio import build_studio
from text2song.settings import Settings

RESULTS = Path(__file__).parent / "results"


class Recorder(Decoder):
    """A decoder that remembers how its forks did."""

    def __init__(self) -> None:
        super().__init__()
        self.peaks: list[int] = []
        self.seconds: list[float] = []
        self.deaths = 0

    def ask(self, file: BinaryIO, sniffed: Sniffed, *, listen: bool) -> dict[str, Any] | None:
        """Look, and note the memory and the time."""
        started = time.monotonic()
        told = super().ask(file, sniffed, listen=listen)
        self.seconds.append(time.monotonic() - started)
        if told is None:
            self.deaths += 1
        else:
            self.peaks.append(told["peak_bytes"])
        return told


@contextmanager
def served(decoder: Decoder) -> Iterator[TestClient]:
    """Serve a studio of its own in a folder that goes."""
    with tempfile.TemporaryDirectory() as folder:
        studio = build_studio(Settings(data_dir=Path(folder), rate_limits=0, upload_quota_bytes=2**40))
        studio = dataclasses.replace(studio, decoder=decoder)
        with TestClient(app_of(studio), base_url="http://127.0.0.1:8000") as client:
            yield client
        studio.close()


def send(client: TestClient, case: Hostile) -> tuple[int, int | None]:
    """Send one file, and have it analysed when it is taken; return both statuses."""
    kind = {"kind": "OTHER", "filename": "song.wav"}
    reply = client.post(f"{PREFIX}/files", content=case.content, params=kind, headers={"content-type": "audio/wav"})
    if reply.status_code != 201 or not reply.json()["media_type"].startswith("audio/"):
        return reply.status_code, None
    return 201, client.post(f"{PREFIX}/analyze", json={"file_id": reply.json()["id"]}).status_code


def main(count: int, seed: int) -> int:
    """Send them all, print and store the figures; the status is 1 when one was not as it must be."""
    configure_logging(json=False, level="ERROR")
    decoder = Recorder()
    statuses: Counter[tuple[int, int | None]] = Counter()
    taken_wrongly = []
    times = []
    with served(decoder) as client:
        for case in hostile_files(count, seed):
            started = time.monotonic()
            status = send(client, case)
            times.append(time.monotonic() - started)
            statuses[status] += 1
            if case.refused and status[0] != 422:
                taken_wrongly.append(case.trouble)
    figures = {
        "files": count,
        "seed": seed,
        "refused": sum(number for (status, _), number in statuses.items() if status == 422),
        "taken": sum(number for (status, _), number in statuses.items() if status == 201),
        "server_errors": sum(number for pair, number in statuses.items() if max(pair[0], pair[1] or 0) >= 500),
        "taken_that_must_not_be": len(taken_wrongly),
        "looks": len(decoder.seconds),
        "forks_that_died": decoder.deaths,
        "largest_fork_mib": round(max(decoder.peaks) / 2**20, 1),
        "longest_look_seconds": round(max(decoder.seconds[1:]), 2),
        "median_request_ms": round(1000 * float(np.median(times)), 1),
        "p99_request_ms": round(1000 * float(np.percentile(times, 99)), 1),
    }
    for name, value in figures.items():
        print(f"{name:24} {value}")
    print(dict(statuses), taken_wrongly)
    path = RESULTS / f"uploads-{datetime.now(UTC).date()}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["figure", "value"])
        writer.writerows(figures.items())
    harmless = not figures["server_errors"] and not taken_wrongly
    return 0 if harmless and max(decoder.peaks) <= MEMORY_BYTES and max(decoder.seconds[1:]) <= SECONDS + 2 else 1


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(given + [10_000, 1][len(given) :])))
