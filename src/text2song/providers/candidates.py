"""Many songs of one request are composed, few written out, one kept: the one that keeps the rules of music best.

A sketch (form, chords, tune, words) costs a third of a song and shows most faults, so every candidate is sketched, and
only the best are written out with all their parts and judged again. A song inside every band beats any that is not.
While none is, more are sketched and written out, up to an effort that falls with the length asked for, so that the
choice costs about the same time for every song.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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

#: Songs sketched first, and more at a time while none keeps every rule; how many of them are written out at once.
ROUND, _MORE, WRITTEN_OUT = 16, 8, 4
#: The most songs sketched for one request.
MOST = 64
#: What writing a sketch out costs, in sketches, and how many sketches more than the first round's a song of three
#: minutes may cost: about a second and a half on a quiet core.
_WRITING, _SPARE, _SPARE_SECONDS = 1.4, 18.0, 180.0
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
    #: Whether it keeps all rules that a sketch shows, and is unlike the earlier takes.
    promising: bool
    alike: float


def choose(
    request: CompositionRequest, progress: Progress = silent, *, earlier: Sequence[UnifiedComposition] = ()
) -> Choice:
    """Return the best candidates of a request, whose tunes are unlike those of the `earlier` takes of its prompt.

    Depends on the request and the earlier takes alone. Raises what `compose` raises.
    """
    with _uncollected():
        search = _Search(request, [SongView(take).tune for take in earlier], progress)
        search.sketch(ROUND)
        search.write(WRITTEN_OUT)
        while not any(map(_keeps, search.written)) and search.affordable:
            if not search.write(WRITTEN_OUT, promising=True):
                search.sketch(_MORE)
        # Where no sketch promised anything, the best of them all may yet be better than what was written first.
        if not any(map(_keeps, search.written)):
            search.write(1)
    return Choice(tuple(sorted(search.written, key=_rank)), search.composed)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let no garbage be looked for meanwhile: a search makes millions of small values and next to no cycles."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _rank(one: Candidate) -> tuple[float, bool, bool, float, int]:
    # A song that would be heard in another key is only rendered when there is no other.
    return max(one.alike, MOST_ALIKE), not one.in_key, not one.inside, -one.score, one.number


class _Search:
    """The sketches of one request and which of them were written out."""

    def __init__(self, request: CompositionRequest, tunes: Sequence[Sequence[Tone]], progress: Progress) -> None:
        self._request, self._tunes, self._progress = request, tunes, progress
        length = request.duration_seconds or _SPARE_SECONDS
        self._left = ROUND + WRITTEN_OUT * _WRITING + _SPARE * _SPARE_SECONDS / length
        self._waiting: list[_Sketch] = []
        self.written: list[Candidate] = []
        self.composed = 0

    @property
    def affordable(self) -> bool:
        """Whether more may be done."""
        promising = any(one.promising for one in self._waiting)
        return self._left > 0 and (promising or self.composed < MOST)

    def sketch(self, count: int) -> None:
        """Sketch so many more, the best ones first among those that wait to be written out."""
        for number in range(self.composed, min(self.composed + count, MOST)):
            self._progress("composing candidates", number / MOST)
            self._waiting.append(_sketched(self._request, number, self._tunes))
            self._left -= 1
            self.composed = number + 1
        # Songs too like an earlier take come last, the least alike of them first.
        self._waiting.sort(key=lambda one: (max(one.alike, MOST_ALIKE), not one.promising, -one.score, one.number))

    def write(self, most: int, *, promising: bool = False) -> int:
        """Write out the best `most` that wait, only promising ones if asked; return how many."""
        chosen = [one for one in self._waiting if one.promising or not promising][:most]
        taken = {one.number for one in chosen}
        self._waiting = [one for one in self._waiting if one.number not in taken]
        for one in chosen:
            self._progress("comparing candidates", self.composed / MOST)
            self.written.append(_written(one))
            self._left -= _WRITING
        return len(chosen)


def _sketched(request: CompositionRequest, number: int, tunes: Sequence[Sequence[Tone]]) -> _Sketch:
    draft = sketch(replace(request, candidate=number))
    tune = SongView(draft.composition).tune if tunes else ()
    alike = max((interval_likeness(tune, other) for other in tunes), default=0.0)
    findings = measure(draft.composition, SKETCHED)
    return _Sketch(number, draft, rated(findings), findings.inside and alike <= MOST_ALIKE, alike)


def _written(one: _Sketch) -> Candidate:
    draft = score_sketch(one.draft)
    findings = measure(draft.composition, WRITTEN)
    in_key = same_key(draft.composition.context.key, written_key(draft.composition))
    return Candidate(one.number, draft, rated(findings), findings.inside, in_key, one.alike)


def _keeps(one: Candidate) -> bool:
    return one.inside and one.in_key and one.alike <= MOST_ALIKE
