"""How fast a song is made, stage by stage, beside the fluidsynth program: `python -m benchmarks.speed`.

One warm process makes the same 60-second instrumental several times; the median counts, because machines are noisy.
fluidsynth renders our MIDI file with the same SoundFont to one mix, without arranging, mixing, mastering or measuring.
"""

from __future__ import annotations

import csv
import datetime
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from text2song.audio.soundfont.library import find_soundfonts
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest
from text2song.domain.take import TakeReport
from text2song.providers.base import Provider
from text2song.services.makers import build_router

PROMPTS = (
    "dreamy synthwave about night drives, 100 bpm, A minor, 60 seconds",
    "acoustic folk with piano and strings, 60 seconds",
    "rock anthem with electric guitars, 60 seconds",
)
RUNS = 5
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Print the table and keep it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{RUNS} runs of each after one to warm up, {cores} cores, median [fastest–slowest]\n")
    rows = []
    for prompt in PROMPTS:
        rows.append(_measure(prompt))
        _tell(rows[-1])
    _keep(rows)


def _measure(prompt: str) -> dict[str, object]:
    request = CompositionRequest(prompt, vocals=False)
    maker = build_router().choose(request)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _make(maker, request, place)
        made = [_make(maker, request, place) for _ in range(RUNS)]
        peer = _fluidsynth(place / "song.mid", place / "peer.wav")
    walls = [wall for wall, _ in made]
    seconds = _length(made[0][1])
    middle = statistics.median(walls)
    stages = {stage: statistics.median(report.seconds[stage] for _, report in made) for stage in made[0][1].seconds}
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "prompt": prompt,
        "stems": len(made[0][1].stems),
        "seconds": round(seconds, 2),
        "wall": round(middle, 3),
        "fastest": round(min(walls), 3),
        "slowest": round(max(walls), 3),
        "realtime": round(seconds / middle, 1),
        "fluidsynth": "" if peer is None else round(peer, 3),
        "ratio": "" if peer is None else round(middle / peer, 2),
        **{f"stage {stage}": round(value, 3) for stage, value in stages.items()},
    }


def _make(maker: Provider, request: CompositionRequest, folder: Path) -> tuple[float, TakeReport]:
    start = time.perf_counter()
    report = maker.make(request, folder, silent).report
    return time.perf_counter() - start, report


def _length(report: TakeReport) -> float:
    return float(report.measured["duration_seconds"])


def _fluidsynth(midi: Path, wav: Path) -> float | None:
    """Median seconds of the fluidsynth program on the same notes; None where it is not installed."""
    program, fonts = shutil.which("fluidsynth"), find_soundfonts()
    if program is None or not fonts:
        return None
    command = [program, "-ni", "-q", "-r", "44100", "-F", str(wav), str(fonts[0]), str(midi)]
    walls = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        walls.append(time.perf_counter() - start)
    return statistics.median(walls)


def _tell(row: dict[str, object]) -> None:
    print(f"{row['prompt']}")
    spread = f"[{row['fastest']}–{row['slowest']}]"
    print(f"  {row['seconds']} s, {row['stems']} stems: {row['wall']} s {spread} = {row['realtime']} × real time")
    total = float(str(row["wall"]))
    for name, value in row.items():
        if name.startswith("stage "):
            share = 100 * float(str(value)) / total
            print(f"  {name.removeprefix('stage '):>12} {float(str(value)):7.3f} s {share:5.1f} %")
    if row["fluidsynth"] != "":
        print(f"  fluidsynth, one mix of the same MIDI: {row['fluidsynth']} s; ours takes {row['ratio']} times as long")
    else:
        print("  fluidsynth is not installed: no comparison")
    print()


def _keep(rows: list[dict[str, object]]) -> None:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"speed-{rows[0]['date']}.csv"
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    print(f"kept in {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path.name}")


if __name__ == "__main__":
    main()
