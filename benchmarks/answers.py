"""Who answers the singer? `python -m benchmarks.answers [seeds]`: sung sections with an instrument's answer, by style.

Judged from the notes alone: an answer is two or more notes of a tune-bearing instrument that begin after the last word
of a phrase has begun and end before the next phrase does, all on moments where no word begins. Keeps a table in
`benchmarks/results/answers-<date>.csv`.
"""

from __future__ import annotations

import csv
import datetime
import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from text2song.compose.engine import compose
from text2song.domain.composition import UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.score import Note, Role

RESULTS = Path(__file__).parent / "results"
SECONDS = 120.0
#: Musics of call and response, and musics whose singers are mostly left alone.
CALLING = (
    "blues", "gospel", "funk", "soul", "country", "rock", "salsa", "jazz", "afrobeat", "reggae", "bluegrass",
    "doowop", "swing", "bachata", "arabic", "samba",
)  # fmt: skip
ALONE = ("pop", "house", "techno", "ambient", "hiphop", "trap", "synthwave", "classical", "metal", "lullaby")


@dataclass(frozen=True, slots=True)
class Row:
    """One sung song."""

    style: str
    seed: int
    calling: bool
    sung_sections: int
    answered_sections: int
    answers: int
    #: Of those, answers that begin while the last word of the phrase is still held.
    under_held: int
    #: Longest rest of the voice inside a sung section, in seconds, the median of the sections.
    rest_seconds: float


def measured(song: UnifiedComposition, style: str, seed: int) -> Row:
    """Return what is answered in a song."""
    words = {line.section for line in (song.lyrics.lines if song.lyrics else ())}
    sung = sorted(note for part in song.parts if part.role is Role.VOCAL for note in part.notes)
    played = sorted(note for part in song.parts if part.role is Role.LEAD for note in part.notes)
    answered = answers = held = 0
    rests: list[float] = []
    for section in song.sections:
        if section.name not in words:
            continue
        start = song.section_start(section)
        end = start + section.bars * song.time_signature.bar
        calls = [note for note in sung if start <= note.start < end]
        found = [(call, reply) for call, reply in _replies(calls, played, end) if len(reply) > 1]
        answers += len(found)
        held += sum(reply[0].start < call.start + call.duration for call, reply in found)
        answered += bool(found)
        rests.append(_longest_rest(song, calls, end))
    rest = sorted(rests)[len(rests) // 2] if rests else 0.0
    return Row(style, seed, style in CALLING, len(rests), answered, answers, held, round(rest, 2))


def _replies(calls: Sequence[Note], played: Sequence[Note], end: Fraction) -> list[tuple[Note, list[Note]]]:
    """Return each sung note with what is played after it has begun and before the next one does."""
    starts = [note.start for note in calls]
    replies: dict[int, list[Note]] = {}
    for note in played:
        index = bisect_right(starts, note.start) - 1
        following = starts[index + 1] if index + 1 < len(starts) else end
        if index >= 0 and starts[index] < note.start < following:
            replies.setdefault(index, []).append(note)
    return [(calls[index], reply) for index, reply in sorted(replies.items())]


def _longest_rest(song: UnifiedComposition, calls: Sequence[Note], end: Fraction) -> float:
    edges = [note.start for note in calls[1:]] + [end]
    rests = [
        song.tempo.seconds(after) - song.tempo.seconds(min(note.start + note.duration, after))
        for note, after in zip(calls, edges, strict=True)
    ]
    return max(rests, default=0.0)


def rows(seeds: int) -> list[Row]:
    """Compose every style with every seed, words written by the studio, and measure them."""
    found = []
    for style in (*CALLING, *ALONE):
        for seed in range(seeds):
            request = CompositionRequest(
                "a song", seed=seed, duration_seconds=SECONDS, genres=(GenreWeight(style),), vocals=True
            )
            found.append(measured(compose(request), style, seed))
    return found


def share(found: Sequence[Row], *, calling: bool) -> float:
    """Return the share of sung sections that are answered."""
    mine = [row for row in found if row.calling is calling]
    return sum(row.answered_sections for row in mine) / max(1, sum(row.sung_sections for row in mine))


def main() -> int:
    """Print and keep the table."""
    found = rows(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
    path = RESULTS / f"answers-{datetime.datetime.now(tz=datetime.UTC).date()}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([each.name for each in fields(Row)])
        writer.writerows([getattr(row, each.name) for each in fields(Row)] for row in found)
    for style in dict.fromkeys(row.style for row in found):
        mine = [row for row in found if row.style == style]
        sung, answered = sum(row.sung_sections for row in mine), sum(row.answered_sections for row in mine)
        total, held = sum(row.answers for row in mine), sum(row.under_held for row in mine)
        print(
            f"{style:12} {answered:3} of {sung:3} sung sections answered, {total:3} answers, {held} under a held word"
        )
    print(f"call and response: {share(found, calling=True):.0%}; others: {share(found, calling=False):.0%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
