"""Does the sound follow the energy asked for? `python -m benchmarks.energy [curves]`

Random curves of 4–12 points, over styles and lengths in turn, are composed, rendered and mastered once. The loudness is
measured here on the master, in the BS.1770 weighting of `evaluation`, over every section and over every window of four
seconds, and ranked against the mean of the asked curve over the same time. Nothing is drawn a second time.
"""

from __future__ import annotations

import csv
import datetime
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from text2song.audio.engine import render
from text2song.audio.orchestra import Orchestra
from text2song.audio.soundfont.library import find_soundfonts
from text2song.compose.engine import compose
from text2song.compose.style import style_names
from text2song.domain.composition import UnifiedComposition
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.evaluation.energy import following
from text2song.evaluation.loudness import chunk_powers

RESULTS = Path(__file__).parent / "results"
FLOOR = 0.8
#: The order of styles and the curves are drawn from this seed alone.
SEED = 20261125
_LENGTHS = (45.0, 60.0, 90.0, 120.0, 150.0)
_FIGURES = ("by_section", "by_window", "by_level", "report", "notes")
_WINDOW_SECONDS = 4.0
_CHUNK_SECONDS = 0.1
#: A mean of the curve is taken over so many places.
_PLACES = 512

#: So many takes are drawn beside their curves.
_DRAWN = 4

Row = dict[str, object]
#: Moments (0..1 of the song), what was asked there and what was heard, dB.
Trace = tuple[list[float], list[float], list[float]]


def random_curve(draw: np.random.Generator) -> tuple[float, ...]:
    """Return 4–12 points in 0.05–1, every second curve free from point to point, the others a walk."""
    count = int(draw.integers(4, 13))
    if draw.random() < 0.5:
        return tuple(round(draw.uniform(0.05, 1.0), 2) for _ in range(count))
    points = [draw.uniform(0.1, 0.9)]
    while len(points) < count:
        points.append(min(1.0, max(0.05, points[-1] + draw.uniform(-0.35, 0.35))))
    return tuple(round(point, 2) for point in points)


def asked_mean(curve: Sequence[float], first: float, last: float) -> float:
    """Return the mean of a curve, straight between evenly spread points, from `first` to `last` (0..1 of the song)."""
    places = first + (last - first) * (np.arange(_PLACES) + 0.5) / _PLACES
    return float(np.interp(places, np.linspace(0.0, 1.0, len(curve)), curve).mean())


def loudness(powers: NDArray[np.float64], first: float, last: float) -> float:
    """Return the mean power in dB of 100 ms chunk powers between two moments in seconds."""
    span = powers[int(first / _CHUNK_SECONDS) : max(int(first / _CHUNK_SECONDS) + 1, int(last / _CHUNK_SECONDS))]
    return float(10 * np.log10(max(1e-12, span.mean()))) if span.size else -120.0


def rank(asked: Sequence[float], heard: Sequence[float]) -> float | None:
    """Return Spearman's correlation; None where fewer than four values or no two differ."""
    if len(asked) < 4 or len(set(asked)) < 2:
        return None
    return round(float(spearmanr(asked, heard).statistic), 3)


def by_level(asked: Sequence[float], heard: Sequence[float]) -> float | None:
    """Return the correlation when windows asked the same (to a hundredth) are one: chance ranks among those."""
    levels: dict[float, list[float]] = {}
    for target, level in zip(asked, heard, strict=True):
        levels.setdefault(round(target, 2), []).append(10 ** (level / 10))
    return rank(list(levels), [float(np.mean(powers)) for powers in levels.values()])


def notes_per_bar(song: UnifiedComposition, first: int, last: int) -> float:
    """Return how many notes begin in a bar between two bars, all parts."""
    bar = song.time_signature.bar
    return sum(first * bar <= note.start < last * bar for part in song.parts for note in part.notes) / (last - first)


def measured(song: UnifiedComposition, master: NDArray[np.float32], rate: int) -> tuple[Row, Trace]:
    """Return the figures of one take, and its windows to draw."""
    curve, whole = song.context.energy, song.seconds
    powers = chunk_powers(master, rate)
    bar = song.time_signature.bar
    edges = [
        (song.tempo.seconds(section.start_bar * bar), song.tempo.seconds(section.end_bar * bar))
        for section in song.sections
    ]
    wanted = [asked_mean(curve, first / whole, last / whole) for first, last in edges]
    count = max(4, round(whole / _WINDOW_SECONDS))
    windows = [(whole * place / count, whole * (place + 1) / count) for place in range(count)]
    levels = [loudness(powers, first, last) for first, last in windows]
    asked = [asked_mean(curve, first / whole, last / whole) for first, last in windows]
    row: Row = {
        "sections": len(edges),
        "by_section": rank(wanted, [loudness(powers, first, last) for first, last in edges]),
        "by_window": rank(asked, levels),
        "by_level": by_level(asked, levels),
        "report": following(song, powers).least,
        "notes": rank(wanted, [notes_per_bar(song, s.start_bar, s.end_bar) for s in song.sections]),
        "range_db": round(max(levels) - min(levels), 1),
    }
    return row, ([(first + last) / 2 / whole for first, last in windows], asked, levels)


def takes(curves: int) -> Iterator[tuple[Row, Trace]]:
    """Compose, render and measure as many curves, one row and one trace each."""
    draw = np.random.default_rng(SEED)
    styles = list(style_names())
    draw.shuffle(styles)
    orchestra = Orchestra(find_soundfonts())
    for number in range(curves):
        curve, seconds = random_curve(draw), float(draw.choice(_LENGTHS))
        style = styles[number % len(styles)]
        request = CompositionRequest(style, number, seconds, genres=(GenreWeight(style),), energy=curve, vocals=False)
        song = compose(request)
        made = render(song, orchestra)
        row: Row = {"style": style, "seed": number, "seconds": seconds, "points": len(curve)}
        figures, trace = measured(song, made.master, made.sample_rate)
        its = made.loudness
        figures |= {
            "lufs": round(its.integrated, 2),
            "true_peak_dbtp": round(its.true_peak_dbtp, 2),
            "crest_db": round(its.crest_db, 1),
            "lra_lu": round(its.range, 1),
        }
        row |= figures | {"curve": " ".join(map(str, curve))}
        print(*row.values(), flush=True)
        yield row, trace


def summary(rows: Sequence[Row], name: str) -> str:
    """Return one line about one figure: its median and the share at or above the floor."""
    values = [float(str(row[name])) for row in rows if row[name] is not None]
    share = sum(value >= FLOOR for value in values) / max(1, len(values))
    least = min(values, default=float("nan"))
    return f"{name}: median {median(values):.3f}, ≥ {FLOOR}: {share:.0%} of {len(values)}, least {least:.3f}"


def main(curves: int) -> None:
    """Print every take and the summaries; keep the table and the plot."""
    found = list(takes(curves))
    rows = [row for row, _ in found]
    for name in _FIGURES:
        print(summary(rows, name))
    RESULTS.mkdir(exist_ok=True)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    with (RESULTS / f"energy-{today}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    plot(rows, [trace for _, trace in found], RESULTS / f"energy-{today}.png")


def plot(rows: Sequence[Row], traces: Sequence[Trace], path: Path) -> None:
    """Draw how well the takes follow, and some of them: the curve (line) and the loudness of its windows (dots)."""
    figure, axes = plt.subplots(1, _DRAWN + 1, figsize=(16, 3.2), layout="constrained")
    for name in _FIGURES:
        values = sorted(float(str(row[name])) for row in rows if row[name] is not None)
        axes[0].plot(np.linspace(0, 1, len(values)), values, label=name.replace("_", " "))
    axes[0].axhline(FLOOR, color="grey", lw=0.8)
    axes[0].set(title="Spearman, sorted", ylim=(-0.5, 1.02), xlabel="share of curves")
    axes[0].legend(fontsize=7)
    chosen = np.linspace(0, len(traces) - 1, _DRAWN).astype(int)
    for axis, number in zip(axes[1:], chosen, strict=True):
        places, asked, levels = traces[number]
        axis.plot(places, asked, color="black")
        axis.set(title=f"{rows[number]['style']} {rows[number]['by_window']}", ylim=(0, 1.05), xlabel="song")
        right = axis.twinx()
        right.plot(places, levels, "o", ms=4, color="tab:red")
        right.tick_params(labelsize=7)
    figure.savefig(path, dpi=70)
    plt.close(figure)


if __name__ == "__main__":
    main(int([*sys.argv[1:], "50"][0]) if len(sys.argv) > 1 else 50)
