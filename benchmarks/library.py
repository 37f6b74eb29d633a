"""How fast a library of 100,000 takes answers, on SQLite and PostgreSQL, through the use cases and over HTTP.

`python -m benchmarks.library [takes [sqlite|postgresql]]` fills a fresh database of each kind with plausible songs of
two years, asks each question many times with changing words and pages, and writes a CSV of medians and 95th percentiles
in milliseconds, and of the processor time that one answer takes (of this process and of the database's), which other
work on the machine leaves as it is.
"""

from __future__ import annotations

import csv
import datetime
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import insert, text
from tests.api.serving import listening
from tests.servers import PostgresServer, fresh_database, server_folder

from text2song.domain.identity import LOCAL_OWNER, LOCAL_OWNER_ID
from text2song.domain.ids import uuid7
from text2song.services.compositions import Query, list_compositions
from text2song.services.jobs import list_jobs
from text2song.services.library import list_most_played, list_recent, mark_favorite, search, track_play
from text2song.services.stats import get_stats
from text2song.services.studio import Studio, build_studio
from text2song.services.views import Status
from text2song.settings import Settings
from text2song.storage.engine import WRITES
from text2song.storage.models import Composition, Favorite, Job, Play, Prompt, Take, UsageDay, search_document
from text2song.storage.terms import sort_key

RESULTS = Path(__file__).parent / "results"
TAKES, ROUNDS, BATCH = 100_000, 40, 2_000
DAYS = 730
GENRES = ("synthwave", "lo-fi hip hop", "deep house", "indie folk", "jazz", "ambient", "drum and bass", "bossa nova")
MOODS = ("dreamy", "sad", "bright", "calm", "driving", "warm", "dark", "tender")
THINGS = ("night drives", "rain on the roof", "the sea", "a long train ride", "old letters", "city lights", "snow")
WORDS = (
    *("amber", "harbour", "lantern", "velvet", "river", "comet", "paper", "garden"),
    *("silver", "winter", "echo", "meadow", "orbit", "island", "candle"),
)


def main() -> None:
    """Fill, ask, print, write."""
    takes = int(sys.argv[1]) if len(sys.argv) > 1 else TAKES
    rows: list[dict[str, Any]] = []
    for database in sys.argv[2:] or ("sqlite", "postgresql"):
        with opened(database) as (studio, pids):
            started = time.perf_counter()
            fill(studio, takes)
            print(f"{database}: {takes} takes in {time.perf_counter() - started:.0f} s", flush=True)
            fixed = {"database": database, "takes": takes, "asked": ROUNDS}
            rows += measured(fixed | {"way": "services"}, in_process(studio), pids)
            with listening(studio) as url, httpx2.Client(base_url=f"{url}/api/v2", timeout=60) as client:
                rows += measured(fixed | {"way": "http"}, over_http(client), pids)
    day = datetime.datetime.now(datetime.UTC).date()
    with (RESULTS / f"library-{day}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


#: Process ids of the database's processes at this moment.
Pids = Callable[[], list[int]]


@contextmanager
def opened(database: str) -> Iterator[tuple[Studio, Pids]]:
    """A studio over a fresh database of that kind, and the database's processes."""
    with tempfile.TemporaryDirectory() as folder, server_folder() as place:
        if database == "sqlite":
            yield build_studio(Settings(data_dir=Path(folder), rate_limits=0)), list
            return
        server = PostgresServer(place)
        try:
            with fresh_database(server.url) as url:
                studio = build_studio(Settings(data_dir=Path(folder), database_url=url, rate_limits=0))
                yield studio, lambda: backends(studio)
                studio.close()
        finally:
            server.stop()


def backends(studio: Studio) -> list[int]:
    """The server's processes that work for this database."""
    with studio.sessions.engine.connect() as connection:
        return list(connection.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")))


def fill(studio: Studio, takes: int) -> None:
    """Put songs of one to three takes into the database, with plays, marks and the days' sums."""
    chance = random.Random(7)  # noqa: S311 - plausible rows
    made = 0
    days: dict[datetime.date, dict[str, Any]] = {}
    while made < takes:
        batch = [song(chance, chance.randint(1, 3)) for _ in range(BATCH // 2)]
        with studio.sessions.engine.execution_options(**{WRITES: True}).begin() as connection:
            for model, part in ((Job, 0), (Prompt, 1), (Composition, 2), (Take, 3), (Play, 4), (Favorite, 5)):
                rows = [row for whole in batch for row in whole[part]]
                connection.execute(insert(model), rows)
        for whole in batch:
            made += len(whole[3])
            for take in whole[3]:
                add_up(days, take, whole[2][0]["summary"]["genres"])
    with studio.sessions.engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(insert(UsageDay), list(days.values()))
    settle(studio)


def settle(studio: Studio) -> None:
    """What a database does by itself: PostgreSQL soon after so many rows, SQLite never, so it is not helped here."""
    if studio.sessions.engine.dialect.name == "postgresql":
        with studio.sessions.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def song(chance: random.Random, count: int) -> tuple[list[dict[str, Any]], ...]:
    """Rows of one song: job, prompt, composition, takes, plays, favourites."""
    when = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=chance.randint(0, DAYS * 86_400 - 1))
    failed = chance.random() < 0.05
    genres = chance.sample(GENRES, chance.randint(1, 2))
    title = " ".join(chance.choices(WORDS, k=chance.randint(1, 3))).title()
    prompt = f"{chance.choice(MOODS)} {genres[0]} about {chance.choice(THINGS)}, {chance.randint(60, 180)} bpm"
    song_id, prompt_id, job_id = uuid7(), uuid7(), uuid7()
    owner = {"user_id": LOCAL_OWNER_ID, "created_at": when}
    request = {"prompt": prompt, "seed": chance.randrange(2**32)}
    summary = {"genres": genres, "moods": [chance.choice(MOODS)], "key": "A minor", "bpm": 100.0, "style": genres[0]}
    composition = Composition(
        title=title, request=request, summary={} if failed else summary, user_id=LOCAL_OWNER_ID, public=False
    )
    takes = [] if failed else [take(chance, song_id, number, when) for number in range(1, count + 1)]
    for row in takes:
        row["play_count"] = int(chance.paretovariate(1.2)) - 1 if chance.random() < 0.6 else 0
        row["favorite_count"] = int(chance.random() < 0.05)
    plays = [played(row, when, chance) for row in takes for _ in range(min(row["play_count"], 5))]
    of_song = {"composition_id": song_id, "owner_id": LOCAL_OWNER_ID, **owner}
    marks = [{"id": uuid7(), "take_id": row["id"], **of_song} for row in takes if row["favorite_count"]]
    job = {"id": job_id, **owner, "subject_id": song_id, "payload": {"takes": ["x"] * count}}
    return (
        [job | ended("failed" if failed else "complete", when)],
        [{"id": prompt_id, **owner, "text": prompt, "request": request}],
        [
            {
                "id": song_id,
                **owner,
                "prompt_id": prompt_id,
                "job_id": job_id,
                "title": title,
                "titled": False,
                "request": request,
                "options": {"num_samples": count},
                "summary": {} if failed else summary,
                "updated_at": when,
                "search": search_document(composition),
                "sort_title": sort_key(title),
                "made_at": None if failed else when,
                "duration_seconds": None if failed else takes[0]["duration_seconds"],
                "edits": [],
                "public": False,
                "play_count": sum(row["play_count"] for row in takes),
            }
        ],
        takes,
        plays,
        marks,
    )


def take(chance: random.Random, song_id: UUID, number: int, when: datetime.datetime) -> dict[str, Any]:
    """A take with lists as long as those of real ones."""
    id_ = uuid7()
    seconds = chance.uniform(30, 240)
    names = ("song.wav", "song.flac", "song.mp3", "song.ogg", *(f"stems/part{part}.flac" for part in range(8)))
    files = [
        {"name": name, "bytes": chance.randint(10**6, 10**7), "sha256": "0" * 64, "media_type": "audio/flac"}
        for name in names
    ]
    stem = {"instrument": "synth_bass", "role": "bass", "lufs": -20.0, "peak_dbfs": -6.0, "sha256": "0" * 64}
    making = seconds / chance.uniform(5, 20)
    return {
        "id": id_,
        "composition_id": song_id,
        "user_id": LOCAL_OWNER_ID,
        "public": False,
        "number": number,
        "seed": chance.randrange(2**32),
        "provider": "composer",
        "device": "cpu",
        "precision": "float32",
        "duration_seconds": seconds,
        "sample_rate": 44_100,
        "channels": 2,
        "generation_seconds": making,
        "realtime_factor": seconds / making,
        "size_bytes": sum(file["bytes"] for file in files),
        "prefix": f"takes/{id_}.1",
        "files": files,
        "stems": [{"name": f"part{part}", **stem} for part in range(8)],
        "peaks": [0.5] * 400,
        "outline": {"sections": []},
        "report": {"loudness_lufs": -14.0},
        "created_at": when,
    }


def ended(status: str, when: datetime.datetime) -> dict[str, Any]:
    """The rest of a job that ended."""
    numbers = dict.fromkeys(("priority", "faults", "losses"), 0)
    times = dict.fromkeys(("available_at", "started_at", "finished_at", "updated_at"), when)
    return (
        {"kind": "compose", "status": status, "token": 1, "stage": "done", "progress": 1.0, "revision": 1}
        | numbers
        | times
    )


def played(row: dict[str, Any], when: datetime.datetime, chance: random.Random) -> dict[str, Any]:
    """One listening."""
    seconds = chance.uniform(1, row["duration_seconds"])
    return {"id": uuid7(), "created_at": when, "user_id": LOCAL_OWNER_ID, "take_id": row["id"], "seconds": seconds}


def add_up(days: dict[datetime.date, dict[str, Any]], row: dict[str, Any], genres: list[str]) -> None:
    """Add a take to its day."""
    when = row["created_at"]
    zero = {column.name: 0 for column in UsageDay.__table__.columns if column.name not in ("id", "created_at")}
    fixed = {"id": uuid7(), "created_at": when, "user_id": LOCAL_OWNER_ID, "day": when.date(), "genres": {}}
    day = days.setdefault(when.date(), zero | fixed)
    added = {"takes": 1, "bytes": row["size_bytes"], "plays": row["play_count"]}
    added |= {"generation_seconds": row["generation_seconds"], "audio_seconds": row["duration_seconds"]}
    for name, amount in (added | {"realtime_factors": row["realtime_factor"]}).items():
        day[name] += amount
    for genre in genres:
        day["genres"][genre] = day["genres"].get(genre, 0) + 1


#: A question by its name; it is asked with a number that changes its words or its page.
Questions = dict[str, Callable[[int], object]]


def in_process(studio: Studio) -> Questions:
    """The questions as use cases."""
    me = LOCAL_OWNER
    some = [view.generation_id for view in list_recent(studio, me, limit=50)]

    def page(**wanted: Any) -> Callable[[int], object]:
        return lambda number: list_compositions(studio, me, Query(**({"offset": 20 * (number % 10)} | wanted)))

    return {
        "recent": lambda _: list_recent(studio, me, limit=20),
        "recent, 100": lambda _: list_recent(studio, me, limit=100),
        "most played": lambda _: list_most_played(studio, me, limit=20),
        "search, one word": lambda number: search(studio, me, WORDS[number % len(WORDS)], limit=20),
        "search, every eighth song": lambda number: search(studio, me, MOODS[number % len(MOODS)], limit=20),
        "search, three words": lambda number: search(studio, me, f"{MOODS[number % 8]} jazz sea", limit=20),
        "search, a phrase": lambda number: search(studio, me, f'"{THINGS[number % len(THINGS)]}"', limit=20),
        "search, two letters": lambda number: search(studio, me, WORDS[number % len(WORDS)][:2], limit=20),
        "search, nothing found": lambda _: search(studio, me, "xylophone", limit=20),
        "stats, 30 days": lambda _: get_stats(studio, me, days=30),
        "stats, 365 days": lambda _: get_stats(studio, me, days=365),
        "songs, newest": page(),
        "songs, by title": page(sort="title"),
        "songs, most played": page(sort="most_played"),
        "songs, finished": page(status=Status.COMPLETE),
        "songs, failed": page(status=Status.FAILED),
        "songs, favourites": page(favorite=True),
        "songs, of a genre": page(genre="jazz"),
        "songs, found by relevance": page(text="velvet jazz", sort="relevance"),
        "songs, page 500": page(offset=10_000),
        "jobs, newest": lambda number: list_jobs(studio, me, limit=20, offset=20 * (number % 10)),
        "track play": lambda number: track_play(studio, me, some[number % 50], 10.0),
        "favorite": lambda number: mark_favorite(studio, me, some[number % 50]),
    }


def over_http(client: httpx2.Client) -> Questions:
    """The same questions of the seed documents over a socket."""
    paths = {
        "recent": "/recent?limit=20",
        "most played": "/most-played?limit=20",
        "search, one word": "/search?q=velvet",
        "search, every eighth song": "/search?q=dreamy",
        "stats, 30 days": "/stats?days=30",
        "stats, 365 days": "/stats?days=365",
        "songs, newest": "/compositions?limit=20",
        "songs, favourites": "/compositions?favorite=true",
        "songs, of a genre": "/compositions?genre=jazz",
        "songs, found by relevance": "/compositions?q=velvet+jazz&sort=relevance",
        "jobs, newest": "/jobs?limit=20",
    }
    return {name: lambda _, path=path: client.get(path).raise_for_status() for name, path in paths.items()}  # type: ignore[misc]


def measured(fixed: dict[str, Any], questions: Questions, pids: Pids) -> list[dict[str, Any]]:
    """Ask every question `ROUNDS` times after five to warm up."""
    rows = []
    for name, ask in questions.items():
        for number in range(5):
            ask(number)
        times, used = [], processor_seconds(pids())
        for number in range(ROUNDS):
            started = time.perf_counter()
            ask(number)
            times.append(1000 * (time.perf_counter() - started))
        cpu = 1000 * (processor_seconds(pids()) - used) / ROUNDS
        median, high = statistics.median(times), sorted(times)[int(0.95 * len(times))]
        print(f"{fixed['database']:10} {fixed['way']:8} {name:28} {median:8.1f} {high:8.1f} {cpu:8.1f}", flush=True)
        figures = {"median_ms": round(median, 2), "p95_ms": round(high, 2), "processor_ms": round(cpu, 2)}
        rows.append(fixed | {"question": name} | figures)
    return rows


def processor_seconds(pids: list[int]) -> float:
    """Processor time of this process and of those."""
    tick = os.sysconf("SC_CLK_TCK")
    total = time.process_time()
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / tick
    return total


if __name__ == "__main__":
    main()
