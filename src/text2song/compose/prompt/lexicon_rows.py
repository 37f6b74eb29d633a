"""What the lexicon's rows become: one frozen type per kind of word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from text2song.compose.style import Style
from text2song.domain.instruments import catalogue


class Kind(StrEnum):
    """What a phrase can change."""

    GENRE = "genre"
    HINT = "hint"
    MOOD = "mood"
    SCENE = "scene"
    INSTRUMENT = "instrument"
    GENERIC = "generic"
    ARTIST = "artist"
    TEMPO = "tempo"
    PACE = "pace"
    ERA = "era"
    METRE = "metre"
    PRODUCTION = "production"
    ENERGY = "energy"
    SECTION = "section"
    FORM = "form"
    VOCALS = "vocals"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of one phrase: a kind and the row's name."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class GenreRow:
    """One genre of the taxonomy."""

    name: str
    #: Every ancestor, nearest first.
    parents: tuple[str, ...]
    #: Style files that play it, best first; the first that exists is taken.
    styles: tuple[str, ...]
    #: Usual beats per minute, lowest and highest.
    bpm: tuple[int, int]
    mode: str
    metre: str
    #: Valence and arousal of the genre itself, −1..1.
    valence: float
    arousal: float
    #: Signature instruments, ids.
    play: tuple[str, ...]
    #: Suggests a genre only where no other is named ("acoustic", "dance").
    weak: bool
    #: What it feels like when no mood is named, the most typical first: words of the moods' table.
    moods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MoodRow:
    """One mood, or one scene with the mood and the genre it suggests."""

    name: str
    valence: float
    arousal: float
    mood: str = ""
    genre: str = ""


@dataclass(frozen=True, slots=True)
class GenericRow:
    """A general word for instruments: an id by style, or several at once."""

    name: str
    any: str
    by_style: tuple[tuple[str, str], ...]
    all: tuple[str, ...]
    without: tuple[str, ...]
    #: Whether the style's own instrument of that sort comes before `any`.
    palette: bool = False
    #: What it is called where the instrument found for it has another name.
    called: tuple[str, ...] = ()

    def instruments(self, style: Style) -> tuple[str, ...]:
        """Return the ids the word stands for in a style; none for a word that can only be denied ("melody")."""
        named = dict(self.by_style)
        own = self._of_palette(style) if self.palette else ""
        inherited = next((named[name] for name in style.parents if name in named), "")
        single = named.get(style.name) or own or inherited or self.any
        return self.all or ((single,) if single else ())

    def _of_palette(self, style: Style) -> str:
        """Return what the style plays most of this sort, "" where it plays none."""
        weights: dict[str, float] = {}
        for choices in style.table("palette").values():
            for id_, weight in choices if isinstance(choices, list) else ():
                if id_ in catalogue() and {id_, catalogue()[id_].family} & set(self.without):
                    weights[id_] = weights.get(id_, 0.0) + weight
        return max(weights, key=lambda id_: weights[id_]) if weights else ""


@dataclass(frozen=True, slots=True)
class ArtistRow:
    """The genre, decade and mood a name stands for."""

    name: str
    genre: str
    era: str
    mood: str
