"""Does every style sound mixed? `python -m benchmarks.mix [seeds] [seconds] [style …]`

Each style is made with its seeds in turn sung and played, and its stems and master are held against rules 30–34 of the
studio's notes on composition: bands of taste, measured by code that shares nothing with the desk but the octave targets
of the styles.
"""

from __future__ import annotations

import csv
import datetime
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from benchmarks.memory import VERSE
from text2song.audio.engine import Rendering, Stem, render
from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.master import target_db
from text2song.audio.orchestra import Orchestra
from text2song.audio.soundfont.library import find_soundfonts
from text2song.audio.voice.singer import Singer
from text2song.compose.engine import compose
from text2song.compose.style import style_names
from text2song.domain.composition import SectionKind, UnifiedComposition
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.score import Role

RESULTS = Path(__file__).parent / "results"
#: What each figure should lie within.
BANDS: Mapping[str, tuple[float, float]] = {
    "kick_over_bass_db": (-5.0, 6.0),
    "vocal_over_music_db": (0.0, 3.0),
    "width_db": (-14.0, -6.0),
    "correlation": (0.2, 1.0),
    "mono_loss_db": (-1.5, 0.0),
    "low_side_db": (-120.0, -15.0),
    "worst_octave_db": (0.0, 4.0),
    "lufs": (-14.5, -13.5),
    "dbtp": (-3.0, -1.0),
    "crest_db": (8.0, 14.0),
    "lra": (3.0, 9.0),
    "clicks": (0.0, 0.0),
    "dc_db": (-120.0, -60.0),
    "rest_seconds": (0.0, 2.0),
}
OCTAVES = (63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0)

Audio = NDArray[Any]


def main(seeds: int, seconds: float, styles: Sequence[str]) -> None:
    """Print one line a take, keep the table and the plot."""
    rows = []
    for row in _takes(seeds, seconds, styles):
        rows.append(row)
        print(" ".join(f"{value}" for value in row.values()), flush=True)
    for name, (low, high) in BANDS.items():
        found = [float(row[name]) for row in rows if row[name] != ""]
        inside = sum(low <= value <= high for value in found)
        middle = float(np.median(found)) if found else float("nan")
        print(f"{name:22} {inside:3} of {len(found):3} within {low:g} … {high:g}, median {middle:.2f}")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"mix-{datetime.datetime.now(datetime.UTC).date().isoformat()}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    plot(rows, path.with_suffix(".png"))


def _takes(seeds: int, seconds: float, styles: Sequence[str]) -> Iterator[dict[str, Any]]:
    orchestra = Orchestra(find_soundfonts(), Singer())
    for style in styles:
        for seed in range(seeds):
            genres = (GenreWeight(style),)
            sung = seed % 2 == 0
            request = CompositionRequest(
                style, seed=seed, duration_seconds=seconds, genres=genres, vocals=sung, lyrics=VERSE if sung else ""
            )
            song = compose(request)
            yield {"style": style, "seed": seed} | figures(song, render(song, orchestra))


def figures(song: UnifiedComposition, made: Rendering) -> dict[str, Any]:
    """Return every figure of `BANDS`, rounded, "" where there is nothing to measure."""
    stems = {stem.name: stem for stem in made.stems}
    master = made.master
    levels = octave_db(master)
    deviation = levels - target_db(song.mix)
    deviation -= np.median(deviation[1:8])
    middle, side = master.mean(axis=1), (master[:, 0] - master[:, 1]) / 2
    found: dict[str, Any] = {
        "kick_over_bass_db": _kick_over_bass(song, stems),
        "vocal_over_music_db": _vocal_over_music(stems, made.mix),
        "width_db": _db(side) - _db(middle),
        "chorus_wider_db": _chorus_wider(song, middle, side),
        "correlation": float(np.asarray(np.corrcoef(master.T))[0, 1]),
        "mono_loss_db": _db(middle) - _db(master),
        "low_side_db": _db(_band(side, None, 120.0)) - _db(_band(middle, None, 120.0)),
        "worst_octave_db": float(np.abs(deviation).max()),
        "lufs": made.loudness.integrated,
        "dbtp": made.loudness.true_peak_dbtp,
        "crest_db": made.loudness.crest_db,
        "lra": made.loudness.range,
        "clicks": clicks(master),
        "dc_db": 20 * np.log10(max(float(np.abs(master.mean(axis=0)).max()), 1e-6)),
        "rest_seconds": _longest_rest(master),
    }
    found |= {f"octave_{int(hertz)}": value for hertz, value in zip(OCTAVES, deviation, strict=True)}
    return {name: value if value == "" else round(float(value), 3) for name, value in found.items()}


def octave_db(audio: Audio) -> NDArray[np.float64]:
    """Return the level of each band of `OCTAVES`, dB relative to the whole, by Welch's method."""
    hertz, power = signal.welch(audio.T, SAMPLE_RATE, nperseg=8192)
    total = power.sum(axis=0)
    bands = [total[(hertz >= centre / 2**0.5) & (hertz < centre * 2**0.5)].sum() for centre in OCTAVES]
    return np.asarray(10 * np.log10(np.maximum(bands, 1e-14) / total.sum()))


def clicks(audio: Audio) -> int:
    """Return how many samples jump out of their neighbourhood as no instrument's do.

    A broken waveform is one large fourth difference among small ones; an onset goes on for more than a millisecond.
    """
    jumps = np.abs(np.diff(audio.mean(axis=1).astype(np.float64), 4))
    around = np.maximum(_largest(jumps, -24), _largest(jumps, 24))
    return int(np.count_nonzero((jumps > 12 * around) & (jumps > 0.03)))


def _largest(values: NDArray[np.float64], offset: int) -> NDArray[np.float64]:
    """Return the largest of the 32 values about `offset` places from each."""
    return np.asarray(
        ndimage.maximum_filter1d(values, 32)[np.clip(np.arange(len(values)) + offset, 0, len(values) - 1)]
    )


def _kick_over_bass(song: UnifiedComposition, stems: Mapping[str, Stem]) -> float | str:
    """The loud 50 ms of the drums below 150 Hz against those of the bass below 250 Hz."""
    basses = [part.name for part in song.parts if part.role is Role.BASS and part.name in stems]
    if "drums" not in stems or not basses:
        return ""
    kick, bass = (
        _band(stems[name].audio.mean(axis=1), None, edge) for name, edge in (("drums", 150.0), (basses[0], 250.0))
    )
    return _loud_moments(kick) - _loud_moments(bass)


def _loud_moments(mono: Audio) -> float:
    size = SAMPLE_RATE // 20
    blocks = np.sqrt(np.mean(np.square(mono[: len(mono) // size * size].reshape(-1, size)), axis=1))
    heard = blocks[blocks > blocks.max() * 10 ** (-30 / 20)]
    return 20 * float(np.log10(np.percentile(heard, 90)))


def _vocal_over_music(stems: Mapping[str, Stem], mix: Audio) -> float | str:
    if "vocal" not in stems:
        return ""
    vocal = stems["vocal"].audio
    music = _band((mix - vocal).mean(axis=1), 1000.0, 4000.0)
    voice = _band(vocal.mean(axis=1), 1000.0, 4000.0)
    size = SAMPLE_RATE // 10
    count = len(voice) // size
    power = np.mean(np.square(voice[: count * size].reshape(count, size)), axis=1)
    singing = power > power.max() * 10 ** (-25 / 10)
    other = np.mean(np.square(music[: count * size].reshape(count, size)), axis=1)
    return 10 * float(np.log10(power[singing].mean() / other[singing].mean()))


def _chorus_wider(song: UnifiedComposition, middle: Audio, side: Audio) -> float | str:
    widths: dict[bool, list[float]] = {True: [], False: []}
    for section in song.sections:
        if section.kind not in (SectionKind.CHORUS, SectionKind.VERSE):
            continue
        start = int(song.tempo.seconds(song.section_start(section)) * SAMPLE_RATE)
        end = int(song.tempo.seconds(section.end_bar * song.time_signature.bar) * SAMPLE_RATE)
        widths[section.kind is SectionKind.CHORUS].append(_db(side[start:end]) - _db(middle[start:end]))
    return float(np.mean(widths[True]) - np.mean(widths[False])) if all(widths.values()) else ""


def _longest_rest(master: Audio) -> float:
    """Return the longest stretch below −60 dBFS before the last sound, seconds."""
    size = SAMPLE_RATE // 20
    peaks = np.abs(master[: len(master) // size * size]).reshape(-1, 2 * size).max(axis=1) > 1e-3
    loud = np.flatnonzero(peaks)
    return float(np.diff(loud).max() - 1) / 20 if len(loud) > 1 else 0.0


def _band(mono: Audio, low: float | None, high: float | None) -> Audio:
    if low is not None and high is not None:
        sections = signal.butter(4, [low, high], "bandpass", fs=SAMPLE_RATE, output="sos")
    else:
        sections = signal.butter(
            4, low or high or 1000.0, "highpass" if low else "lowpass", fs=SAMPLE_RATE, output="sos"
        )
    return np.asarray(signal.sosfilt(sections, mono))


def _db(audio: Audio) -> float:
    return 10 * float(np.log10(max(float(np.mean(np.square(audio, dtype=np.float64))), 1e-12)))


def plot(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw each figure of each take against its band."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the choice of a backend without a screen

    shown = [name for name in BANDS if name not in ("clicks", "dc_db", "rest_seconds", "lufs")]
    shape, axes = plt.subplots(2, 5, figsize=(15, 7), sharey=True, layout="constrained")
    names = [f"{row['style']} {row['seed']}" for row in rows]
    for axis, name in zip(axes.flat, shown, strict=True):
        low, high = BANDS[name]
        values = [float(row[name]) if row[name] != "" else np.nan for row in rows]
        axis.axvspan(max(low, -40), high, color="tab:green", alpha=0.15)
        good = [low <= value <= high for value in values]
        axis.scatter(values, range(len(rows)), s=12, c=["tab:blue" if fine else "tab:red" for fine in good])
        axis.set_title(name, fontsize=9)
    axes[0, 0].set_yticks(range(len(rows)), names, fontsize=5)
    shape.savefig(path, dpi=70)
    plt.close(shape)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 2, float(given[1]) if len(given) > 1 else 50.0, given[2:] or style_names())
