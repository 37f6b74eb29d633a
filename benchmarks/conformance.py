"""Does every style do what it is asked? `python -m benchmarks.conformance [seeds] [seconds]`

Each style is composed and rendered once per seed and judged once: no second candidate, so the figures are those of the
engine itself, before the provider makes a take again that misses.
"""

from __future__ import annotations

import csv
import datetime
import sys
from collections.abc import Iterator
from pathlib import Path

from text2song.audio.engine import render
from text2song.audio.orchestra import Orchestra
from text2song.audio.soundfont.library import find_soundfonts
from text2song.compose.engine import compose
from text2song.compose.style import style_names
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.evaluation.conformance import TakeSound, judge

RESULTS = Path(__file__).parent / "results"


def main(seeds: int, seconds: float) -> int:
    """Print one line a take and keep the table; return how many takes missed."""
    rows = list(_takes(seeds, seconds))
    missed = [row for row in rows if row["reasons"]]
    print(f"{len(rows) - len(missed)} of {len(rows)} takes pass at the first candidate")
    RESULTS.mkdir(exist_ok=True)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    with (RESULTS / f"conformance-{today}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return len(missed)


def _takes(seeds: int, seconds: float) -> Iterator[dict[str, object]]:
    orchestra = Orchestra(find_soundfonts())
    for style in style_names():
        for seed in range(seeds):
            genres = (GenreWeight(style),)
            request = CompositionRequest(style, seed=seed, duration_seconds=seconds, genres=genres, vocals=False)
            song = compose(request)
            made = render(song, orchestra)
            sound = TakeSound(made.sample_rate, made.stems, made.mix, made.master)
            report = judge(song, sound)
            row = {
                "style": style,
                "seed": seed,
                "passed": report.passed,
                "tempo_error": report.measured["tempo"]["error"],
                "tempo_witness": report.measured["tempo"]["witness"],
                "key_asked": report.asked["key"],
                "key_heard": report.measured["key"]["key"],
                "seconds": report.measured["duration_seconds"],
                "lufs": report.loudness_lufs,
                "dbtp": report.true_peak_dbtp,
                "stems": report.measured["audible_stems"],
                "energy": report.energy_spearman,
                "reasons": "; ".join(report.reasons),
            }
            print(" ".join(str(value) for value in row.values()), flush=True)
            yield row


if __name__ == "__main__":
    arguments = [*sys.argv[1:], "5", "45"]
    sys.exit(1 if main(int(arguments[0]), float(arguments[1] if len(sys.argv) > 2 else 45)) else 0)
