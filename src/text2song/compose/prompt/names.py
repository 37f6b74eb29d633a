"""Names that a person sets in a field: resolved through the same lexicon, or refused with the nearest known ones."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from text2song.compose.prompt.lexicon import Lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.text import phrase
from text2song.compose.style import Style
from text2song.domain.composition import SectionKind
from text2song.domain.errors import InvalidError
from text2song.domain.instruments import UnknownInstrumentError, catalogue, instrument
from text2song.domain.request import CompositionRequest
from text2song.domain.score import Role

_NEAREST = 8
_NAMED = 3


class UnknownGenreError(InvalidError):
    """No genre of the taxonomy has that name."""

    slug = "unknown-genre"


class UnknownMoodError(InvalidError):
    """No mood of the lexicon has that name."""

    slug = "unknown-mood"


class UnknownSectionError(InvalidError):
    """No section kind has that name."""

    slug = "unknown-section"


def genre_named(name: str, lexicon: Lexicon) -> str:
    """Return the taxonomy's name of a genre the user set; raises `UnknownGenreError`."""
    found = _meant(name, Kind.GENRE, lexicon)
    if found is None:
        raise _unknown(UnknownGenreError, "genre", "genres", name, tuple(lexicon.genres))
    return found


def mood_named(name: str, lexicon: Lexicon) -> str:
    """Return the lexicon's name of a mood the user set; raises `UnknownMoodError`."""
    found = _meant(name, Kind.MOOD, lexicon)
    if found is None:
        raise _unknown(UnknownMoodError, "mood", "moods", name, tuple(lexicon.moods))
    return found


def section_named(name: str, lexicon: Lexicon) -> str:
    """Return the section kind the user set ("pre-chorus", "verse 2"); raises `UnknownSectionError`."""
    found = _meant(name.rstrip(" 0123456789"), Kind.SECTION, lexicon)
    if found is None:
        raise _unknown(UnknownSectionError, "section", "structure", name, tuple(kind.value for kind in SectionKind))
    return found


def instruments_named(name: str, style: Style, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the instrument ids a name stands for in a style; raises `UnknownInstrumentError`."""
    if name in catalogue():
        return (name,)
    general = _meant(name, Kind.GENERIC, lexicon)
    if general is not None:
        return lexicon.generics[general].instruments(style)
    single = _meant(name, Kind.INSTRUMENT, lexicon)
    if single is not None:
        return (single,)
    if is_voice(name):
        return ("voice_lead",)
    names = tuple(dict.fromkeys([*lexicon.generics, *(info.name for info in catalogue().values())]))
    raise _unknown(UnknownInstrumentError, "instrument", "instruments", name, names)


def is_voice(name: str) -> bool:
    """Whether an instrument's name asks for singing."""
    info = instrument("voice_lead")
    return phrase(name) in {
        phrase(each) for each in (info.id, info.name, *info.aliases, "vocal", "singing", "vox", "singers", "vocalist")
    }


def left_out(request: CompositionRequest, lexicon: Lexicon) -> list[str]:
    """Return what the field `without` removes, see `excluded_named`; a voice stays where `vocals` asks for one."""
    named = [item for name in request.without for item in excluded_named(name, lexicon)]
    return [item for item in named if item != "voice" or not request.vocals]


def excluded_named(name: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return what "without" a name removes: ids, families and roles; raises `UnknownInstrumentError`."""
    if is_voice(name):
        return ("voice",)
    general = _meant(name, Kind.GENERIC, lexicon)
    if general is not None:
        return lexicon.generics[general].without
    families = {info.family for info in catalogue().values()}
    plain = name.strip().lower()
    if plain in catalogue() or plain in families or plain in set(Role):
        return (plain,)
    if plain in lexicon.generics:
        return lexicon.generics[plain].without
    single = _meant(name, Kind.INSTRUMENT, lexicon)
    if single is not None:
        return (single,)
    names = tuple(dict.fromkeys([*lexicon.generics, *(info.name for info in catalogue().values())]))
    raise _unknown(UnknownInstrumentError, "instrument", "without", name, names)


def _meant(name: str, kind: Kind, lexicon: Lexicon) -> str | None:
    words = phrase(name)
    entries = lexicon.phrases.get(words) or lexicon.phrases.get(("".join(words),), ())
    return next((entry.name for entry in entries if entry.kind is kind), None)


def _unknown(error: type[InvalidError], noun: str, field: str, name: str, known: Sequence[str]) -> InvalidError:
    nearest = nearest_names(name, known)
    listed = ", ".join(nearest[:_NAMED])
    return error(f"“{name[:80]}” is not a known {noun}; the nearest are {listed}", field=field, choices=nearest)


def nearest_names(name: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the known names, those nearest to `name` first, at most eight."""
    ranked = process.extract(name.lower(), known, scorer=fuzz.WRatio, processor=str.lower, limit=_NEAREST)
    return tuple(choice for choice, _, _ in ranked)
