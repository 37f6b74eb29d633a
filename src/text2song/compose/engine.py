"""The one door of the composer: a request in, a finished score out; the same request gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from text2song.compose.decisions import Decisions, Tilt, unit
from text2song.compose.elements.accompaniment import AccompanimentElement
from text2song.compose.elements.answer import AnswerElement
from text2song.compose.elements.arrangement import ArrangementElement
from text2song.compose.elements.bass import BassElement
from text2song.compose.elements.drums import DrumsElement
from text2song.compose.elements.ending import EndingElement
from text2song.compose.elements.feel import FeelElement
from text2song.compose.elements.harmony import HarmonyElement
from text2song.compose.elements.lyrics import LyricsElement
from text2song.compose.elements.melody import MelodyElement
from text2song.compose.elements.mix import MixElement
from text2song.compose.elements.structure import StructureElement
from text2song.compose.elements.vocals import VocalsElement
from text2song.compose.orchestrator import CompositionOrchestrator, Draft
from text2song.compose.prompt.reader import read_prompt
from text2song.domain.composition import UnifiedComposition
from text2song.domain.garbage import uncollected
from text2song.domain.progress import Progress, silent
from text2song.domain.request import CompositionRequest
from text2song.domain.serial import from_json

#: The path below which the prompt's reader decides.
_READING = "context"
#: The last element of a sketch, and the last before the feel.
_SKETCHED, _SCORED = "lyrics", "mix"


def compose(
    request: CompositionRequest,
    *,
    progress: Progress = silent,
    reseeds: Mapping[str, int] | None = None,
    tilt: Tilt | None = None,
) -> UnifiedComposition:
    """Return the composition of `request`: validated, read, and made by every element in order.

    `reseeds` and `tilt` go to the decisions: another seed below a path, other weights for a choice. A request with a
    candidate other than 0 keeps what its seed decided while the words were read and draws the rest anew.
    Raises `InvalidError` for what the request gets wrong, `ElementFailedError` when an element breaks, and
    `CancelledError` when `progress` says so.
    """
    return finish(_begun(request, reseeds or {}, tilt), progress)


def sketch(request: CompositionRequest) -> Draft:
    """Return a draft with form, chords, tune and words alone: a third of the work, enough to tell good from poor.

    Raises what `compose` raises.
    """
    return orchestrator().advance(_begun(request, {}, None), _SKETCHED)


def score_sketch(draft: Draft) -> Draft:
    """Return the sketch with every part written and mixed, all but the feel; a sketch can be taken further once."""
    return orchestrator().advance(draft, _SCORED)


def finish(draft: Draft, progress: Progress = silent) -> UnifiedComposition:
    """Return the finished song of a draft, the same that `compose` makes of its request."""
    return orchestrator().finish(draft, progress)


def candidate_seed(seed: int, candidate: int) -> int:
    """Return the seed of a candidate: the request's own for candidate 0, else one derived from both.

    >>> candidate_seed(7, 0)
    7
    >>> len({candidate_seed(7, candidate) for candidate in range(64)})
    64
    """
    return int(unit(seed, f"candidate/{candidate}") * 2**53) if candidate else seed


def _begun(request: CompositionRequest, reseeds: Mapping[str, int], tilt: Tilt | None) -> Draft:
    seed = candidate_seed(request.validate().seed, request.candidate or 0)
    # What the words mean belongs to the request: every candidate has the same key, tempo and title.
    kept = {_READING: request.seed} if request.candidate else {}
    decisions = Decisions(seed, reseeds={**kept, **reseeds}, tilt=tilt)
    draft = orchestrator().begin(read_prompt(request, decisions), decisions)
    provenance = replace(draft.composition.provenance, request=request)
    return replace(draft, composition=replace(draft.composition, provenance=provenance))


def orchestrator() -> CompositionOrchestrator:
    """Return an orchestrator with every element of a song, in the order they build on each other."""
    return CompositionOrchestrator(
        (
            StructureElement(),
            ArrangementElement(),
            HarmonyElement(),
            MelodyElement(),
            LyricsElement(),
            VocalsElement(),
            AnswerElement(),
            BassElement(),
            DrumsElement(),
            AccompanimentElement(),
            EndingElement(),
            MixElement(),
            FeelElement(),
        )
    )


def replay(text: bytes | str) -> UnifiedComposition:
    """Return the composition that `composition.json` holds, note for note; raises `UnreadableError`."""
    with uncollected():
        return from_json(UnifiedComposition, text)
