"""Do the songs keep the rules? `python -m benchmarks.rules [seeds] [--styles a,b] [--first N] [--minutes M] [--keep]`

Every style is made with every seed as the composer makes it, all but the sound: many candidates, the best one measured.
Odd seeds are sung, by every second style in turn, so that a run stopped after `--minutes` has about as many of either
kind, spread over the styles. Candidate 0 is measured as well, for what composing once would give. Keeps a table of
every figure, plots of their distributions over the bands, and with `--misses FILE` a table of what misses where, for
who writes the parts.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from matplotlib import pyplot as plt

from text2song.compose.engine import compose
from text2song.compose.style import style_names
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.evaluation.rules.bands import load_bands
from text2song.evaluation.rules.findings import Findings, measure
from text2song.providers.candidates import choose

RESULTS = Path(__file__).parent / "results"
SECONDS = (100.0, 140.0)
LYRICS = """[verse]
Morning finds the window open
Coffee going cold again
Every word we left unspoken
Counting in the steady rain
[chorus]
Carry me over the water
Carry me home to the shore
Morning is breaking around us
We are not lost any more
[verse]
Letters underneath the table
Trains that never seem to stop
Hold the moment while you're able
Watch the little needle drop
"""


@dataclass(frozen=True, slots=True)
class Song:
    """One song of the benchmark."""

    style: str
    seed: int
    sung: bool
    composed: int
    chosen: int
    first: Findings
    best: Findings


def songs(styles: Sequence[str], seeds: Sequence[int], minutes: float = math.inf) -> Iterator[Song]:
    """Make the songs, one by one, until the time is up; `seeds` come in pairs of an even and an odd one."""
    until = time.monotonic() + 60.0 * minutes
    for turn in seeds:
        for place, style in enumerate(styles):
            if time.monotonic() > until:
                return
            yield _song(style, turn ^ (place % 2 == 0))


def _song(style: str, seed: int) -> Song:
    sung = seed % 2 == 1
    request = CompositionRequest(
        style,
        seed=seed,
        duration_seconds=SECONDS[seed % 4 // 2],
        genres=(GenreWeight(style),),
        lyrics=LYRICS if sung else None,
        vocals=sung,
    )
    choice = choose(request)
    best = choice.ranked[0]
    first = measure(compose(replace(request, candidate=0)))
    return Song(style, seed, sung, choice.composed, best.number, first, measure(best.finished()))


def write_table(made: Sequence[Song], path: Path) -> None:
    """Write one row a song: what was chosen, what it misses, every figure."""
    names = list(load_bands()[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["style", "seed", "sung", "composed", "chosen", "first_inside", "inside", "missed", *names])
        for song in made:
            values = [song.best.figure(name).value for name in names]
            missed = " ".join(one.figure for one in song.best.missed)
            facts = (song.style, song.seed, song.sung, song.composed, song.chosen, song.first.inside, song.best.inside)
            writer.writerow([*facts, missed, *("" if value is None else value for value in values)])


def plot(made: Sequence[Song], path: Path) -> None:
    """Draw the distribution of every figure over its band."""
    bands = load_bands()[0]
    columns = 8
    rows = math.ceil(len(bands) / columns)
    figure, axes = plt.subplots(rows, columns, figsize=(16, 1.55 * rows))
    for axis in axes.flat[len(bands) :]:
        axis.axis("off")
    for axis, (name, band) in zip(axes.flat, bands.items(), strict=False):
        found = [song.best.figure(name) for song in made]
        values = [one.value for one in found if one.applicable and one.value is not None]
        edges = [*values, *(edge for edge in (band.low, band.high) if math.isfinite(edge))]
        lowest, highest = min(edges), max(edges)
        axis.axvspan(max(band.low, lowest), min(band.high, highest), color="#cfe8cf")
        axis.hist(values, bins=24, range=(lowest, max(highest, lowest + 1e-6)), color="#30506a")
        inside = sum(one.inside for one in found) / max(1, len(found))
        axis.set_title(f"{band.rule} {name.partition('.')[2]} {inside:.0%}", fontsize=7)
        axis.tick_params(labelsize=5)
        axis.set_yticks([])
    figure.tight_layout(pad=0.4)
    figure.savefig(path, dpi=60)
    plt.close(figure)


def misses(made: Sequence[Song]) -> str:
    """Return what misses where, the best candidates and the first ones, as a table for people."""
    by_figure: dict[str, Counter[str]] = defaultdict(Counter)
    firsts: Counter[str] = Counter()
    applicable: Counter[str] = Counter()
    for song in made:
        for one in song.best.missed:
            by_figure[one.figure][song.style] += 1
        firsts.update(one.figure for one in song.first.missed)
        applicable.update(one.figure for one in song.first.figures if one.applicable)
    bands = load_bands()[0]
    chosen, first = (sum(findings.inside for findings in one) for one in zip(*_pairs(made), strict=True))
    lines = [
        f"{chosen} of {len(made)} chosen songs inside every band; {first} at the first candidate.",
        "",
        "| rule | figure | band | first candidate out | chosen out | where (chosen) |",
        "|---|---|---|---|---|---|",
    ]
    for name in sorted(firsts | Counter(by_figure.keys()), key=lambda name: -firsts[name] / max(1, applicable[name])):
        band, where = bands[name], by_figure[name]
        told = ", ".join(f"{style} {count}" for style, count in where.most_common(8))
        share = firsts[name] / max(1, applicable[name])
        lines.append(f"| {band.rule} | {name} | {band.low:g}…{band.high:g} | {share:.0%} | {where.total()} | {told} |")
    return "\n".join(lines) + "\n"


def _pairs(made: Sequence[Song]) -> list[tuple[Findings, Findings]]:
    return [(song.best, song.first) for song in made]


def main() -> int:
    """Run; the exit status is 1 when fewer than 95 % of the songs lie inside every band."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="?", type=int, default=10)
    parser.add_argument("--styles", default="")
    parser.add_argument("--first", type=int, default=0, help="the first seed, an even one")
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--misses", type=Path)
    parser.add_argument("--keep", action="store_true", help="keep the table and plots of a run over chosen styles too")
    options = parser.parse_args()
    styles = options.styles.split(",") if options.styles else style_names()
    made = []
    seeds = range(options.first, options.first + options.seeds + options.seeds % 2)
    for song in songs(styles, seeds, options.minutes):
        missed = ", ".join(f"{one.figure}={one.value}" for one in song.best.missed)
        print(song.style, song.seed, f"{song.chosen} of {song.composed}", missed or "inside", flush=True)
        made.append(song)
    table = misses(made)
    print(table)
    if options.misses:
        options.misses.write_text(table, encoding="utf-8")
    if options.keep or not options.styles:
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        write_table(made, RESULTS / f"rules-{today}.csv")
        plot(made, RESULTS / f"rules-{today}.png")
    return int(sum(song.best.inside for song in made) < 0.95 * len(made))


if __name__ == "__main__":
    sys.exit(main())
