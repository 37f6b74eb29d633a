"""Content addresses of stems: one hash of everything that a stem's sound depends on.

Two stems of one address are the same bytes, so a stem that is there already need not be made again. What is named here
too much costs time; what is missing here would be a wrong sound, so whatever a stem comes to depend on belongs here or
in `Desk`, which is hashed whole.
"""

from __future__ import annotations

import hashlib
import platform
from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib import resources
from importlib.abc import Traversable
from importlib.metadata import version
from typing import Any

import numpy as np

from text2song.audio.mix.desk import Desk
from text2song.audio.mix.roles import channel_of
from text2song.domain.composition import UnifiedComposition
from text2song.domain.score import Part
from text2song.domain.serial import to_json, to_plain

#: Libraries whose arithmetic is heard.
_ARITHMETIC = ("numpy", "scipy", "numba")
_HEARD = (".py", ".toml", ".npz", ".json")


def desk_digests(desk: Desk) -> dict[str, Any]:
    """Return the desk's fields but its plan as JSON types, for all stems of a song: the curves are long.

    The longest, one value per frame, follows from the trigger and stands for nothing more.
    """
    return {each.name: _plain(getattr(desk, each.name)) for each in fields(desk) if each.name not in ("plan", "duck")}


def stem_address(
    part: Part, composition: UnifiedComposition, desk: Desk, source: str, shared: dict[str, Any] | None = None
) -> str:
    """Return the SHA-256 (hex) of what the stem of `part` depends on; `source` names what sounds it.

    `shared` is `desk_digests(desk)`, where it is known already.
    """
    notes = [(note.start, note.pitch, note.duration, note.velocity, note.nudge_us) for note in part.notes]
    # An edit changes the tempo map alone; the desk has the length, the delay and the room they share.
    value = (
        sound_version(),
        source,
        part.role,
        part.instrument,
        notes,
        composition.tempo,
        _strip(part, desk, shared or desk_digests(desk)),
    )
    return hashlib.sha256(to_json(value)).hexdigest()


@cache
def sound_version() -> str:
    """Return the SHA-256 of all code and data that make sound here, and of the libraries below them."""
    found = hashlib.sha256(" ".join((platform.machine(), *map(version, _ARITHMETIC))).encode())
    for root in (resources.files("text2song.audio"), resources.files("text2song.domain").joinpath("instruments.toml")):
        _hash_files(root, found)
    return found.hexdigest()


def _hash_files(entry: Traversable, found: hashlib._Hash) -> None:
    if entry.is_file():
        if entry.name.endswith(_HEARD):
            found.update(entry.name.encode() + b"\0" + entry.read_bytes())
    elif entry.name != "__pycache__":
        for inner in sorted(entry.iterdir(), key=lambda each: each.name):
            _hash_files(inner, found)


def _strip(part: Part, desk: Desk, shared: dict[str, Any]) -> dict[str, Any]:
    """Return the part's own strip of the desk, and what all strips share."""
    channel = channel_of(part, desk.plan)
    # The master's targets are not heard in a stem, nor are the trigger and the phrases but through their curves.
    plan = replace(desk.plan, channels=(channel,), trigger=None, lufs=0.0, true_peak_dbtp=0.0, air_db=0.0)
    plan = replace(plan, bands_db=(), crest_db=0.0, wow_cents=0.0, vinyl_db=None, sung=())
    heard = {"trigger": channel.duck_db > 0, "voice": channel.voice_db > 0, "sweep": channel.opens or channel.thins}
    return shared | {name: shared[name] if yes else None for name, yes in heard.items()} | {"plan": to_plain(plan)}


def _plain(value: Any) -> Any:
    """Return JSON types, arrays and what holds them as their hash."""
    if isinstance(value, np.ndarray):
        return hashlib.sha256(np.ascontiguousarray(value).data).hexdigest()
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return to_plain(value)
