"""Rules 6–12: motif, chord tones, steps and leaps, contour, compass, breath, hook."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from text2song.domain.composition import ChordSpan, SectionKind
from text2song.evaluation.rules.likeness import grams, intervals, melody_steps
from text2song.evaluation.rules.songview import GOALS, GRID, SongView, Tone

#: Fewer notes than this make no melody to judge.
_ENOUGH = 12
#: Seconds of rest in which a singer takes a breath.
BREATH_SECONDS = 0.35
#: A note this short before a new chord that it holds into belongs to that chord (an anticipation), quarter notes.
_ANTICIPATION = 0.5
_HOOK = 4


def rhythm_repeats(view: SongView) -> float | None:
    """Rule 6: share of the tune's bars whose rhythm another bar of the same section has too."""
    shared = total = 0
    for index in _first_of_kind(view):
        bars: dict[int, list[int]] = {}
        for tone in view.tones(index):
            bars.setdefault(int(tone.start / view.bar + 1e-9), []).append(round(tone.start % view.bar * GRID))
        patterns = Counter(tuple(bar) for bar in bars.values())
        if len(bars) >= 4:
            total += len(bars)
            shared += sum(count for count in patterns.values() if count > 1)
    return shared / total if total else None


def interval_repeats(view: SongView) -> float | None:
    """Rule 6: share of the tune's runs of three intervals that come again in the same section."""
    shared = total = 0
    for index in _first_of_kind(view):
        found = Counter(grams(intervals(view.tones(index)), 3))
        if found.total() >= 6:
            total += found.total()
            shared += sum(count for count in found.values() if count > 1)
    return shared / total if total else None


def _first_of_kind(view: SongView) -> list[int]:
    kinds: dict[SectionKind, int] = {}
    for index, section in enumerate(view.sections):
        if view.tones(index):
            kinds.setdefault(section.kind, index)
    return list(kinds.values())


def strong_chord_tones(view: SongView) -> float | None:
    """Rule 7: share of notes on strong beats that belong to the chord."""
    strong = [tone for tone in view.tune if _strong(view, tone)]
    return sum(_fits(view, tone) for tone in strong) / len(strong) if len(strong) >= _ENOUGH else None


def weak_chord_tones(view: SongView) -> float | None:
    """Rule 7: share of the other notes that belong to the chord."""
    weak = [tone for tone in view.tune if not _strong(view, tone)]
    return sum(_fits(view, tone) for tone in weak) / len(weak) if len(weak) >= _ENOUGH else None


def resolutions(view: SongView) -> float | None:
    """Rule 7: share of notes foreign to the chord that go on by step, or are held over or repeated into the chord."""
    foreign = resolved = 0
    for tone, after in pairwise(view.tune):
        if after.section != tone.section or _fits(view, tone) or after.start - tone.end > 2.0:
            continue
        foreign += 1
        resolved += abs(after.pitch - tone.pitch) <= 2
    return resolved / foreign if foreign >= 6 else None


def _strong(view: SongView, tone: Tone) -> bool:
    inside = tone.start % view.bar
    if min(inside, view.bar - inside) < 1e-6:
        return True
    # The middle of a bar of two, four or six beats.
    return abs(inside - view.bar / 2) < 1e-6 and (view.bar / view.pulse) % 2 == 0


def _fits(view: SongView, tone: Tone) -> bool:
    span = view.chord_at(tone.start)
    if span is None or _holds(span, tone):
        return True
    end = float(span.end)
    if end - tone.start > _ANTICIPATION + 1e-6 or tone.end <= end + 1e-6:
        return False
    coming = view.chord_at(end)
    return coming is not None and _holds(coming, tone)


def _holds(span: ChordSpan, tone: Tone) -> bool:
    return tone.pitch % 12 in span.chord.pitch_classes


def steps(view: SongView) -> float | None:
    """Rule 8: share of intervals of at most two semitones, repeated notes among them."""
    found = _intervals(view)
    return sum(abs(interval) <= 2 for interval in found) / len(found) if len(found) >= _ENOUGH else None


def scalar(view: SongView) -> float | None:
    """Rule 8: share of steps among the intervals that move; where it nears 1 the tune only runs along scales."""
    found = [abs(interval) for interval in _intervals(view) if interval]
    return sum(interval <= 2 for interval in found) / len(found) if len(found) >= _ENOUGH else None


def leaps(view: SongView) -> float | None:
    """Rule 8: share of intervals of more than seven semitones."""
    found = _intervals(view)
    return sum(abs(interval) > 7 for interval in found) / len(found) if len(found) >= _ENOUGH else None


def recoveries(view: SongView) -> float | None:
    """Rule 8: share of leaps of five semitones or more inside a phrase that turn back by a step or small third."""
    leapt = turned = 0
    for _, _, tones in view.phrases:
        for first, second, third in zip(tones, tones[1:], tones[2:], strict=False):
            leap, back = second.pitch - first.pitch, third.pitch - second.pitch
            if abs(leap) >= 5 and third.start - second.end <= 1.0:
                leapt += 1
                turned += back * leap <= 0 and abs(back) <= 4
    return turned / leapt if leapt >= 4 else None


def _intervals(view: SongView) -> list[int]:
    """Intervals inside phrases: what a breath divides is no leap to sing."""
    return [interval for _, _, tones in view.phrases for interval in intervals(tones)]


def arches(view: SongView) -> float | None:
    """Rule 9: share of phrases whose highest note comes between 25 and 80 % of their length."""
    arched = total = 0
    for _, _, tones in view.phrases:
        if len(tones) < 4 or tones[-1].start <= tones[0].start:
            continue
        total += 1
        top = max(tone.pitch for tone in tones)
        length = tones[-1].end - tones[0].start
        places = [(tone.start - tones[0].start) / length for tone in tones if tone.pitch == top]
        arched += any(0.25 <= place <= 0.80 for place in places)
    return arched / total if total >= 4 else None


def compass(view: SongView) -> float | None:
    """Rule 10: semitones from the lowest to the highest note that is sung, each key change taken off."""
    if len(view.sung) < _ENOUGH:
        return None
    home = view.composition.context.key.tonic
    pitches = [tone.pitch - _lift(view.tonics[tone.section] - home) for tone in view.sung]
    return float(max(pitches) - min(pitches))


def _lift(semitones: int) -> int:
    return (semitones + 5) % 12 - 5


def breath(view: SongView) -> float | None:
    """Rule 11: the longest stretch sung without a rest to breathe in, in seconds."""
    if len(view.sung) < _ENOUGH:
        return None
    longest, since = 0.0, view.sung[0].start
    for tone, after in pairwise(view.sung):
        if (after.start - tone.end) * view.quarter >= BREATH_SECONDS - 1e-6:
            longest = max(longest, tone.end - since)
            since = after.start
    return max(longest, view.sung[-1].end - since) * view.quarter


def hook(view: SongView) -> float | None:
    """Rule 12: how often the most repeated cell of four notes comes, rhythm and intervals alike."""
    cells: Counter[tuple[object, ...]] = Counter()
    for index in range(len(view.sections)):
        cells.update(grams(melody_steps(view.tones(index)), _HOOK - 1))
    return float(max(cells.values())) if cells.total() >= _ENOUGH else None


def title(view: SongView) -> float | None:
    """Rule 12: whether the title is sung in a chorus (1) or not (0), where the words were written here."""
    lyrics = view.composition.lyrics
    if lyrics is None or lyrics.source == "user":
        return None
    choruses = {section.name for section in view.sections if section.kind in GOALS}
    wanted = _plain(view.composition.context.title)
    sung = [_plain(line.text) for line in lyrics.lines if line.section in choruses and line.syllables]
    return float(any(wanted in line for line in sung)) if sung and wanted else None


def _plain(text: str) -> str:
    return " ".join("".join(letter for letter in text.casefold() if letter.isalnum() or letter.isspace()).split())
