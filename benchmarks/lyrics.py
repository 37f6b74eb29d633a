"""Lyrics, measured: stress on strong beats, rhyme, syllable counts, breath, pace; written songs and users' words.

Everything is measured on the finished composition by code of its own: metrical strength, rhyme tails and syllable
counts are worked out here from notes and sounds, not taken from the composer.

    python -m benchmarks.lyrics        # → benchmarks/results/lyrics-<date>.csv
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

from text2song.compose.engine import compose
from text2song.domain.composition import UnifiedComposition
from text2song.domain.lyrics import LyricLine
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest

RESULTS = Path(__file__).parent / "results"
STYLES = (
    "pop", "rock", "folk", "country", "soul", "r&b", "hip hop", "metal", "disco", "synthwave", "jazz", "blues",
    "reggae", "folk waltz",
)  # fmt: skip
ABOUT = ("", "about the sea", "about leaving home", "about my grandmother's kitchen")
USER = {
    "quatrains": "[Verse 1]\nThe river carries all my letters down\n"
    "Past every bridge and sleeping little town\n[Chorus]\n"
    "Carry me over, carry me on\nUntil the worry and winter are gone\n[Verse 2]\n"
    "The ferry lanterns flicker in the rain\n"
    "I wave to nobody and wave again\n[Chorus]",
    "untagged": "Paper boats and copper pennies\nWindow seats and yellow trains\n\nTell me something I'll remember\n"
    "Tell me something that remains\n\nAll the faces in the station\nAll the names upon the wall",
    "short": "[Chorus]\nhey hey hey",
    "one word": "Hallelujah",
    "long words": "[Verse]\nUnbelievable electricity, incomprehensible serenity\nAccidental astronomical celebrity\n"
    "[Chorus]\nInternational, irresponsible",
    "figures": "[Verse]\nIn 1999 I was 21\n3 little birds on a 747\n[Chorus]\nCount to 10, count to 10 again",
    "ballad": "[Verse 1]\n"
    + "The candle on the window sill is burning low tonight\nI hear the neighbor's radio, I see the porch light\n" * 2
    + "[Bridge]\nMaybe tomorrow, maybe never\nNobody promised me forever\n[Chorus]\n"
    + "Wonderful stranger, wonderful friend\nMeet me again at the end\n",
    "contractions": "[Verse]\nShe'd've known that I couldn't've stayed\nWe're gonna dance 'til the music's played\n"
    "[Hook]\nAin't nobody leavin' tonight",
    "emoji": "[Verse]\n🎹 Sunday morning 🎹\nCoffee and a song ☕\n(ooh, ooh)\n[Chorus]\nSing it along!",
    "many lines": "[Verse]\n" + "Another mile of yellow fields and wire\n" * 40,
    "iambic": "[Verse]\n"
    + "Upon the hill the winter sun\nIs setting over everyone\n" * 4
    + "[Chorus]\nAnd on we run\n" * 4,
    "trochaic": "[Verse]\n" + "Silver water under bridges\nCarries every little sorrow\n" * 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One song, measured."""

    song: str
    source: str
    lines: int
    stressed_pairs: int
    #: Of those, stressed on a stronger place than the unstressed syllable after it.
    stressed_on_strong: int
    rhyme_pairs: int
    rhymed: int
    #: Lines whose syllable counts are compared with the line of the same number in another verse, and those within one.
    count_pairs: int
    within_one: int
    melismas: int
    syllables: int
    median_rate: float
    shortest_breath: float
    #: Lines whose last syllable is longer than their median one.
    held_ends: int


def weight(place: Fraction, song: UnifiedComposition) -> int:
    """How strong a place is: bar, half of an even bar, pulse, half pulse, the rest."""
    metre = song.time_signature
    inside = place % metre.bar
    if inside == 0:
        return 4
    if metre.numerator % 2 == 0 and inside == metre.bar / 2:
        return 3
    if inside % metre.pulse == 0:
        return 2
    return 1 if inside % Fraction(1, 2) == 0 else 0


def tail(line: LyricLine) -> tuple[str, ...]:
    """The sounds of a line from its last stressed vowel on."""
    sounds = [sound for syllable in line.syllables for sound in syllable.phonemes]
    vowels = [place for place, sound in enumerate(sounds) if sound[-1] in "12"]
    return tuple(sound.strip("012") for sound in sounds[vowels[-1] :]) if vowels else ()


def rhyme(song: UnifiedComposition) -> tuple[int, int]:
    """Pairs of lines that the scheme of their section calls rhymes, and those that do rhyme (or repeat)."""
    schemes = {
        decision.path.split("/")[0]: decision.choice
        for decision in song.provenance.decisions
        if decision.path.endswith("/lyrics/scheme")
    }
    asked = kept = 0
    for section, letters in schemes.items():
        lines = [line for line in song.lyrics.lines if line.section == section] if song.lyrics else []
        groups: dict[str, list[LyricLine]] = defaultdict(list)
        for line, letter in zip(lines, letters, strict=False):
            groups[letter].append(line)
        for group in groups.values():
            for one, two in pairwise(group):
                asked += 1
                kept += one.text == two.text or (tail(one) == tail(two) and _last(one) != _last(two))
    return asked, kept


def measure(name: str, song: UnifiedComposition) -> Row:
    """Return the figures of one song."""
    lyrics = song.lyrics
    lines = [line for line in lyrics.lines if line.syllables] if lyrics else []
    pairs = [pair for line in lines for pair in pairwise(line.syllables) if pair[0].stressed and not pair[1].stressed]
    strong = sum(weight(one.start, song) > weight(two.start, song) for one, two in pairs)
    asked, kept = rhyme(song)
    compared, near = counts(lines)
    notes = sorted(note.start for note in song.part("vocal").notes)
    melismas = sum(
        sum(s.start <= start < s.start + s.duration for start in notes) > 1 for line in lines for s in line.syllables
    )
    rates = sorted(_rate(line, song) for line in lines if len(line.syllables) > 3)
    breaths = [_gap(one, two, song) for one, two in pairwise(lines)]
    held = sum(
        line.syllables[-1].duration >= sorted(s.duration for s in line.syllables)[len(line.syllables) // 2]
        for line in lines
    )
    return Row(
        name, lyrics.source if lyrics else "", len(lines), len(pairs), strong, asked, kept, compared, near, melismas,
        sum(len(line.syllables) for line in lines), round(rates[len(rates) // 2], 2) if rates else 0.0,
        round(min(breaths), 2) if breaths else 0.0, held,
    )  # fmt: skip


def counts(lines: list[LyricLine]) -> tuple[int, int]:
    """Lines compared with the line of the same number in the verse before, and those at most one syllable apart."""
    verses: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        if line.section.startswith("verse"):
            verses[line.section].append(len(line.syllables))
    pairs = [pair for one, two in pairwise(verses.values()) for pair in zip(one, two, strict=False)]
    return len(pairs), sum(abs(one - two) <= 1 for one, two in pairs)


def _last(line: LyricLine) -> str:
    return line.text.split()[-1].strip(".,!?").lower()


def _rate(line: LyricLine, song: UnifiedComposition) -> float:
    first, last = line.syllables[0].start, line.syllables[-1].start
    return (len(line.syllables) - 1) / max(1e-6, song.tempo.seconds(last) - song.tempo.seconds(first))


def _gap(one: LyricLine, two: LyricLine, song: UnifiedComposition) -> float:
    end = one.syllables[-1].start + one.syllables[-1].duration
    return song.tempo.seconds(two.syllables[0].start) - song.tempo.seconds(end)


def songs() -> list[tuple[str, CompositionRequest]]:
    """Every song of the bench: written ones in every style, then the users' words in several."""
    written = [
        (
            f"{style} {about}".strip(),
            CompositionRequest(f"{style} song with vocals {about}", seed=seed, duration_seconds=120),
        )
        for style in STYLES
        for seed, about in enumerate(ABOUT)
    ]
    given = [
        (f"user: {name} ({style})", CompositionRequest(style, seed=1, lyrics=words))
        for number, (name, words) in enumerate(USER.items())
        for style in (STYLES[number % 8],)
    ]
    return [*written, *given]


def main(date: str) -> int:
    """Measure all songs, write the table, print the sums."""
    rows = [measure(name, compose(request)) for name, request in songs()]
    with (RESULTS / f"lyrics-{date}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        names = [each.name for each in fields(Row)]
        writer.writerow(names)
        writer.writerows([getattr(row, name) for name in names] for row in rows)
    for source in ("writer", "user"):
        mine = [row for row in rows if row.source == source]
        print(f"{source}: {len(mine)} songs, {sum(row.lines for row in mine)} lines")
        for label, part, whole in (
            ("stressed on strong", "stressed_on_strong", "stressed_pairs"),
            ("rhymed as the scheme says", "rhymed", "rhyme_pairs"),
            ("verses within one syllable", "within_one", "count_pairs"),
            ("melisma", "melismas", "syllables"),
            ("long last syllable", "held_ends", "lines"),
        ):
            total = sum(getattr(row, whole) for row in mine)
            print(f"  {label}: {100 * sum(getattr(row, part) for row in mine) / max(1, total):.1f} % of {total}")
        rates = [row.median_rate for row in mine if row.median_rate]
        breaths = [row.shortest_breath for row in mine if row.shortest_breath]
        print(f"  syllables a second, median line: {min(rates)} to {max(rates)}; shortest breath {min(breaths)} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "2026-11-25"))
