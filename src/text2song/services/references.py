"""A sound of the user's as the model for a song: what neither the fields nor the words say, it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from text2song.domain.identity import Actor
from text2song.domain.request import BPM, CompositionRequest
from text2song.services.files import analyze_file
from text2song.services.studio import Studio
from text2song.services.understanding import explain

#: The softest and the loudest stretch of a reference become these energies: a mastered song moves within a few dB.
_LOW, _HIGH = 0.2, 0.95
#: A curve flatter than this has no shape to follow.
_LEAST = 0.04


def after_reference(
    studio: Studio, actor: Actor, request: CompositionRequest, file_id: UUID | None
) -> CompositionRequest:
    """Return the request with tempo, key and energy of a sound where it leaves them open; as it is without a file.

    What the user set wins, then the words of the prompt, then the reference. Raises `RowNotFoundError` for a file that
    is not the actor's, `NoSoundError`, and what `explain` raises.
    """
    if file_id is None:
        return request
    figures = analyze_file(studio, actor, file_id).metadata
    sources: dict[str, dict[str, str]] = explain(request)["sources"]
    said = {name for name, source in sources.items() if source["source"] != "style"}
    changes: dict[str, Any] = {}
    if figures["bpm"] is not None and "bpm" not in said:
        changes["bpm"] = _playable(figures["bpm"])
    if figures["key"] is not None and "key" not in said:
        changes["key"] = figures["key"]
    if not request.energy and "energy" not in said:
        changes["energy"] = _shape(figures["energy_curve"])
    return replace(request, **changes)


def _playable(bpm: float) -> float:
    """Count a tempo that no song may have in halves or doubles."""
    while bpm < BPM[0]:
        bpm *= 2
    while bpm > BPM[1]:
        bpm /= 2
    return round(bpm, 1)


def _shape(curve: Sequence[float]) -> tuple[float, ...]:
    low, high = min(curve), max(curve)
    if len(curve) < 2 or high - low < _LEAST:
        return ()
    return tuple(round(_LOW + (_HIGH - _LOW) * (value - low) / (high - low), 3) for value in curve)
