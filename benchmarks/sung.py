"""What a sung song of three minutes costs, cold and warm: `python -m benchmarks.sung [runs]`.

One process for each song: words given, words written here, and words given with a lean band of nine stems. Its first
song counts from the start of the process, with compiled kernels on disk (cold); of the following ones the median counts
(warm). WAV of master and stems and a FLAC of the master. Processor seconds stand beside wall-clock seconds, since only
they say much on a busy machine; the work of each stage is told apart by the progress that the maker reports.
"""

from __future__ import annotations

import csv
import datetime
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.memory import PROMPT, VERSE
from text2song.audio.export.package import encode_song
from text2song.domain.request import CompositionRequest
from text2song.services.makers import build_router

RESULTS = Path(__file__).parent / "results"
SECONDS = 180.0
#: A song of nine stems, where the others have fourteen or fifteen.
LEAN = "folk song with a female singer"
#: What the first words of a progress report say, by stage.
STAGES = {"rendering": "stems", "mastering": "master", "measuring": "measure", "writing": "write"}


def main(runs: int) -> None:
    """Print the table and keep it."""
    rows = [row for words in ("given", "written", "lean") for row in _apart(words, runs)]
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"sung-{datetime.datetime.now(datetime.UTC).date().isoformat()}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)


def _apart(words: str, runs: int) -> list[dict[str, object]]:
    """Return the cold and the warm row of one way to words, made by a fresh process."""
    command = [sys.executable, "-m", "benchmarks.sung", "--words", words, str(runs)]
    started = time.time()
    made = subprocess.run([*command, str(started)], check=True, capture_output=True, text=True)
    rows: list[dict[str, object]] = json.loads(made.stdout.splitlines()[-1])
    for row in rows:
        print(" ".join(f"{name} {value}" for name, value in row.items()), flush=True)
    return rows


def inside(words: str, runs: int, started: float) -> list[dict[str, object]]:
    """Return the rows of this process, which began at `started` (seconds of the clock)."""
    cold = _song(words)
    # What came before the first song is part of its cost: starting Python and reading the libraries.
    cold["wall"], cold["processor"] = time.time() - started, _processor()
    warm = [_song(words) for _ in range(runs)]
    middle = {name: statistics.median(one[name] for one in warm) for name in warm[0]}
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    rows: list[dict[str, object]] = []
    for state, count, figures in (("cold", 1, cold), ("warm", runs, middle)):
        realtime = {"realtime": round(SECONDS / figures["wall"], 1), "peak_mb": round(kilobytes * 1024 / 1e6)}
        row = {name: round(value, 2) for name, value in figures.items()}
        rows.append({"words": words, "state": state, "runs": count, **row, **realtime})
    return rows


def _song(words: str) -> dict[str, float]:
    """Make one song; return its wall-clock and processor seconds, those of each stage, and its number of stems."""
    lyrics = None if words == "written" else VERSE * 2
    prompt = LEAN if words == "lean" else PROMPT
    request = CompositionRequest(prompt, seed=3, duration_seconds=SECONDS, lyrics=lyrics, vocals=True)
    maker = build_router().choose(request)
    spent: dict[str, float] = defaultdict(float)
    doing, wall, start = "compose", time.perf_counter(), _processor()
    before = start

    def hear(stage: str, fraction: float) -> None:
        nonlocal doing, before
        del fraction
        now = _processor()
        spent[doing] += now - before
        doing, before = STAGES.get(stage.partition(" ")[0], doing), now

    with tempfile.TemporaryDirectory() as folder:
        song = maker.make(request, Path(folder), hear)
        hear("done", 1.0)
        doing = "flac"
        encode_song(Path(folder), "flac", song.composition)
        hear("done", 1.0)
    shares = {f"processor {name}": value for name, value in spent.items()}
    took = {"wall": time.perf_counter() - wall, "processor": _processor() - start}
    return {"stems": float(len(song.report.stems)), **took, **shares}


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    if "--words" in sys.argv:
        print(json.dumps(inside(sys.argv[-3], int(sys.argv[-2]), float(sys.argv[-1]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
