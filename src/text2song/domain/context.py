"""What every element of one composition shares: each value decided, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from text2song.domain.rational import Fraction
from text2song.domain.theory import Key, TimeSignature


class Source(StrEnum):
    """Where a value came from; what the user set always wins."""

    USER = "user"
    WORDS = "words"
    STYLE = "style"


class Vocals(StrEnum):
    """Whether the song is sung."""

    SUNG = "sung"
    INSTRUMENTAL = "instrumental"


@dataclass(frozen=True, slots=True)
class Genre:
    """A genre of the taxonomy with its ancestors (nearest first) and its normalised weight in the blend."""

    name: str
    parents: tuple[str, ...]
    weight: float
    #: The style file that plays it.
    style: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Why a value is what it is: its source and, where words decided, the words themselves."""

    source: Source
    words: str = ""


@dataclass(frozen=True, slots=True)
class CompositionContext:
    """The one shared context: every element reads it, none changes it."""

    prompt: str
    seed: int
    title: str
    genres: tuple[Genre, ...]
    moods: tuple[str, ...]
    #: −1 (sad) … 1 (happy).
    valence: float
    #: −1 (calm) … 1 (excited).
    arousal: float
    bpm: Fraction
    tempo_word: str
    key: Key
    time_signature: TimeSignature
    #: As asked for, or the style's own length; the structure fits whole bars to it.
    duration_seconds: float
    #: Instrument ids asked for, in the order of the words; the arrangement must make each audible.
    instruments: tuple[str, ...]
    #: Instrument ids, families and roles that must not sound ("drums", "guitar").
    without: tuple[str, ...]
    vocals: Vocals
    #: "female", "male", "choir", "child", "duet" or "" where nothing was wished.
    voice: str
    language: str
    #: Section kinds asked for ("intro", "verse", …), empty where the style decides.
    structure: tuple[str, ...]
    #: Energy targets in 0..1 spread evenly over the song, empty where the style decides.
    energy: tuple[float, ...]
    #: What the song is about, as the words say: "night drives".
    theme: str = ""
    #: The user's words to sing, verbatim, with their section tags.
    lyrics: str | None = None
    #: Production words understood ("dusty", "wall of sound").
    production: tuple[str, ...] = ()
    #: Per field name: where the value came from.
    sources: dict[str, Reading] = field(default_factory=dict)
    #: Words that changed nothing, in order.
    not_understood: tuple[str, ...] = ()

    @property
    def style(self) -> str:
        """The style with the largest weight."""
        return max(self.genres, key=lambda genre: genre.weight).style
