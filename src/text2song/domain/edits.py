"""What a person changes in a finished song: one edit, checked here for everything that needs no song to be known.

A target is written as people say it: a part ("bass"), a section ("chorus.2", or "chorus" for all of them), a part in a
section ("chorus.2/bass"), or the words or chords there ("verse.1/lyrics", "harmony").
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from text2song.domain.errors import InvalidError
from text2song.domain.request import BPM, DURATION_SECONDS, LYRICS_MAX, SEED_MAX
from text2song.domain.theory import Key

#: Targets that are no part: the chords of a stretch, and the words sung in it.
HARMONY, LYRICS = "harmony", "lyrics"
#: No list of an edit is longer than this, no name longer than that.
_MOST, _LONGEST = 64, 80
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NAMED = re.compile(r"[a-z][a-z0-9_.-]*(/[a-z][a-z0-9_.-]*)?")


class InvalidEditError(InvalidError):
    """A field of the edit is malformed, out of its limits, contradicts another, or fits nothing in the song."""

    slug = "invalid-edit"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a composition; empty and None mean "as it is".

    Names of parts, sections, instruments and moods are checked against the song by the composer, which knows it.
    """

    #: What is composed anew: "bass", "chorus.2", "chorus.2/bass", "verse.1/harmony".
    remake: tuple[str, ...] = ()
    #: New words to sing: where their section tags say, else where `remake` says, else in the whole song.
    lyrics: str | None = None
    bpm: float | None = None
    #: Another tonic in the song's mode.
    key: str | None = None
    #: Another instrument by part.
    instruments: dict[str, str] = field(default_factory=dict)
    #: Energy targets in 0..1, spread evenly over the song; a single one stands for all of it.
    energy: tuple[float, ...] = ()
    #: Energy by section or kind of section, which goes before `energy`.
    section_energy: dict[str, float] = field(default_factory=dict)
    moods: tuple[str, ...] = ()
    #: A section, or kind of section, to be played once more.
    extend: str | None = None
    #: A length that the song is extended to, seconds.
    duration_seconds: float | None = None
    #: Parts, or stretches of them, that fall silent.
    remove: tuple[str, ...] = ()
    #: Places of the band to fill: "pad", or "pad=strings" with an instrument.
    add: tuple[str, ...] = ()
    #: What must stay as it is, written as targets.
    lock: tuple[str, ...] = ()
    #: Another number makes anew otherwise.
    seed: int = 0

    def validate(self) -> Edit:
        """Return the edit unchanged, or raise `InvalidEditError` naming the first field at fault."""
        for name in ("remake", "remove", "lock"):
            _check_targets(name, getattr(self, name))
        _check_names("add", self.add, re.compile(r"[a-z]+(=[^=]{1,60})?"), "a place of the band, such as “pad”")
        _check_table("instruments", self.instruments)
        _check_table("section_energy", self.section_energy)
        _check_words(self.lyrics)
        _check_number("bpm", self.bpm, BPM)
        _check_number("duration_seconds", self.duration_seconds, DURATION_SECONDS)
        if self.key is not None:
            Key.parse(self.key)
        self._check_energy()
        if not 0 <= self.seed <= SEED_MAX:
            raise InvalidEditError(f"the seed must be between 0 and {SEED_MAX}", field="seed")
        self._check_sense()
        return self

    def _check_energy(self) -> None:
        if len(self.energy) > 256:
            raise InvalidEditError("an energy curve has at most 256 points", field="energy")
        for name, points in (("energy", self.energy), ("section_energy", tuple(self.section_energy.values()))):
            if any(not math.isfinite(point) or not 0 <= point <= 1 for point in points):
                raise InvalidEditError("an energy must lie in 0–1", field=name)

    def _check_sense(self) -> None:
        changes = [each.name for each in fields(self) if each.name not in ("lock", "seed")]
        if not any(getattr(self, name) not in (None, (), {}) for name in changes):
            raise InvalidEditError("there is nothing to change; say what to make anew or what to set", field="remake")
        for name in ("remake", "remove"):
            for target in getattr(self, name):
                if target in self.lock:
                    raise InvalidEditError(f"“{target}” is locked and cannot be changed too", field=name)
        if self.extend is not None and self.duration_seconds is not None:
            raise InvalidEditError("extend by a section or to a duration, not both", field="extend")


def _check_targets(name: str, targets: tuple[str, ...]) -> None:
    _check_names(name, targets, _NAMED, "a part, a section, or section/part such as “chorus.2/bass”")


def _check_names(name: str, values: tuple[str, ...], form: re.Pattern[str], what: str) -> None:
    if len(values) > _MOST:
        raise InvalidEditError(f"at most {_MOST} targets can be named at once", field=name)
    for value in values:
        if len(value) > _LONGEST or form.fullmatch(value) is None:
            raise InvalidEditError(f"“{value[:_LONGEST]}” is not {what}", field=name)


def _check_table(name: str, table: dict[str, str] | dict[str, float]) -> None:
    if len(table) > _MOST:
        raise InvalidEditError(f"at most {_MOST} names can be set at once", field=name)
    for key, value in table.items():
        text = f"{key}={value}"
        if len(text) > 2 * _LONGEST or not key.strip() or not str(value).strip() or _FORBIDDEN.search(text):
            raise InvalidEditError(f"“{text[:_LONGEST]}” names nothing", field=name)


def _check_words(lyrics: str | None) -> None:
    if lyrics is None:
        return
    if len(lyrics) > LYRICS_MAX:
        message = f"the lyrics have {len(lyrics):,} characters; at most {LYRICS_MAX:,} are read"
        raise InvalidEditError(message, field="lyrics")
    if _FORBIDDEN.search(lyrics):
        raise InvalidEditError("the lyrics contain control characters", field="lyrics")
    if any("\ud800" <= character <= "\udfff" for character in lyrics):
        raise InvalidEditError("the lyrics are not valid Unicode text", field="lyrics")
    if not any(character.isalnum() for character in lyrics):
        raise InvalidEditError("the lyrics hold no words to sing; give at least one", field="lyrics")


_UNITS = MappingProxyType({"bpm": ("tempo", "beats per minute"), "duration_seconds": ("duration", "seconds")})


def _check_number(name: str, value: float | None, limits: tuple[float, float]) -> None:
    low, high = limits
    if value is not None and not (math.isfinite(value) and low <= value <= high):
        what, unit = _UNITS[name]
        raise InvalidEditError(f"the {what} must be {low:g}–{high:g} {unit}, not {value:g}", field=name)
