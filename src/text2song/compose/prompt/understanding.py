"""What the studio understood of a request, as `text2song understand --json` prints it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from text2song.compose.prompt.denial_frames import lessened
from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.reader import read_prompt
from text2song.compose.prompt.text import phrase
from text2song.domain.context import CompositionContext, Source, Vocals
from text2song.domain.instruments import catalogue
from text2song.domain.request import CompositionRequest

#: More families than anybody denies: the words asked for some instruments alone.
_MANY = 8
#: More instruments of one family than anybody denies by name: some of the family were asked for.
_MOST = 5
#: Words that ask for an instrumental and deny nothing.
_PLAIN = re.compile(r"instrumentals?(?: (?!only)\w+)?|karaoke.*|backing track|beat only|type beat", re.IGNORECASE)


def understand(request: CompositionRequest) -> dict[str, Any]:
    """Return the reading of a request as JSON types, in the field's usual spelling.

    Raises what `CompositionRequest.validate` and `read_prompt` raise.
    """
    return described(read_prompt(request.validate()))


def described(context: CompositionContext) -> dict[str, Any]:
    """Return a context as the same JSON types."""
    return {
        "genres": [
            {"name": genre.name, "parents": list(genre.parents), "weight": round(genre.weight, 4)}
            for genre in context.genres
        ],
        "moods": list(context.moods),
        "bpm": _number(float(context.bpm)),
        "tempo_word": context.tempo_word,
        "key": context.key.name,
        "time_signature": _metre(context),
        "duration_seconds": _number(context.duration_seconds),
        "instruments": _with_own_words([catalogue()[id_].name for id_ in context.instruments], context, "instruments"),
        "without": _without(context),
        "vocals": context.vocals.value,
        "voice": context.voice,
        "language": context.language,
        "structure": list(context.structure),
        "sources": {
            field: {"source": reading.source.value, "words": reading.words}
            for field, reading in sorted(context.sources.items())
        },
        "not_understood": list(context.not_understood),
    }


def _metre(context: CompositionContext) -> str:
    """Name the metre, with its groups where the words say them: "7/8" and "7/8 (3+2+2)"."""
    reading = context.sources.get("time_signature")
    grouped = reading is not None and re.search(r"\d ?[-+] ?\d", reading.words)
    return context.time_signature.counted if grouped else context.time_signature.name


def _without(context: CompositionContext) -> list[str]:
    """Name what must not sound, effects included; "no vocals" is said here too."""
    names = _with_own_words(_summed(context.without), context, "without")
    names += [name.removeprefix("no ") for name in context.production if name.startswith("no ")]
    reading = context.sources.get("vocals")
    said = reading.words.split(", ") if reading is not None and reading.source is Source.WORDS else []
    denied = any(words and not _PLAIN.fullmatch(words) for words in said)
    silenced = context.vocals is Vocals.INSTRUMENTAL and denied
    return list(dict.fromkeys([*names, "vocals"])) if silenced else names


def _with_own_words(names: list[str], context: CompositionContext, field: str) -> list[str]:
    """Add the person's own known words where they say it otherwise: "horns" beside "brass section"."""
    reading = context.sources.get(field)
    if reading is None or reading.source is not Source.WORDS:
        return names
    said = [word.casefold() for word in reading.words.split(", ")]
    said = [_stem(word) for word in said]
    own = [word for word in said if phrase(word) in lexicon().phrases and not _says(word, names)]
    excluded = context.without if field == "without" else ()
    called = [name for word in said for name in _called(word, excluded) if name not in names]
    return [*names, *dict.fromkeys([*own, *called])]


def _stem(word: str) -> str:
    """Return what "drumless" is without: "drums"."""
    key = phrase(word)
    stem = lessened(key[0]) if len(key) == 1 and key not in lexicon().phrases else ""
    return (
        next((entry.name for entry in lexicon().phrases.get((stem,), ()) if entry.kind is Kind.GENERIC), stem) or word
    )


def _called(word: str, excluded: Sequence[str]) -> list[str]:
    """Return what a person's word for a sound is called in general: "saxophone" for "sax".

    Among what must not sound also what the word takes with it: "no percussion" means drums too.
    """
    entries = lexicon().phrases.get(phrase(word), ())
    rows = [lexicon().generics[entry.name] for entry in entries if entry.kind is Kind.GENERIC]
    taken = [item for row in rows for item in row.without if item in excluded and item not in catalogue()]
    return [*(name for row in rows for name in row.called), *taken]


def _summed(without: Sequence[str]) -> list[str]:
    """Name exclusions: everything else, the others of a family, or one by one."""
    families = {info.family for info in catalogue().values()}
    if len(families.intersection(without)) >= _MANY:
        return ["everything else"]
    members = Counter(catalogue()[name].family for name in without if name in catalogue())
    named = (_spelled(name, members) for name in without)
    return list(dict.fromkeys(named))


def _says(word: str, names: list[str]) -> bool:
    return any(word in name or name in word for name in (each.casefold() for each in names))


def _spelled(name: str, members: Counter[str]) -> str:
    if name not in catalogue():
        return name.replace("_", " ")
    info = catalogue()[name]
    return f"other {info.family}" if members[info.family] > _MOST else info.name


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() else round(value, 4)
