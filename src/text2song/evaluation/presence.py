"""Who is heard: parts that sound, instruments that were asked for, and those that must not be there."""

from __future__ import annotations

from collections.abc import Sequence

from text2song.domain.composition import UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.take import StemFigure
from text2song.evaluation.finding import Finding

#: A stem that is softer than this in the mix is not heard.
AUDIBLE_LUFS = -45.0


def audible_finding(stems: Sequence[StemFigure]) -> Finding:
    """Tell the stems that sound from those that do not."""
    silent = [stem.name for stem in stems if stem.lufs <= AUDIBLE_LUFS]
    audible = len(stems) - len(silent)
    reason = f"not audible: {', '.join(silent)}" if silent else ""
    if audible == 0:
        reason = "nothing is audible"
    return Finding("audible_stems", len(stems), audible, reason)


def instruments_finding(composition: UnifiedComposition, stems: Sequence[StemFigure]) -> Finding:
    """Hold the instruments asked for against those that are heard."""
    asked = composition.context.instruments
    heard = {stem.instrument for stem in stems if stem.lufs > AUDIBLE_LUFS}
    missing = [instrument(id_).name for id_ in asked if id_ not in heard]
    reason = f"missing: {', '.join(missing)}" if missing else ""
    return Finding("instruments", list(asked), sorted(heard), reason)


def without_finding(composition: UnifiedComposition, stems: Sequence[StemFigure]) -> Finding:
    """Hold what must not sound against the stems."""
    unwanted = set(composition.context.without)
    present = [
        stem.name
        for stem in stems
        if unwanted & {stem.instrument, stem.role, instrument(stem.instrument).family, stem.name}
        or ("drums" in unwanted and instrument(stem.instrument).percussion)
    ]
    reason = f"unwanted but there: {', '.join(present)}" if present else ""
    return Finding("without", sorted(unwanted), present, reason)
