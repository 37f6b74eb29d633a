"""`--set name=value` and `--extend` as fields of an edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from text2song.cli.options import InvalidOptionTextError, parse_names

_ALIASES = MappingProxyType({"tempo": "bpm", "mood": "moods", "duration": "duration_seconds"})


@dataclass(slots=True)
class Changes:
    """What the options set, by the name of the edit's field."""

    plain: dict[str, Any] = field(default_factory=dict)
    instruments: dict[str, str] = field(default_factory=dict)
    section_energy: dict[str, float] = field(default_factory=dict)

    def fields(self) -> dict[str, Any]:
        """Return the arguments of `Edit`."""
        return {**self.plain, "instruments": self.instruments, "section_energy": self.section_energy}


def parse_changes(texts: Sequence[str], extend: str | None) -> Changes:
    """Read "bpm=90", "key=D minor", "chorus.2.energy=0.9", "bass=upright bass" and the like.

    Raises `InvalidOptionTextError` for what has not this form.
    """
    found = Changes()
    for text in texts:
        name, sign, value = (piece.strip() for piece in text.partition("="))
        if not sign or not name or not value:
            raise InvalidOptionTextError(f"--set: “{text}” is not name=value, such as bpm=90", field="set")
        _set(found, name.lower(), value)
    if extend is not None:
        _extend(found, extend.strip())
    return found


def _set(found: Changes, name: str, value: str) -> None:
    target, _, what = name.rpartition(".")
    name = _ALIASES.get(name, name)
    if name in ("bpm", "duration_seconds"):
        found.plain[name] = _number(name, value)
    elif name == "key":
        found.plain["key"] = value
    elif name == "moods":
        found.plain["moods"] = parse_names(value)
    elif name == "energy":
        found.plain["energy"] = tuple(_number("energy", item) for item in parse_names(value))
    elif target and what == "energy":
        found.section_energy[target] = _number(name, value)
    else:
        found.instruments[target if target and what == "instrument" else name] = value


def _extend(found: Changes, text: str) -> None:
    if text and text.replace(".", "", 1).isdigit():
        found.plain["duration_seconds"] = float(text)
    else:
        found.plain["extend"] = text


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidOptionTextError(f"--set {name}: “{text}” is not a number", field="set") from None
