"""What an edit costs beside making the whole song, and whether every other stem kept its bytes.

`python -m benchmarks.edits [words of a prompt]` renders songs of several styles in full, edits one part in one section
of each, and renders the child twice: with the parent's stems, and in full. Both children must be the same files. Writes
a CSV of medians, unless words chose among the songs.

Three shares are told. `ratio` is the strict one: all of the edit, from reading the parent on, by a full rendering of a
score that is there. `render_ratio` leaves reading and composing out of both. `anew_ratio` is what somebody saves who
would else make the whole song again: all of the edit by `maker.make` with as many candidates as it has for everybody,
made once a song.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from text2song.compose.edits.apply import edited
from text2song.compose.edits.parents import read_parent
from text2song.compose.edits.targets import notes_in
from text2song.domain.composition import UnifiedComposition
from text2song.domain.edits import Edit
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest
from text2song.providers.base import MadeSong
from text2song.services.makers import build_router

RESULTS = Path(__file__).parent / "results"
WORDS = """[Verse]
Rain on the window tonight
I am walking home alone
[Chorus]
Carry me over the water
Carry me back to the sea
"""
#: Prompt, words, and the part that is made anew in the song's strongest section.
CASES = (
    ("dreamy synthwave about night drives, 100 bpm, A minor", None, "bass"),
    ("deep house, 122 bpm, F minor", None, "drums"),
    ("indie rock, 128 bpm, E major", WORDS, "bass"),
    ("slow jazz trio with piano", None, "chords"),
    ("folk song with a female singer", WORDS, "bass"),
    ("funk with slap bass", None, "bass"),
    ("roots reggae, 76 bpm", WORDS, "bass"),
    ("drum and bass, 174 bpm", None, "bass"),
    ("jazz quartet with upright bass and saxophone", None, "bass"),
    ("heavy metal, 150 bpm", WORDS, "bass"),
    ("acid techno with a 303, 132 bpm", None, "bass"),
    ("bossa nova, 130 bpm", WORDS, "bass"),
    ("trap, 140 bpm", None, "bass"),
)
SECONDS = 180.0
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One song and one edit of it."""

    prompt: str
    target: str
    sung: bool
    stems: int
    others_equal: bool
    same_as_full: bool
    full_seconds: float
    edit_seconds: float
    ratio: float
    full_processor_seconds: float
    edit_processor_seconds: float
    processor_ratio: float
    edit_render_seconds: float
    render_ratio: float
    anew_seconds: float
    anew_ratio: float


@dataclass(frozen=True, slots=True)
class _Times:
    """Wall-clock and processor seconds of one round."""

    #: The full rendering, the whole edit, and of it the rendering.
    full: tuple[float, float]
    edit: tuple[float, float]
    render: tuple[float, float]


def measure(prompt: str, words: str | None, part: str, seconds: float = SECONDS) -> Row:
    """Return the row of one song: medians of alternating full renders and edits, so that both meet the same machine."""
    maker = build_router().named("composer")
    request = CompositionRequest(prompt, seed=1, duration_seconds=seconds, lyrics=words, candidate=0)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        parent = maker.make(request, _new(root / "parent"), silent)
        target = f"{_strongest(parent.composition, part)}/{part}"
        rounds = []
        for number in range(ROUNDS):
            edit = Edit(remake=(target,), seed=number)
            start = _now()
            child = edited(read_parent((parent.folder / "composition.json").read_bytes()), edit)
            composed = _now()
            song = maker.remake(child, _new(root / f"quick{number}"), silent, parent.folder)
            quick = (_since(start), _since(composed))
            start = _now()
            whole = maker.remake(child, _new(root / f"full{number}"), silent)
            rounds.append(_Times(_since(start), *quick))
        start = _now()
        maker.make(replace(request, candidate=None), _new(root / "anew"), silent)
        anew = _since(start)[0]
        print(prompt, song.report.seconds, whole.report.seconds, file=sys.stderr)
        return _row(prompt, target, words, (parent, song, whole), rounds, anew)


def _now() -> tuple[float, float]:
    """Wall-clock and processor seconds: on a machine that others use, only the second can be compared."""
    return time.perf_counter(), time.process_time()


def _since(start: tuple[float, float]) -> tuple[float, float]:
    wall, processor = _now()
    return wall - start[0], processor - start[1]


def _medians(times: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(wall for wall, _ in times), statistics.median(processor for _, processor in times)


def _row(
    prompt: str,
    target: str,
    words: str | None,
    songs: tuple[MadeSong, MadeSong, MadeSong],
    rounds: list[_Times],
    anew: float,
) -> Row:
    parent, song, whole = songs
    part = target.rpartition("/")[2]
    before, after = _hashes(parent.folder), _hashes(song.folder)
    full, edit = _medians([one.full for one in rounds]), _medians([one.edit for one in rounds])
    render, _ = _medians([one.render for one in rounds])
    return Row(
        prompt=prompt,
        target=target,
        sung=words is not None,
        stems=len(before),
        others_equal={name for name in before if before[name] != after.get(name)} == {f"stems/{part}.wav"},
        same_as_full=after == _hashes(whole.folder)
        and all(
            (song.folder / n).read_bytes() == (whole.folder / n).read_bytes() for n in ("song.wav", "premaster.wav")
        ),
        full_seconds=round(full[0], 2),
        edit_seconds=round(edit[0], 2),
        ratio=round(edit[0] / full[0], 3),
        full_processor_seconds=round(full[1], 2),
        edit_processor_seconds=round(edit[1], 2),
        processor_ratio=round(edit[1] / full[1], 3),
        edit_render_seconds=round(render, 2),
        render_ratio=round(render / full[0], 3),
        anew_seconds=round(anew, 2),
        anew_ratio=round(edit[0] / anew, 3),
    )


def _strongest(song: UnifiedComposition, part: str) -> str:
    played = [section for section in song.sections if notes_in(song, song.part(part), section.name)]
    return max(played, key=lambda section: section.energy).name


def _hashes(folder: Path) -> dict[str, str]:
    return {
        f"stems/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "stems").glob("*.wav")
    }


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def main() -> None:
    """Measure every case, or those whose prompts hold the words given, and write the table."""
    asked = " ".join(sys.argv[1:])
    rows = [measure(*case) for case in CASES if asked in case[0]]
    if not asked:
        _keep(rows)
    for row in rows:
        seconds = f"{row.full_seconds:6.2f} s  {row.edit_seconds:6.2f} s"
        shares = f"{row.ratio:.0%}, {row.processor_ratio:.0%} of work, {row.render_ratio:.0%} of rendering"
        print(f"{row.target:20} {seconds}  {shares}, {row.anew_ratio:.0%} of making it anew  {row.prompt}")


def _keep(rows: list[Row]) -> None:
    path = RESULTS / f"edits-{datetime.datetime.now(datetime.UTC).date()}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = list(Row.__slots__)
        writer.writerow(names)
        writer.writerows([getattr(row, name) for name in names] for row in rows)


if __name__ == "__main__":
    main()
