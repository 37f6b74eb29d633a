"""Extensions: what players add above a seventh chord, by what the chord does and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from text2song.compose.decisions import Decisions
from text2song.compose.elements.progression import Step
from text2song.compose.elements.roman import Roman
from text2song.domain.theory import Key


def extended(steps: Sequence[Step], share: float, key: Key, decisions: Decisions, path: str) -> tuple[Step, ...]:
    """Return the progression with about `share` of its seventh chords extended."""
    if not share:
        return tuple(steps)
    flat = [roman for step in steps for roman in step.romans]
    result: list[Roman] = []
    for place, roman in enumerate(flat):
        options = extensions(roman, flat[(place + 1) % len(flat)], key)
        weights = (1.0 - share, *(share / len(options) for _ in options))
        suffix = decisions.decide(f"{path}/{place}", (roman.suffix, *options), weights) if options else roman.suffix
        result.append(replace(roman, suffix=suffix))
    rest = iter(result)
    return tuple(Step(tuple(next(rest) for _ in step.romans), step.bars) for step in steps)


def extensions(roman: Roman, following: Roman, key: Key) -> tuple[str, ...]:
    """Return the suffixes that may take the place of a seventh chord's; empty for any other chord.

    A dominant going to a minor chord is altered, one going to a major chord is not, and one that falls by a semitone
    has the raised eleventh (Levine 1995, "The Jazz Theory Book").
    """
    quality = roman.quality
    if quality == "maj7":
        return ("maj9", "maj7#11") if roman.semitones in (5, 8, 1) else ("maj9", "6", "69")
    if quality == "m7" and not roman.over:
        root = (key.tonic + roman.semitones) % 12
        fits = (root + 2) % 12 in key.scale
        return ("9", "11") if fits else ()
    if quality != "7" or roman.is_minor:
        return ()
    falls = (roman.semitones - following.semitones) % 12
    if falls == 1:
        return ("9", "7#11")
    if falls == 7 and (following.is_minor or (following.semitones == 0 and key.is_minor)):
        return ("7b9", "7b13", "7#9")
    return ("9", "13", "9sus4") if falls == 7 else ("9", "13")
