"""Progressions made by function rather than taken from a list: rest, move away, press home (Riemann 1893).

A phrase of four bars is a row of functions; each function is filled with one of its chords, and every step from chord
to chord weighs what listeners of a style are used to: roots fall a fifth more often than they rise one, and a dominant
goes back to a subdominant in rock far more than in jazz (Rohrmeier 2011; de Clercq and Temperley 2011).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.elements.pools import Pool, read_pool
from text2song.compose.elements.progression import Step
from text2song.compose.elements.roman import Roman
from text2song.domain.composition import SectionKind
from text2song.domain.theory import Key

#: How usual a move of the root is, by the semitones it rises: fourths up first, then seconds and thirds down.
_MOVES = MappingProxyType(
    {5: 1.0, 10: 0.7, 2: 0.9, 7: 0.6, 9: 0.8, 8: 0.7, 3: 0.4, 4: 0.4, 11: 0.5, 1: 0.5, 6: 0.15, 0: 0.12}
)
#: Whose rows of functions a kind without its own takes.
_ROWS = MappingProxyType(
    {"drop": "chorus", "solo": "verse", "build": "prechorus", "interlude": "intro", "breakdown": "intro"}
    | {"outro": "intro"}
)


def invented(
    table: Mapping[str, Any], key: Key, kind: SectionKind, decisions: Decisions, path: str
) -> tuple[Step, ...] | None:
    """Return four bars that follow the functions of the section, or None where the table cannot fill them.

    `table` is a style's "harmony.grammar": rows of functions by kind, chords by mode and function, and `backward`,
    how usual a dominant that goes to a subdominant is.
    """
    chords = table.get("chords", {}).get(key.mode)
    rows = read_pool(table.get("rows", {}), kind.value) or read_pool(table.get("rows", {}), _ROWS.get(kind, "verse"))
    if chords is None or rows is None:
        return None
    backward = float(table.get("backward", 0.5))
    found: list[Roman] = []
    functions = rows.draw(decisions, f"{path}/functions").split()
    for place, function in enumerate(functions):
        pool = read_pool(chords, function)
        if pool is None:
            return None
        weighed = _weighed(pool, found, functions[place - 1] if place else "", function, backward)
        found.append(Roman.parse(weighed.draw(decisions, f"{path}/{place}")))
    return tuple(Step((roman,)) for roman in found)


def _weighed(pool: Pool, found: list[Roman], last: str, function: str, backward: float) -> Pool:
    if not found:
        return pool
    back = backward if last == "D" and function == "S" else 1.0
    used = {roman.text for roman in found}
    weights = [
        weight
        * back
        * _MOVES[(Roman.parse(text).semitones - found[-1].semitones) % 12]
        # The tonic may come back; another chord heard twice in four bars wants a reason.
        * (1.0 if text not in used or Roman.parse(text).semitones == 0 else 0.35)
        for text, weight in zip(pool.options, pool.weights, strict=True)
    ]
    return Pool(pool.options, tuple(weights))
