"""Devices of harmony: what players do to plain changes, each where the chords around it ask for it.

A progression of a style file says which chords; these say how one leads to the next: applied dominants and ii-V pairs,
tritone substitutes, chords borrowed from the parallel mode, passing diminished chords, line clichés, suspensions, and
basses that walk through inversions (Piston, "Harmony", 1941; Levine, "The Jazz Theory Book", 1995).
Every device takes the bars of a progression and the place of one of them, and returns that bar anew, or nothing where
it does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from text2song.compose.decisions import Decisions
from text2song.compose.elements.progression import Step, bars_of_steps
from text2song.compose.elements.roman import Function, Roman
from text2song.domain.theory import Key

Bar = tuple[Roman, ...]
Device = Callable[[Sequence[Bar], int, Key], Bar | None]

#: Harmony quickens toward a cadence: how much more is done in the second half of a phrase than in the first.
_EARLY, _LATE = 0.5, 1.5
#: Degrees a dominant may be applied to, by the semitones of their root.
_GOALS = MappingProxyType({2: "ii", 4: "iii", 5: "IV", 7: "V", 9: "vi"})
_MINOR_GOALS = MappingProxyType({3: "bIII", 5: "iv", 7: "V", 8: "bVI", 10: "bVII"})
#: The bass degree of a pitch class above the tonic.
_DEGREES = ("1", "b2", "2", "b3", "3", "4", "#4", "5", "b6", "6", "b7", "7")
#: Diminished chords that lead by a semitone from one root to the next, and the roots between which they stand.
_PASSING = MappingProxyType(
    {(0, 2): "#i°7", (5, 7): "#iv°7", (7, 9): "#v°7", (2, 4): "#ii°7", (4, 2): "biii°7", (5, 0): "#iv°7"}
)
_MINOR_PASSING = MappingProxyType({(5, 7): "#iv°7", (10, 0): "vii°7", (3, 5): "iii°7"})


@dataclass(frozen=True, slots=True)
class Taste:
    """How often each device is used where it fits, and how many a phrase of four bars may have."""

    weights: Mapping[str, float]
    most: int = 2
    #: Whether chords are played with their sevenths.
    sevenths: bool = False


def dressed(steps: Sequence[Step], taste: Taste, key: Key, decisions: Decisions, path: str) -> tuple[Step, ...]:
    """Return the progression with devices; a step held for several bars stays held where nothing was done to it."""
    bars = list(bars_of_steps(steps))
    for start in range(0, len(bars), 4):
        left = taste.most
        # What leads to a chord is decided after that chord, as a player thinks ahead.
        for place in reversed(range(start, min(start + 4, len(bars)))):
            done = _dress(bars, place, taste, key, (decisions, f"{path}/{place}")) if left else None
            if done is not None:
                bars[place] = done
                left -= 1
    return _held_again(steps, bars)


def over_pedal(steps: Sequence[Step], presses: bool) -> tuple[Step, ...]:
    """Return the progression over one bass note: the tonic, or the dominant for a section that presses on."""
    degree, root = ("5", 7) if presses else ("1", 0)
    return tuple(
        replace(
            step, romans=tuple(replace(roman, bass="" if roman.semitones == root else degree) for roman in step.romans)
        )
        for step in steps
    )


def _dress(bars: Sequence[Bar], place: int, taste: Taste, key: Key, drawn: tuple[Decisions, str]) -> Bar | None:
    fitting = {
        name: bar
        for name, device in DEVICES.items()
        if taste.weights.get(name, 0.0) > 0 and (bar := device(bars, place, key)) is not None
    }
    if not fitting:
        return None
    names = ("", *fitting)
    haste = _LATE if place % 4 >= 2 else _EARLY
    weights = [haste * taste.weights[name] for name in fitting]
    decisions, path = drawn
    name = decisions.decide(path, names, (max(0.0, 1.0 - sum(weights)), *weights))
    if not name:
        return None
    return fitting[name] if taste.sevenths else tuple(map(_without_seventh, fitting[name]))


def _without_seventh(roman: Roman) -> Roman:
    """A triad for an applied dominant where the style plays triads; one that is also a chord of the key keeps it."""
    plain = roman.degree == "V" and roman.suffix == "7" and roman.over not in ("", "IV", "bVI", "bIII")
    return replace(roman, suffix="") if plain else roman


def _held_again(steps: Sequence[Step], bars: Sequence[Bar]) -> tuple[Step, ...]:
    found: list[Step] = []
    place = 0
    for step in steps:
        own = bars[place : place + step.bars]
        place += step.bars
        if all(bar == step.romans for bar in own):
            found.append(step)
        else:
            found.extend(Step(bar) for bar in own)
    return tuple(found)


def _following(bars: Sequence[Bar], place: int) -> Roman:
    """The chord after a bar; the last bar leads back to the first."""
    return bars[(place + 1) % len(bars)][0]


def _single(bars: Sequence[Bar], place: int) -> Roman | None:
    return bars[place][0] if len(bars[place]) == 1 and not bars[place][0].bass else None


def _goal(following: Roman, key: Key) -> str:
    """The degree that `following` is where a dominant may be applied to it, else nothing."""
    if following.over or following.quality in ("dim", "dim7", "m7b5", "aug"):
        return ""
    return (_MINOR_GOALS if key.is_minor else _GOALS).get(following.semitones, "")


def _secondary(bars: Sequence[Bar], place: int, key: Key) -> Bar | None:
    """Half a bar of the next chord's own dominant."""
    here, goal = _single(bars, place), _goal(_following(bars, place), key)
    # The dominant of iii is far from home: only a whole ii-V makes it plain.
    goal = "" if goal == "iii" else goal
    if (
        here is None
        or not goal
        or here.function is Function.DOMINANT
        or here.semitones == _following(bars, place).semitones
    ):
        return None
    applied = Roman("V", "7", goal)
    return None if applied.semitones == here.semitones else (here, applied)


def _two_five(bars: Sequence[Bar], place: int, key: Key) -> Bar | None:
    """The next chord's ii and V in one bar; a phrase's first bar keeps its chord."""
    following = _following(bars, place)
    goal = _goal(following, key)
    if place % 4 == 0 or not goal or _single(bars, place) is None:
        return None
    return (Roman("ii", "7b5" if following.is_minor else "7", goal), Roman("V", "7", goal))


def _tritone(bars: Sequence[Bar], place: int, _key: Key) -> Bar | None:
    """The dominant a tritone away, for a dominant that falls home by a semitone then."""
    last = bars[place][-1]
    falls = (last.semitones - _following(bars, place).semitones) % 12 == 7
    if last.degree != "V" or not last.suffix.startswith("7") or last.suffix.endswith("sus4") or last.bass or not falls:
        return None
    return (*bars[place][:-1], replace(last, degree="bII", suffix="7"))


def _borrowed(bars: Sequence[Bar], place: int, key: Key) -> Bar | None:
    """A chord of the parallel mode: iv after IV, bVI for vi before V, IV for iv in minor."""
    here = _single(bars, place)
    if here is None or here.over:
        return None
    onward = _following(bars, place)
    if key.is_minor:
        brightens = key.mode == "minor" and here.degree == "iv" and not here.suffix and onward.semitones in (0, 10)
        return (here, Roman("IV")) if brightens else None
    if here.degree == "IV" and onward.semitones in (0, 4, 7):
        return (here, Roman("iv", "6" if "7" in here.suffix else ""))
    if here.degree == "vi" and onward.degree == "V" and place % 4:
        return (Roman("bVI", "maj7" if "7" in here.suffix else ""),)
    if here.degree == "ii" and "7" in here.suffix and onward.degree == "V":
        return (Roman("ii", "7b5"),)
    return None


def _backdoor(bars: Sequence[Bar], place: int, key: Key) -> Bar | None:
    """bVII for a dominant that goes home, or the backdoor iv–bVII in a bar."""
    here = _single(bars, place)
    if here is None or key.is_minor or here.degree != "V" or _following(bars, place).semitones:
        return None
    return (Roman("iv", "7"), Roman("bVII", "7")) if "7" in here.suffix else (Roman("bVII"),)


def _neapolitan(bars: Sequence[Bar], place: int, key: Key) -> Bar | None:
    """The Neapolitan sixth for a subdominant before the dominant of minor."""
    here = _single(bars, place)
    fits = here is not None and here.degree in ("iv", "ii") and _following(bars, place).degree == "V"
    return (Roman("bII", "", "", "4"),) if fits and key.is_minor and place % 4 else None


def _passing(bars: Sequence[Bar], place: int, key: Key) -> Bar | None:
    """A diminished seventh chord between two roots."""
    here = _single(bars, place)
    if here is None or here.over:
        return None
    table = _MINOR_PASSING if key.is_minor else _PASSING
    text = table.get((here.semitones, _following(bars, place).semitones))
    return (here, Roman.parse(text)) if text else None


def _cliche(bars: Sequence[Bar], place: int, _key: Key) -> Bar | None:
    """A standing tonic whose octave walks down: i, i(maj7), i7, i6 in minor, I, Imaj7, I7 on the way to IV in major."""
    here = _single(bars, place)
    if here is None or here.semitones or here.suffix not in ("", "7", "maj7") or here.over:
        return None
    again = place % 4 > 0 and bars[place - 1] == (here,)
    if here.is_minor:
        return (
            (replace(here, suffix="7"), replace(here, suffix="6"))
            if again
            else ((replace(here, suffix=""), replace(here, suffix="maj7")) if _following(bars, place) == here else None)
        )
    if again and _following(bars, place).semitones == 5:
        return (replace(here, suffix="maj7"), replace(here, suffix="7"))
    return None


def _suspended(bars: Sequence[Bar], place: int, _key: Key) -> Bar | None:
    """A dominant that hangs before it presses."""
    here = _single(bars, place)
    if here is None or here.over or here.degree != "V" or here.suffix not in ("", "7"):
        return None
    return (replace(here, suffix="7sus4" if here.suffix else "sus4"), here)


def _hastened(bars: Sequence[Bar], place: int, key: Key) -> Bar | None:
    """Two chords in the bar of a phrase's dominant: the harmony quickens toward its cadence."""
    here = _single(bars, place)
    if here is None or place % 4 != 3 or here.degree != "V" or here.over:
        return None
    before = bars[place - 1][-1]
    if before.function is Function.SUBDOMINANT:
        return None
    first = "iv" if key.is_minor else "ii" if before.degree != "vi" else "IV"
    return (Roman(first, "7" if first == "ii" and "7" in here.suffix else ""), here)


def _inverted(bars: Sequence[Bar], place: int, _key: Key) -> Bar | None:
    """The inversion by which the bass steps the same way into the chord and out of it."""
    here = _single(bars, place)
    if here is None or place % 4 == 0 or here.over or here.quality not in ("", "m", "7", "m7", "maj7"):
        return None
    before = bars[place - 1][-1].chord(Key(0)).bass_pitch_class
    after = _following(bars, place).chord(Key(0)).bass_pitch_class
    for tone in here.chord(Key(0)).pitch_classes[1:3]:
        entry, exit_ = (before - tone) % 12, (tone - after) % 12
        if (entry in (1, 2) and exit_ in (1, 2)) or (entry in (10, 11) and exit_ in (10, 11)):
            return (replace(here, bass=_DEGREES[tone]),)
    return None


def _deceived(bars: Sequence[Bar], place: int, key: Key) -> Bar | None:
    """The sixth degree where a dominant leads one to await the tonic, never at the start of a phrase."""
    here = _single(bars, place)
    if here is None or here.semitones or not place % 4 or bars[place - 1][-1].degree != "V" or place == len(bars) - 1:
        return None
    return (Roman("bVI" if key.is_minor else "vi"),)


def _turned(bars: Sequence[Bar], place: int, key: Key) -> Bar | None:
    """A turnaround where the last bars of a phrase stand on the tonic: I–VI7, ii–V7."""
    here = _single(bars, place)
    if here is None or here.semitones or _following(bars, place).semitones or place % 4 < 3 or place < len(bars) - 1:
        return None
    return (Roman("ii", "7b5" if key.is_minor else "7"), Roman("V", "7"))


DEVICES: Mapping[str, Device] = MappingProxyType(
    {
        "secondary": _secondary,
        "two_five": _two_five,
        "tritone": _tritone,
        "borrowed": _borrowed,
        "backdoor": _backdoor,
        "neapolitan": _neapolitan,
        "passing": _passing,
        "cliche": _cliche,
        "suspended": _suspended,
        "hastened": _hastened,
        "inverted": _inverted,
        "deceived": _deceived,
        "turned": _turned,
    }
)
