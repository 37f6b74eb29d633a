"""What a person asks for: the prompt, and whatever they chose to fix. Limits live here, once, for every door."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from dataclasses import dataclass

from text2song.domain.errors import InvalidError
from text2song.domain.theory import Key, TimeSignature

PROMPT_MAX = 4000
LYRICS_MAX = 50_000
DURATION_SECONDS = (5.0, 600.0)
BPM = (30.0, 300.0)
TAKES = (1, 8)
SEED_MAX = 2**63 - 1
CANDIDATES = (0, 4095)

# Tab, newline and carriage return are ordinary in pasted text; every other control character is not.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class InvalidRequestError(InvalidError):
    """A field of the request is missing, malformed or out of its limits."""

    slug = "invalid-request"


@dataclass(frozen=True, slots=True)
class GenreWeight:
    """One genre of a blend; weights need not sum to one, only to more than zero."""

    name: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class CompositionRequest:
    """A prompt and its structured attributes; `None` or empty means "let the words and the style decide".

    Names (genres, moods, instruments, sections) are checked against the taxonomy by the composer, which knows it;
    everything else is checked by `validate`.
    """

    prompt: str
    seed: int = 0
    duration_seconds: float | None = None
    bpm: float | None = None
    key: str | None = None
    time_signature: str | None = None
    genres: tuple[GenreWeight, ...] = ()
    moods: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    structure: tuple[str, ...] = ()
    #: Energy targets in 0..1, spread evenly over the song.
    energy: tuple[float, ...] = ()
    lyrics: str | None = None
    #: True sings, False is instrumental, None lets the words decide.
    vocals: bool | None = None
    title: str | None = None
    #: Which of the songs that this seed can give: 0 is drawn from the seed itself, any other from a seed derived of
    #: both, on the same reading of the words. None lets the maker choose; it records here what it chose.
    candidate: int | None = None

    def validate(self) -> CompositionRequest:
        """Return the request unchanged, or raise `InvalidRequestError` naming the first field at fault."""
        _check_text("prompt", self.prompt, PROMPT_MAX)
        if not self.prompt.strip():
            raise InvalidRequestError("the prompt is empty; describe the song in a few words", field="prompt")
        if self.lyrics is not None:
            _check_text("lyrics", self.lyrics, LYRICS_MAX)
        if self.title is not None:
            _check_text("title", self.title, 200)
        _check_range("duration_seconds", self.duration_seconds, DURATION_SECONDS, "seconds")
        _check_range("bpm", self.bpm, BPM, "beats per minute")
        if not 0 <= self.seed <= SEED_MAX:
            raise InvalidRequestError(f"the seed must be between 0 and {SEED_MAX}", field="seed")
        if self.candidate is not None and not CANDIDATES[0] <= self.candidate <= CANDIDATES[1]:
            raise InvalidRequestError(f"the candidate must be {CANDIDATES[0]}–{CANDIDATES[1]}", field="candidate")
        if self.key is not None:
            Key.parse(self.key)
        if self.time_signature is not None:
            TimeSignature.parse(self.time_signature)
        _check_energy(self.energy)
        _check_weights(self.genres)
        return self


def seed_of(prompt: str) -> int:
    """Return the seed of a prompt for callers who give none: the same words give the same song, other words another.

    >>> seed_of("lo-fi") == seed_of(" Lo-Fi ") != seed_of("house")
    True
    """
    words = " ".join(prompt.casefold().split())
    return int.from_bytes(hashlib.blake2b(words.encode(errors="replace"), digest_size=4).digest(), "big")


def _check_text(field: str, text: str, limit: int) -> None:
    if len(text) > limit:
        verb = "have" if field == "lyrics" else "has"
        message = f"the {field} {verb} {len(text):,} characters; at most {limit:,} are read"
        raise InvalidRequestError(message, field=field)
    if _FORBIDDEN.search(text):
        raise InvalidRequestError(f"the {field} contains control characters", field=field)
    if any(unicodedata.category(character) == "Cs" for character in text):
        raise InvalidRequestError(f"the {field} is not valid Unicode text", field=field)


def _check_range(field: str, value: float | None, limits: tuple[float, float], unit: str) -> None:
    if value is None:
        return
    low, high = limits
    if not math.isfinite(value) or not low <= value <= high:
        name = field.removesuffix("_seconds")
        raise InvalidRequestError(f"the {name} must be {low:g}–{high:g} {unit}, not {value:g}", field=field)


def _check_energy(energy: tuple[float, ...]) -> None:
    if len(energy) == 1:
        raise InvalidRequestError("an energy curve needs at least two points", field="energy")
    if len(energy) > 256:
        raise InvalidRequestError("an energy curve has at most 256 points", field="energy")
    if any(not math.isfinite(point) or not 0 <= point <= 1 for point in energy):
        raise InvalidRequestError("every point of the energy curve must lie in 0–1", field="energy")


def _check_weights(genres: tuple[GenreWeight, ...]) -> None:
    if len(genres) > 4:
        raise InvalidRequestError("a blend has at most four genres", field="genres")
    if any(not math.isfinite(genre.weight) or genre.weight < 0 for genre in genres):
        raise InvalidRequestError("genre weights must be zero or more", field="genres")
    total = sum(genre.weight for genre in genres)
    if genres and not 0 < total < math.inf:
        limit = (
            "too large to be shares of a blend" if total else "all zero; give one genre at least a weight above zero"
        )
        raise InvalidRequestError(f"the genre weights are {limit}", field="genres")
