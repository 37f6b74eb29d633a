"""Many songs of one request are composed, few written out, one kept: the one that keeps the rules of music best.

A sketch (form, chords, tune, words) costs a third of a song and shows most faults, so every candidate is sketched, and
only the best of a round are written out with all their parts and judged again. A round in which no song keeps every
rule is followed by another, up to a limit that falls with the length asked for, so that the choice costs about the
same share of the making for every song.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from text2song.compose.engine import finish, score_sketch, sketch
from text2song.compose.orchestrator import Draft
from text2song.domain.composition import UnifiedComposition
from text2song.domain.progress import Progress, silent
from text2song.domain.request import CompositionRequest
from text2song.evaluation.rules.findings import SKETCHED, WRITTEN, measure, rated
from text2song.evaluation.rules.likeness import interval_likeness
from text2song.evaluation.rules.songview import SongView, Tone
from text2song.evaluation.tonality import same_key, written_key

#: Songs sketched in a round, and how many of them are written out.
ROUND, WRITTEN_OUT = 16, 4
#: The most songs sketched for one request, for a minute of music and for any length.
_MOST, _LEAST_MOST = 64, 16
_MINUTE = 60.0
#: The tunes of two takes of a prompt have at most this share of their three-interval runs in common.
MOST_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """One written-out song of a request."""

    number: int
    draft: Draft
    #: How well it keeps the rules, 0..1.
    score: float
    #: Whether it keeps all of them.
    inside: bool
    #: Whether its notes are likely to be heard in the key that was asked.
    in_key: bool
    #: Likeness of its tune to the nearest of the earlier takes, 0..1.
    alike: float

    def finished(self, progress: Progress = silent) -> UnifiedComposition:
        """Return the song; a candidate can be finished once."""
        return finish(self.draft, progress)


@dataclass(frozen=True, slots=True)
class Choice:
    """The written-out candidates of a request, the best first."""

    ranked: tuple[Candidate, ...]
    #: How many were sketched.
    composed: int


@dataclass(frozen=True, slots=True)
class _Sketch:
    number: int
    draft: Draft
    score: float
    alike: float


def choose(
    request: CompositionRequest, progress: Progress = silent, *, earlier: Sequence[UnifiedComposition] = ()
) -> Choice:
    """Return the best candidates of a request, whose tunes are unlike those of the `earlier` takes of its prompt.

    Depends on the request and the earlier takes alone. Raises what `compose` raises.
    """
    tunes = [SongView(take).tune for take in earlier]
    length = request.duration_seconds or 2 * _MINUTE
    most = max(_LEAST_MOST, min(_MOST, int(_MOST * _MINUTE / length)))
    written: list[Candidate] = []
    composed = 0
    while composed < most and not any(_keeps(one) for one in written):
        numbers = range(composed, min(composed + ROUND, most))
        written += _round(request, numbers, tunes, progress)
        composed = numbers.stop
    # A song that would be heard in another key is only rendered when there is no other.
    ranked = sorted(written, key=lambda one: (max(one.alike, MOST_ALIKE), not one.in_key, -one.score, one.number))
    return Choice(tuple(ranked), composed)


def _round(
    request: CompositionRequest, numbers: range, tunes: Sequence[Sequence[Tone]], progress: Progress
) -> list[Candidate]:
    sketches = []
    for number in numbers:
        progress("composing candidates", number / _MOST)
        sketches.append(_sketched(request, number, tunes))
    # Songs too like an earlier take come last, the least alike of them first.
    sketches.sort(key=lambda one: (max(one.alike, MOST_ALIKE), -one.score, one.number))
    written: list[Candidate] = []
    for one in sketches[:WRITTEN_OUT]:
        progress("comparing candidates", numbers.stop / _MOST)
        written.append(_written(one))
    return written


def _sketched(request: CompositionRequest, number: int, tunes: Sequence[Sequence[Tone]]) -> _Sketch:
    draft = sketch(replace(request, candidate=number))
    tune = SongView(draft.composition).tune if tunes else ()
    alike = max((interval_likeness(tune, other) for other in tunes), default=0.0)
    return _Sketch(number, draft, rated(measure(draft.composition, SKETCHED)), alike)


def _written(one: _Sketch) -> Candidate:
    draft = score_sketch(one.draft)
    findings = measure(draft.composition, WRITTEN)
    in_key = same_key(draft.composition.context.key, written_key(draft.composition))
    return Candidate(one.number, draft, rated(findings), findings.inside, in_key, one.alike)


def _keeps(one: Candidate) -> bool:
    return one.inside and one.in_key and one.alike <= MOST_ALIKE
