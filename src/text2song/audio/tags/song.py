"""The facts a file carries about its song, whatever the format writes them as."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from text2song.domain.composition import UnifiedComposition
from text2song.domain.serial import to_json

#: Who made it, and the disclosure that a machine did.
ARTIST = "Text2Song Studio"
AI_COMMENT = "AI-generated"
#: IPTC NewsCodes, digital source type: made by an algorithm that was not trained on sampled content.
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"


@dataclass(frozen=True, slots=True)
class SongTags:
    """Facts about one song; empty ones are not written."""

    title: str = ""
    genre: str = ""
    #: Beats per minute, whole, and the key as ID3's TKEY spells it: "Am", "Eb".
    bpm: str = ""
    key: str = ""
    #: The words, line by line.
    lyrics: str = ""
    #: SHA-256 of the recipe: the same hash is the same song.
    recipe: str = ""
    #: JPEG, or None.
    cover: bytes | None = None
    language: str = "en"

    def named(self, title: str) -> SongTags:
        """Return the tags of a part of the song: the same facts under another title, without words and cover."""
        return SongTags(title, self.genre, self.bpm, self.key, "", self.recipe, None, self.language)


def tags_of(composition: UnifiedComposition, *, title: str = "", cover: bytes | None = None) -> SongTags:
    """Return the tags of a composition; `title` is the user's own, where it differs."""
    context = composition.context
    lines = () if composition.lyrics is None else composition.lyrics.lines
    return SongTags(
        title=title or context.title,
        genre=max(context.genres, key=lambda genre: genre.weight).name if context.genres else "",
        bpm=str(round(context.bpm)),
        key=_short_key(context.key.name),
        lyrics="\n".join(line.text for line in lines),
        recipe=recipe_sha256(composition),
        cover=cover,
        language=context.language,
    )


def recipe_sha256(composition: UnifiedComposition) -> str:
    """Return the hash of what makes the song: the request with its seed, and the engine."""
    made = composition.provenance
    return hashlib.sha256(made.engine.encode() + b"\n" + to_json(made.request)).hexdigest()


def _short_key(name: str) -> str:
    """ID3's TKEY has room for three characters: letter, sign, "m" for the minor modes."""
    tonic, _, mode = name.partition(" ")
    return tonic + ("m" if mode in {"minor", "dorian", "phrygian", "aeolian", "locrian", "harmonic minor"} else "")
