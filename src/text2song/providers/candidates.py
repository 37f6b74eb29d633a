"""Many songs of one request are composed, few written out, one kept: the one that keeps the rules of music best.

A sketch (form, chords, tune, words) costs a third of a song and shows most faults, so every candidate is sketched, and
only the best are written out with all their parts and judged again. A song inside every band beats any that is not.
While none is, more are sketched and written out, up to an effort that falls with the length asked for, so that the
choice costs about the same time for every song. Half of the work is done by a companion on another core.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from text2song.compose.engine import compose, finish, score_sketch, sketch
from text2song.compose.orchestrator import Draft
from text2song.domain.composition import UnifiedComposition
from text2song.domain.garbage import uncollected
from text2song.domain.progress import Progress, silent
from text2song.domain.request import CompositionRequest
from text2song.evaluation.rules.findings import SKETCHED, WRITTEN, measure, rated
from text2song.evaluation.rules.likeness import interval_likeness
from text2song.evaluation.rules.songview import SongView, Tone
from text2song.evaluation.tonality import same_key, written_key
from text2song.providers.companion import Companion, SilentCompanionError, companion

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

    #: The request of this candidate alone.
    request: CompositionRequest
    number: int
    #: None where the companion wrote it: it is composed again when it is wanted.
    draft: Draft | None
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
        return compose(self.request, progress=progress) if self.draft is None else finish(self.draft, progress)


@dataclass(frozen=True, slots=True)
class Choice:
    """The written-out candidates of a request, the best first."""

    ranked: tuple[Candidate, ...]
    #: How many were sketched.
    composed: int


@dataclass(frozen=True, slots=True)
class _Sketch:
    number: int
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
    desk = _Desk(request, [SongView(take).tune for take in earlier])
    with uncollected(), companion(desk.answer) as other:
        search = _Search(request, _Pair(desk, other), progress)
        search.sketch(ROUND)
        search.write(WRITTEN_OUT)
        while not any(map(_keeps, search.written)) and search.affordable:
            if not search.write(WRITTEN_OUT, promising=True):
                search.sketch(_MORE)
        # Where no sketch promised anything, the best of them all may yet be better than what was written first.
        if not any(map(_keeps, search.written)):
            search.write(1)
    return Choice(tuple(sorted(search.written, key=_rank)), search.composed)


def _rank(one: Candidate) -> tuple[float, bool, bool, float, int]:
    # A song that would be heard in another key is only rendered when there is no other.
    return max(one.alike, MOST_ALIKE), not one.in_key, not one.inside, -one.score, one.number


_Order = TypeVar("_Order", int, _Sketch)
_Done = TypeVar("_Done", _Sketch, Candidate)


class _Desk:
    """Sketches and writes out candidates of one request, and keeps the sketches."""

    def __init__(self, request: CompositionRequest, tunes: Sequence[Sequence[Tone]]) -> None:
        self.request, self._tunes = request, tunes
        self._drafts: dict[int, Draft] = {}

    def sketched(self, number: int) -> _Sketch:
        """Return the sketch of a candidate."""
        draft = self._drafts[number] = sketch(self._alone(number))
        tune = SongView(draft.composition).tune if self._tunes else ()
        alike = max((interval_likeness(tune, other) for other in self._tunes), default=0.0)
        findings = measure(draft.composition, SKETCHED)
        return _Sketch(number, rated(findings), findings.inside and alike <= MOST_ALIKE, alike)

    def written(self, one: _Sketch) -> Candidate:
        """Write a candidate out, sketching it again if that was done elsewhere."""
        request = self._alone(one.number)
        drafts = self._drafts
        draft = score_sketch(drafts.pop(one.number) if one.number in drafts else sketch(request))
        findings = measure(draft.composition, WRITTEN)
        in_key = same_key(draft.composition.context.key, written_key(draft.composition))
        return Candidate(request, one.number, draft, rated(findings), findings.inside, in_key, one.alike)

    def answer(self, order: int | _Sketch) -> _Sketch | Candidate:
        """Sketch a number or write out a sketch, for another process: drafts stay here."""
        if isinstance(order, int):
            return self.sketched(order)
        return replace(self.written(order), draft=None)

    def _alone(self, number: int) -> CompositionRequest:
        return replace(self.request, candidate=number)


class _Pair:
    """The desk here and its copy in the companion, if there is one; what they give does not tell who did it."""

    def __init__(self, desk: _Desk, other: Companion[Any, Any] | None) -> None:
        self._desk, self._other = desk, other
        #: Numbers whose drafts the companion has.
        self._theirs: set[int] = set()

    def sketched(self, numbers: Sequence[int], told: Callable[[int], None]) -> list[_Sketch]:
        """Return the sketches of candidates; `told` hears now and then how many there are."""
        ours, theirs = (numbers, ()) if self._other is None else (numbers[::2], numbers[1::2])
        self._theirs.update(theirs)
        return self._both(ours, theirs, self._desk.sketched, told)

    def written(self, chosen: Sequence[_Sketch], told: Callable[[int], None]) -> list[Candidate]:
        """Write sketches out, each where its draft is as long as both have about the same to do."""
        theirs = [one for one in chosen if one.number in self._theirs]
        ours = [one for one in chosen if one.number not in self._theirs]
        for many, few in ((theirs, ours), (ours, theirs)):
            while self._other is not None and len(many) > len(few) + 1:
                few.append(many.pop())
        return self._both(ours, theirs, self._desk.written, told)

    def _both(
        self,
        ours: Sequence[_Order],
        theirs: Sequence[_Order],
        work: Callable[[_Order], _Done],
        told: Callable[[int], None],
    ) -> list[_Done]:
        self._ask(theirs)
        done: list[_Done] = []
        for order in ours:
            told(len(done))
            done.append(work(order))
        for order in theirs:
            answer = self._answer(lambda: told(len(done)))
            done.append(work(order) if answer is None else answer)
        return done

    def _ask(self, orders: Sequence[int | _Sketch]) -> None:
        if self._other is not None and orders:
            try:
                self._other.ask(orders)
            except SilentCompanionError:
                self._other = None

    def _answer(self, waiting: Callable[[], None]) -> Any:
        """Return the companion's next answer, None where none comes: then all is done here."""
        if self._other is None:
            return None
        try:
            return self._other.answer(waiting)
        except SilentCompanionError:
            self._other = None
            return None


class _Search:
    """The sketches of one request and which of them were written out."""

    def __init__(self, request: CompositionRequest, pair: _Pair, progress: Progress) -> None:
        self._pair, self._progress = pair, progress
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
        numbers = range(self.composed, min(self.composed + count, MOST))
        self._waiting += self._pair.sketched(numbers, lambda done: self._told("composing candidates", done))
        self._left -= len(numbers)
        self.composed = numbers.stop
        # Songs too like an earlier take come last, the least alike of them first.
        self._waiting.sort(key=lambda one: (max(one.alike, MOST_ALIKE), not one.promising, -one.score, one.number))

    def write(self, most: int, *, promising: bool = False) -> int:
        """Write out the best `most` that wait, only promising ones if asked; return how many."""
        chosen = [one for one in self._waiting if one.promising or not promising][:most]
        taken = {one.number for one in chosen}
        self._waiting = [one for one in self._waiting if one.number not in taken]
        self.written += self._pair.written(chosen, lambda _: self._told("comparing candidates", 0))
        for _ in chosen:
            self._left -= _WRITING
        return len(chosen)

    def _told(self, stage: str, more: int) -> None:
        self._progress(stage, (self.composed + more) / MOST)


def _keeps(one: Candidate) -> bool:
    return one.inside and one.in_key and one.alike <= MOST_ALIKE
