"""What the style decides where neither the user nor the words did: tempo, key, metre, length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.prompt.lexicon_rows import GenreRow
from text2song.compose.style import Style
from text2song.domain.rational import Fraction
from text2song.domain.request import BPM
from text2song.domain.theory import Key, TimeSignature

_SECONDS = 120.0
#: How likely each tonic is where the style names none: keys with few signs are played and sung most.
_TONICS = ((0, 6), (7, 6), (2, 6), (9, 6), (4, 5), (5, 5), (10, 3), (3, 3), (11, 2), (8, 2), (6, 1), (1, 1))
#: Arousal below minus this leaves the style's range of tempo.
_VERY_CALM = 0.45
_PACES = ((60, "very slow"), (82, "slow"), (116, "mid-tempo"), (140, "up-tempo"), (170, "fast"))


def tempo_range(row: GenreRow, style: Style) -> tuple[float, float, float]:
    """Return (lowest, highest, usual) beats per minute: a style's own for its namesake, else the genre's."""
    low, high = row.bpm
    table = style.table("tempo")
    if row.name.replace(" ", "").replace("-", "").lower() == style.name and "low" in table:
        low, high = table["low"], table["high"]
        return float(low), float(high), float(table.get("usual", (low + high) / 2))
    return float(low), float(high), (low + high) / 2


def paced(
    bounds: tuple[float, float, float], word: tuple[float, float], *, absolute: bool
) -> tuple[float, float, float]:
    """Narrow a style's tempo to what a tempo word means in it: where both agree, else just outside the style."""
    low, high, _ = bounds
    if absolute:
        return word[0], word[1], (word[0] + word[1]) / 2
    inside = max(low, word[0]), min(high, word[1])
    if inside[0] <= inside[1]:
        return inside[0], inside[1], (inside[0] + inside[1]) / 2
    outside = (low * 0.75, low * 0.9) if word[1] < low else (high * 1.08, high * 1.25)
    return outside[0], outside[1], sum(outside) / 2


def worded(
    bounds: tuple[float, float, float], name: str, tables: Mapping[str, Mapping[str, Any]]
) -> tuple[float, float, float]:
    """Narrow a style's tempo to a tempo word, marking or pulse, as words.toml has them."""
    low, high = {**tables["tempo"], **tables["marking"], **tables["pulse"]}[name][:2]
    return paced(bounds, (low, high), absolute=name not in tables["tempo"])


def already(own: tuple[float, float, float], other: tuple[float, float, float], factor: float) -> bool:
    """Whether a genre is by itself as much slower (factor < 1) or faster than another as a comparison wants."""
    return own[1] <= other[2] * factor if factor < 1 else own[0] >= other[2] * factor


def chosen_bpm(bounds: tuple[float, float, float], lift: float, decisions: Decisions) -> Fraction:
    """Draw a whole tempo near the usual one, lifted by a mood's arousal (−1..1) within the range."""
    low, high, usual = bounds
    # What is meant to be very calm may be slower than the style ever is: an Irish tune for a funeral.
    low *= 1 + min(0.0, lift + _VERY_CALM) * 0.6
    centre = usual + lift * 0.9 * ((high - usual) if lift > 0 else (usual - low))
    tempos = range(round(max(low, BPM[0])), round(min(high, BPM[1])) + 1)
    spread = max(3.0, (high - low) / 6)
    weights = [max(0.0, 1 - abs(bpm - centre) / spread) for bpm in tempos]
    return Fraction(decisions.decide("context/bpm", tempos, weights if sum(weights) > 0 else None))


def chosen_key(row: GenreRow, style: Style, mode: str, valence: float | None, decisions: Decisions) -> Key:
    """Draw a key; `mode` fixes the mode, and a mood's valence tilts the style's modes to major or minor."""
    table = style.table("key")
    tonics = table.get("tonics") or _TONICS
    tonic = decisions.decide("context/key/tonic", [tonic for tonic, _ in tonics], [weight for _, weight in tonics])
    tonic = Key.parse(tonic).tonic if isinstance(tonic, str) else tonic
    if mode or (row.mode and valence is None):
        return Key(tonic, mode or row.mode)
    modes = [(name, _tilted(name, weight, valence or 0.0)) for name, weight in _modes(table, row.mode)]
    return Key(
        tonic, decisions.decide("context/key/mode", [name for name, _ in modes], [weight for _, weight in modes])
    )


def tempo_word(bpm: Fraction) -> str:
    """Name a tempo."""
    return next((word for limit, word in _PACES if bpm < limit), "very fast")


def style_metre(row: GenreRow, style: Style) -> TimeSignature:
    """Return the genre's metre, else the style's."""
    return TimeSignature.parse(row.metre or str(style.table("metre").get("name", "4/4")))


def counted(metre: TimeSignature, style: Style, decisions: Decisions) -> TimeSignature:
    """Return the metre in the groups that the style counts it in, where it is uneven and nobody said how."""
    pool = style.table("metre").get("groups", {}).get(metre.name)
    if metre.groups or not pool:
        return metre
    names, weights = [str(name) for name, _ in pool], [float(weight) for _, weight in pool]
    return metre.grouped(decisions.decide("context/groups", names, weights))


def style_seconds(style: Style) -> float:
    """Return the style's usual length."""
    return float(style.table("form").get("seconds", _SECONDS))


def _modes(table: Mapping[str, Any], own: str) -> list[tuple[str, float]]:
    modes = [(str(name), float(weight)) for name, weight in table.get("modes") or (("major", 1.0), ("minor", 1.0))]
    modes += [(name, 0.05) for name in ("major", "minor") if name not in {mode for mode, _ in modes}]
    return [*modes, (own, 1.5)] if own else modes


def _tilted(mode: str, weight: float, valence: float) -> float:
    """Shift weight towards major for a happy mood, towards minor for a sad one."""
    bright = 0.0 if mode in {"dorian", "mixolydian"} else (-1.0 if Key(0, mode).is_minor else 1.0)
    return float(weight * 8.0 ** (bright * valence * 1.5))
