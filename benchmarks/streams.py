"""A thousand listeners on one API process while a song is made: `python -m benchmarks.streams [listeners pollers]`

Starts `text2song serve` with a pool of five database connections and its worker (nice 10), opens the event streams and
the pollers from this process, has songs made all the while, and ends jobs at known moments: how long until every
listener knows, how long a poll takes, what the API process weighs, and whether it lets go of everything at the end.
"""

from __future__ import annotations

import asyncio
import csv
import datetime
import gc
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from tests.servers import PostgresServer, fresh_database, server_folder

from benchmarks.crowd import ASK_SECONDS, Crowd, Load
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.studio import Studio, build_studio
from text2song.services.submissions import Options, submit
from text2song.settings import Settings

RESULTS = Path(__file__).parent / "results"
POOL = 5
SONG = "uplifting pop song with piano, strings, electric guitar and synth pad, 120 bpm, 60 seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one run found; times in seconds, memory in MiB."""

    database: str
    listeners: int
    pollers: int
    pool: int
    open_seconds: float
    lost: int
    marks: int
    unheard: int
    event_p50: float
    event_p99: float
    event_worst: float
    answers: int
    failures: int
    api_p50: float
    api_p99: float
    rss_mib: float
    files_before: int
    files_during: int
    files_after: int
    songs: int


def measure(database_url: str, folder: Path, load: Load) -> Figures:
    """Serve, load, look."""
    with serving(database_url, folder) as (address, pid), ExitStack() as stack:
        studio = build_studio(Settings(data_dir=folder, database_url=database_url))
        stack.callback(studio.close)
        return asyncio.run(_run(Crowd(address, studio, load), pid))


async def _run(crowd: Crowd, pid: int) -> Figures:
    song = await asyncio.to_thread(_order_songs, crowd.studio)
    # The measuring process must not pause for its own garbage.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    # Questions before the count: the pool's connections are opened once and kept, whoever listens.
    await asyncio.wait_for(asyncio.gather(*(_once(crowd, song) for _ in range(4 * POOL))), 60)
    await asyncio.sleep(1)
    before = _files(pid)
    opened = await crowd.gather()
    tasks = [asyncio.create_task(crowd.mark())]
    tasks += [asyncio.create_task(crowd.poll(number, song)) for number in range(crowd.load.pollers)]
    await asyncio.sleep(crowd.load.seconds)
    tasks[0].cancel()
    await asyncio.sleep(3)
    during, lost, rss = _files(pid), sum(ear.lost for ear in crowd.ears), _peak_mib(pid)
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    broken = sum(isinstance(end, Exception) for end in ended)
    for ear in crowd.ears:
        if ear.transport is not None:
            ear.transport.close()
    after = await _files_at_rest(pid, before)
    return _figures(crowd, opened=opened, lost=lost, rss=rss, files=(before, during, after), broken=broken)


async def _once(crowd: Crowd, song: UUID) -> None:
    polling = asyncio.create_task(crowd.poll(0, song))
    await asyncio.sleep(2 * ASK_SECONDS)
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    crowd.answers.clear()


def _figures(
    crowd: Crowd, *, opened: float, lost: int, rss: float, files: tuple[int, int, int], broken: int
) -> Figures:
    delays = sorted(at - crowd.marks[name] for name in crowd.marks for at in crowd.heard.get(name, ()))
    answers = sorted(crowd.answers)
    expected = len(crowd.marks) * crowd.load.listeners
    takes = list((crowd.studio.work_folder.parent / "blobs").rglob("song.wav"))
    return Figures(
        database=crowd.studio.sessions.engine.dialect.name,
        listeners=crowd.load.listeners,
        pollers=crowd.load.pollers,
        pool=POOL,
        open_seconds=round(opened, 2),
        lost=lost,
        marks=len(crowd.marks),
        unheard=expected - len(delays),
        event_p50=quantile(delays, 0.5),
        event_p99=quantile(delays, 0.99),
        event_worst=quantile(delays, 1.0),
        answers=len(answers),
        failures=crowd.failures + broken,
        api_p50=quantile(answers, 0.5),
        api_p99=quantile(answers, 0.99),
        rss_mib=round(rss, 1),
        files_before=files[0],
        files_during=files[1],
        files_after=files[2],
        songs=len(takes),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which that share lies; infinite for nothing at all."""
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 4) if ordered else float("inf")


def _order_songs(studio: Studio) -> UUID:
    """Order more songs than can be made meanwhile; return the first one's job."""
    jobs = [submit(studio, LOCAL_OWNER, CompositionRequest(prompt=SONG), Options(), seeded=False) for _ in range(40)]
    return jobs[0].job_id


@contextmanager
def serving(database_url: str, folder: Path) -> Iterator[tuple[str, int]]:
    """Serve a studio in a process of its own; its address and process id."""
    settings = {
        "TEXT2SONG_DATABASE_URL": database_url,
        "TEXT2SONG_DATABASE_CONNECTIONS": str(POOL),
        "TEXT2SONG_RATE_LIMITS": "0",
        "TEXT2SONG_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "text2song", "serve", "--port", "0", "--data-dir", str(folder)]
    server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert "http://" in line, line
        yield next(word for word in line.split() if word.startswith("http://")), server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        # Reads what is left and closes the pipe.
        server.communicate(timeout=60)


def _files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def _files_at_rest(pid: int, before: int, seconds: float = 30.0) -> int:
    limit = time.monotonic() + seconds
    while _files(pid) > before and time.monotonic() < limit:
        await asyncio.sleep(0.2)
    return _files(pid)


def _peak_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def main(load: Load) -> None:
    """Run over both databases, print and keep the table."""
    rows = []
    with server_folder() as servers, tempfile.TemporaryDirectory() as place:
        server = PostgresServer(servers)
        try:
            rows.append(measure("", Path(place) / "sqlite", load))
            print(rows[-1], flush=True)
            with fresh_database(server.url) as url:
                rows.append(measure(url, Path(place) / "postgresql", load))
                print(rows[-1], flush=True)
        finally:
            server.stop()
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    with (RESULTS / f"streams-{today}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(asdict(rows[0])))
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


if __name__ == "__main__":
    main(Load(*map(int, sys.argv[1:3]), *map(float, sys.argv[3:4])))
