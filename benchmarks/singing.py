"""How well do we sing? `python -m benchmarks.singing [voice …] [part of a source's name]`

Forty-eight lines, never used to tune anything, are composed to songs and sung by every source voice that is installed
in every voice. Pitch is read off the rendered part by a tracker of its own (`benchmarks.pitch`), words by an offline
recogniser that picks one line of twenty (`benchmarks.recogniser`). Melodies, lengths and stresses are the composer's.
"""

from __future__ import annotations

import csv
import datetime
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.pitch import track
from benchmarks.recogniser import Recogniser
from text2song.audio.engine import song_frames
from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.voice.colours import colour, delivery
from text2song.audio.voice.phrasing import Placed, lines_with_words
from text2song.audio.voice.singer import Singer, SourceVoice, installed_sources
from text2song.compose.engine import compose
from text2song.domain.composition import UnifiedComposition
from text2song.domain.request import CompositionRequest
from text2song.domain.score import Part

RESULTS = Path(__file__).parent / "results"
LINES = Path(__file__).parent / "singing_lines.toml"
VOICES = ("soprano", "alto", "tenor", "baritone", "child", "choir")
CHOICES = 20
#: Read inside a note only: this long after it begins and before it ends, seconds.
_AFTER, _BEFORE = 0.08, 0.05


def main(names: list[str], wanted: str) -> int:
    """Print one row per source and voice and keep them; return 1 if the default source misses a bar."""
    recogniser = Recogniser()
    sources = [source for source in installed_sources() if source.installed() and wanted in source.name]
    if not sources:
        print(f"“{wanted}” is no voice and in no source's name; voices: {', '.join(VOICES)}")
        return 2
    rows = list(_rows(sources, names or list(VOICES), recogniser))
    RESULTS.mkdir(exist_ok=True)
    _keep(rows, RESULTS / f"singing-{datetime.datetime.now(datetime.UTC).date().isoformat()}.csv")
    own = [row for row in rows if row["source"] == sources[0].name]
    share = sum(int(str(row["right"])) for row in own) / sum(int(str(row["lines"])) for row in own)
    print(f"{sources[0].name}: {100 * share:.1f} % of lines found among {CHOICES}")
    return 0 if share >= 0.8 and all(float(str(row["median_cents"])) < 15 for row in own) else 1


def _keep(rows: list[dict[str, object]], file: Path) -> None:
    """Put rows in the day's table, over earlier ones of the same source and voice."""
    kept: dict[tuple[str, str], dict[str, object]] = {}
    if file.exists():
        with file.open(encoding="utf-8", newline="") as old:
            kept = {(row["source"], row["voice"]): dict(row) for row in csv.DictReader(old)}
    kept |= {(str(row["source"]), str(row["voice"])): row for row in rows}
    with file.open("w", encoding="utf-8", newline="") as new:
        writer = csv.DictWriter(new, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept.values())


def _rows(sources: list[SourceVoice], names: list[str], recogniser: Recogniser) -> Iterator[dict[str, object]]:
    songs = tomllib.loads(LINES.read_text(encoding="utf-8"))["songs"]
    texts = [line for song in songs for line in song]
    unknown = {word.lower() for text in texts for word in text.split()} - recogniser.words
    assert not unknown, f"not in the recogniser's dictionary: {sorted(unknown)}"
    for source in sources:
        for name in names:
            row = {"source": source.name, "voice": name, **_judged(source, name, songs, texts, recogniser)}
            print(" ".join(str(value) for value in row.values()), flush=True)
            yield row


def _judged(
    source: SourceVoice, name: str, songs: list[list[str]], texts: list[str], recogniser: Recogniser
) -> dict[str, object]:
    errors: list[float] = []
    middles: list[float] = []
    right = sung = 0
    seconds = spent = 0.0
    for number, words in enumerate(songs):
        song = _song(words, name, number)
        part = song.part("vocal")
        started = time.perf_counter()
        stem = Singer(sources=(source,)).render(song, part, song_frames(song)[0])[:, 0].astype(np.float64)
        spent += time.perf_counter() - started
        seconds += sum(float(note.duration) for note in part.notes) * 60 / float(song.tempo.bpm)
        frames, notes = _pitch_errors(stem, song, part)
        errors += frames
        middles += notes
        for placed in _first_times(song, part):
            sound = source.sing(placed.line, colour(name), delivery("pop"), 0.0)
            choices = _choices(placed.line.text, texts)
            right += choices[recogniser.choose(sound, SAMPLE_RATE, choices)] == placed.line.text
            sung += 1
    return {
        "lines": sung,
        "right": right,
        "forced_choice": round(right / max(sung, 1), 3),
        "median_cents": round(float(np.median(errors)), 1),
        "within_50_cents": round(float(np.mean(np.array(errors) < 50)), 3),
        "note_median_cents": round(float(np.median(middles)), 1),
        "seconds_per_sung_minute": round(60 * spent / seconds, 2),
    }


def _song(words: list[str], name: str, seed: int) -> UnifiedComposition:
    """Return the lines as a song whose lead is the voice; the melody lies where that voice is at ease."""
    verses = "\n".join(["[verse]", *words[:4], "[chorus]", *words[4:8], "[verse]", *words[8:]])
    wish = {"child": "child singer", "choir": "sung by a choir"}.get(name, f"{name} vocals")
    request = CompositionRequest(f"pop song, {wish}", seed=seed, duration_seconds=150, lyrics=verses)
    song = compose(request)
    lead = next(plan for plan in song.vocals if plan.part == "vocal")
    assert lead.voice == name
    return replace(song, vocals=(replace(lead, delivery="pop"),))


def _first_times(song: UnifiedComposition, part: Part) -> list[Placed]:
    """Return each line once: a chorus that comes again is no new evidence."""
    found: dict[str, Placed] = {}
    for placed in lines_with_words(song, part, 0.0):
        found.setdefault(placed.line.text, placed)
    return list(found.values())


def _choices(text: str, texts: list[str]) -> list[str]:
    """Return the line among nineteen others, those nearest in length."""
    others = sorted((other for other in texts if other != text), key=lambda other: (abs(len(other) - len(text)), other))
    return [text, *others[: CHOICES - 1]]


def _pitch_errors(stem: NDArray[np.float64], song: UnifiedComposition, part: Part) -> tuple[list[float], list[float]]:
    """Return |cents| off the score of every voiced frame inside a note, and of each note's median."""
    times, f0 = track(stem, SAMPLE_RATE)
    frames: list[float] = []
    notes: list[float] = []
    for note in part.notes:
        start = song.tempo.seconds(note.start) + note.nudge_us / 1e6
        end = start + song.tempo.seconds(note.start + note.duration) - song.tempo.seconds(note.start)
        heard = f0[(times > start + _AFTER) & (times < end - _BEFORE) & (f0 > 0)]
        if heard.size:
            cents = 1200 * np.log2(heard / (440 * 2 ** ((note.pitch - 69) / 12)))
            frames += [float(value) for value in np.abs(cents)]
            notes.append(float(abs(np.median(cents))))
    return frames, notes


if __name__ == "__main__":
    chosen = [name for name in sys.argv[1:] if name in VOICES]
    sys.exit(main(chosen, next((word for word in sys.argv[1:] if word not in VOICES), "")))
