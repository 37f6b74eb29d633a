"""Are the songs different? `python -m benchmarks.variety [prompts] [seeds]`

Two takes of each prompt, made as the studio makes them, and how alike their tunes are; then many seeds of one prompt,
and whether any two have the same notes.
"""

from __future__ import annotations

import csv
import datetime
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from text2song.compose.engine import compose
from text2song.domain.request import CompositionRequest, seed_of
from text2song.domain.serial import digest
from text2song.evaluation.rules.likeness import interval_likeness, intervals, sequence_likeness
from text2song.evaluation.rules.songview import SongView
from text2song.providers.candidates import choose

RESULTS = Path(__file__).parent / "results"
MOST_ALIKE = 0.6
SECONDS = 60.0
PROMPTS = (
    "dreamy synthwave about night drives", "sad piano ballad", "upbeat summer pop", "slow blues in a smoky bar",
    "bossa nova by the sea", "angry metal", "lo-fi beats to study to", "epic orchestral trailer", "dusty boom bap",
    "minimal techno at 5 am", "deep house on a rooftop", "acoustic folk by a campfire", "country road trip",
    "reggae on the beach", "funky disco night", "smooth jazz trio", "gospel soul for a sunday", "dark trap",
    "drum and bass, fast and liquid", "celtic jig", "ambient for sleeping", "punk in a garage", "romantic r&b",
    "children's song about animals", "christmas jingle", "waltz for two", "cinematic suspense", "80s power ballad",
    "indie rock anthem", "meditation with flute", "latin party", "chiptune for a boss fight", "surf rock",
    "melancholic cello", "happy ukulele", "trance at sunrise",
)  # fmt: skip


def takes(count: int) -> list[dict[str, object]]:
    """Return per prompt how alike two takes are: as runs of three intervals, and as sequences of intervals."""
    rows: list[dict[str, object]] = []
    for prompt in PROMPTS[:count]:
        request = CompositionRequest(prompt, seed=seed_of(prompt), duration_seconds=SECONDS)
        first = choose(request).ranked[0].finished()
        second_choice = choose(replace(request, seed=request.seed + 1), earlier=[first])
        second = second_choice.ranked[0].finished()
        tunes = SongView(first).tune, SongView(second).tune
        row: dict[str, object] = {
            "prompt": prompt,
            "style": first.context.style,
            "alike": round(interval_likeness(*tunes), 3),
            "alike_in_order": round(sequence_likeness(intervals(tunes[0]), intervals(tunes[1])), 3),
            "notes": min(map(len, tunes)),
        }
        print(*row.values(), flush=True)
        rows.append(row)
    return rows


def repeats(seeds: int) -> int:
    """Return how many of the songs of one prompt have the notes of another one, timing and force left aside."""
    found: Counter[str] = Counter()
    for seed in range(seeds):
        song = compose(CompositionRequest("a pop song, 30 seconds", seed=seed))
        found[digest([[(note.start, note.pitch, note.duration) for note in part.notes] for part in song.parts])] += 1
    return seeds - len(found)


def main(prompts: int, seeds: int) -> int:
    """Print and keep both; return 1 when takes are too alike or scores are equal."""
    rows = takes(prompts)
    most = max(float(str(row["alike"])) for row in rows)
    same = repeats(seeds)
    print(f"{len(rows)} prompts: two takes are at most {most:.2f} alike; {same} of {seeds} scores equal another")
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    with (RESULTS / f"variety-{today}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        file.write(f"# {same} of {seeds} scores of one prompt equal another\n")
    return int(most > MOST_ALIKE or same > 0)


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(arguments + [len(PROMPTS), 1000][len(arguments) :])))
