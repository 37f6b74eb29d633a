"""Rules 1–5: length, phrases that answer, hypermetre, returns and contrasts, the place of the peak."""

from __future__ import annotations

from collections.abc import Sequence

from text2song.domain.composition import Section, SectionKind
from text2song.evaluation.rules.likeness import melody_steps, sequence_likeness
from text2song.evaluation.rules.songview import GOALS, PHRASE_BARS, SongView, Tone

#: Fewer notes than this make no melody to compare.
_ENOUGH = 8


def length(view: SongView) -> float | None:
    """Rule 1: how far the bars miss the length asked for, in units of what is allowed (2 % or one bar)."""
    asked = view.composition.context.duration_seconds
    return abs(view.composition.seconds - asked) / max(view.bar * view.quarter, 0.02 * asked)


def answers(view: SongView) -> float | None:
    """Rule 2: share of answering phrases that end on a tone of the tonic chord."""
    answering = [(index, tones[-1]) for index, number, tones in view.phrases if number % 2]
    if len(answering) < 2:
        return None
    home = [_at_home(view, index, tone) for index, tone in answering]
    return sum(home) / len(home)


def _at_home(view: SongView, index: int, tone: Tone) -> bool:
    """Whether a note belongs to the tonic triad, or to a chord on the tonic that sounds below it."""
    tonic = view.tonics[index]
    third = 3 if view.composition.context.key.is_minor else 4
    if (tone.pitch - tonic) % 12 in (0, third, 7):
        return True
    span = view.chord_at(tone.start)
    return span is not None and span.chord.root == tonic and tone.pitch % 12 in span.chord.pitch_classes


def hypermetre(view: SongView) -> float | None:
    """Rule 3: share of sections of whole four-bar groups; the last one may end as the length asks."""
    if len(view.sections) < 3 or view.composition.context.structure:
        return None
    inner = view.sections[:-1]
    return sum(section.bars % PHRASE_BARS == 0 for section in inner) / len(inner)


def returns(view: SongView) -> float | None:
    """Rule 4: likeness of the choruses (or drops) to the first one, over the bars they share."""
    goals = _tunes_of(view, GOALS)
    if len(goals) < 2:
        return None
    first = goals[0]
    alike = [_likeness(view, first, other) for other in goals[1:]]
    return sum(alike) / len(alike)


def contrast(view: SongView) -> float | None:
    """Rule 4: likeness of the first verse to the first chorus."""
    verses, goals = _tunes_of(view, (SectionKind.VERSE,)), _tunes_of(view, GOALS)
    return _likeness(view, verses[0], goals[0]) if verses and goals else None


def height(view: SongView) -> float | None:
    """Rule 5: semitones by which the choruses lie above the verses in the same part, modulations taken off."""
    pitches: dict[bool, list[int]] = {True: [], False: []}
    parts: dict[bool, set[str]] = {True: set(), False: set()}
    home = view.composition.context.key.tonic
    for tone in view.tune:
        kind = view.sections[tone.section].kind
        if (kind is SectionKind.VERSE or kind in GOALS) and view.tonics[tone.section] == home:
            pitches[kind in GOALS].append(tone.pitch)
            parts[kind in GOALS].add(tone.part)
    if parts[True] != parts[False] or min(map(len, pitches.values())) < _ENOUGH:
        return None
    return sum(pitches[True]) / len(pitches[True]) - sum(pitches[False]) / len(pitches[False])


def peak_place(view: SongView) -> float | None:
    """Rule 5: how far into its chorus the highest note of the song comes, 0..1; −1 when it is in no chorus.

    Only the parts that have the tune of a chorus are heard: a flute that plays the intro lies above every singer.
    """
    tune = _goal_parts(view)
    if not tune:
        return None
    top = max(tone.pitch for tone in tune)
    places = []
    for tone in tune:
        section = view.sections[tone.section]
        if tone.pitch == top:
            start, end = view.span(section)
            places.append((tone.start - start) / (end - start) if section.kind in GOALS else -1.0)
    return max(places)


def peak_count(view: SongView) -> float | None:
    """Rule 5: how often the highest note of the song, as in `peak_place`, comes in eight bars of chorus, at most."""
    tune = _goal_parts(view)
    if not tune:
        return None
    top = max(tone.pitch for tone in tune)
    counts = [
        sum(tone.pitch == top for tone in view.tones(index)) / max(1.0, section.bars / 8)
        for index, section in enumerate(view.sections)
        if section.kind in GOALS
    ]
    return max(counts)


def _goal_parts(view: SongView) -> list[Tone]:
    """Return the tune of the parts that have it in a chorus; none without a chorus that is a tune."""
    parts = {tone.part for _, tones in _tunes_of(view, GOALS) for tone in tones}
    return [tone for tone in view.tune if tone.part in parts]


def _tunes_of(view: SongView, kinds: Sequence[SectionKind]) -> list[tuple[Section, tuple[Tone, ...]]]:
    found = [(section, view.tones(index)) for index, section in enumerate(view.sections) if section.kind in kinds]
    return [(section, tones) for section, tones in found if len(tones) >= _ENOUGH]


def _likeness(view: SongView, one: tuple[Section, Sequence[Tone]], other: tuple[Section, Sequence[Tone]]) -> float:
    bars = min(one[0].bars, other[0].bars)
    cut = [
        [tone for tone in tones if tone.start < (section.start_bar + bars) * view.bar - 1e-6]
        for section, tones in (one, other)
    ]
    return sequence_likeness(melody_steps(cut[0]), melody_steps(cut[1]))
