"""What a sung song costs in memory and time as it grows: `python -m benchmarks.memory [minutes …]`

Every length is made by a process of its own, with compiled kernels on disk: peak resident memory, processor and wall
time, of WAV stems and master and a FLAC of the master. `peak_mb` is what the system says of the process at its end;
`with_children_mb`, on Linux, the most seen 20 times a second of its resident memory and its children's private pages.
"""

from __future__ import annotations

import csv
import datetime
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

from text2song.audio.codecs import convert_audio
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest
from text2song.services.makers import build_router

RESULTS = Path(__file__).parent / "results"
#: Between two looks at a process.
_LOOK_SECONDS = 0.05
PROMPT = "uplifting pop song with piano, strings, electric guitar, synth pad and synth arpeggio, female vocal, 120 bpm"
VERSE = """[Verse]
Walking down the empty street tonight
Every window holds a little light
I can hear the river calling low
Telling me the way I need to go
[Chorus]
Hold the morning in your open hand
Carry me across the silver sand
We were made to run and never fall
Sing it louder than the city wall
"""


def main(minutes: Sequence[float]) -> None:
    """Print the table, keep it and its plot."""
    rows = [_apart(length) for length in minutes]
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"memory-{datetime.datetime.now(datetime.UTC).date().isoformat()}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    plot(rows, path.with_suffix(".png"))


def _apart(minutes: float) -> dict[str, float]:
    """Return the figures of one length, made by a fresh process."""
    command = [sys.executable, "-m", "benchmarks.memory", "--one", str(minutes)]
    most = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as made:
        while made.poll() is None:
            most = max(most, _resident(made.pid))
            time.sleep(_LOOK_SECONDS)
        out = "" if made.stdout is None else made.stdout.read()
    if made.returncode:
        raise subprocess.CalledProcessError(made.returncode, command)
    # Warnings come before the figures.
    row: dict[str, float] = json.loads(out.splitlines()[-1])
    row["with_children_mb"] = round(max(most / 1e6, row["peak_mb"]))
    print(" ".join(f"{name} {value:g}" for name, value in row.items()), flush=True)
    return row


def _resident(pid: int) -> int:
    """Return the bytes that a process has in memory, and those that its children have for themselves; 0 if unknown."""
    process, page = Path(f"/proc/{pid}"), resource.getpagesize()
    try:
        found = int((process / "statm").read_text().split()[1]) * page
        for children in process.glob("task/*/children"):
            for child in children.read_text().split():
                lines = Path(f"/proc/{child}/smaps_rollup").read_text().splitlines()
                found += sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Private_"))
    except (OSError, IndexError):
        # Not Linux, or somebody has just ended.
        return 0
    return found


def one(minutes: float) -> dict[str, float]:
    """Return the figures of one song made by this process."""
    verses = VERSE * max(1, round(minutes * 0.75))
    request = CompositionRequest(PROMPT, duration_seconds=60 * minutes, lyrics=verses, vocals=True)
    maker = build_router().choose(request)
    start, before = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        report = maker.make(request, Path(folder), silent).report
        convert_audio(Path(folder) / "song.wav", Path(folder) / "song.flac")
    wall = time.perf_counter() - start
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = time.process_time() - before + children.ru_utime + children.ru_stime
    # Kilobytes on Linux, bytes on macOS.
    peak = own.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {
        "minutes": minutes,
        "stems": len(report.stems),
        "peak_mb": round(peak / 1e6),
        "wall": round(wall, 2),
        "processor": round(processor, 2),
        "realtime": round(60 * minutes / wall, 1),
        "processor_per_minute": round(processor / minutes, 2),
    }


def plot(rows: Sequence[Mapping[str, float]], path: Path) -> None:
    """Draw memory and processor time over the length."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the choice of a backend without a screen

    shape, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    minutes = [row["minutes"] for row in rows]
    for axis, name, unit in zip(axes, ("peak_mb", "processor"), ("peak memory, MB", "processor seconds"), strict=True):
        axis.plot(minutes, [row[name] for row in rows], "o-")
        axis.set_xlabel("minutes of song")
        axis.set_ylabel(unit)
        axis.set_ylim(bottom=0)
        axis.set_xlim(left=0)
    shape.savefig(path, dpi=80)
    plt.close(shape)


if __name__ == "__main__":
    if "--one" in sys.argv:
        print(json.dumps(one(float(sys.argv[-1]))))
    else:
        main([float(value) for value in sys.argv[1:]] or [1.0, 3.0, 5.0, 10.0])
