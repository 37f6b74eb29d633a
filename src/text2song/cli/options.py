"""Options that are lists or files, as values; each refusal is one sentence."""

from __future__ import annotations

from pathlib import Path

from text2song.domain.errors import InvalidError
from text2song.domain.request import LYRICS_MAX, GenreWeight

#: What the song can be written in besides WAV.
PACKAGES = ("flac", "mp3", "ogg", "dawproject")


class InvalidOptionTextError(InvalidError):
    """The text of an option does not have its form."""

    slug = "invalid-option"


def parse_names(text: str) -> tuple[str, ...]:
    """Split "piano, strings" into names.

    >>> parse_names("piano, strings,")
    ('piano', 'strings')
    """
    return tuple(name.strip() for name in text.split(",") if name.strip())


def parse_genres(text: str) -> tuple[GenreWeight, ...]:
    """Read "synthwave:0.7,house:0.3"; a genre without a weight weighs 1."""
    found = []
    for item in parse_names(text):
        name, _, weight = item.partition(":")
        found.append(GenreWeight(name.strip(), _number(weight, item, "genre") if weight else 1.0))
    return tuple(found)


def parse_energy(text: str) -> tuple[float, ...]:
    """Read "0.2,0.5,1" as an energy curve."""
    return tuple(_number(item, item, "energy") for item in parse_names(text))


def parse_formats(text: str) -> tuple[str, ...]:
    """Read "flac,mp3"; raises `InvalidOptionTextError` for a format that cannot be written."""
    formats = tuple(name.lower().lstrip(".") for name in parse_names(text))
    for name in formats:
        if name not in PACKAGES:
            message = f"--format: “{name}” is not one of {', '.join(PACKAGES)}"
            raise InvalidOptionTextError(message, field="format", choices=PACKAGES)
    return tuple(dict.fromkeys(formats))


def read_lyrics(path: Path) -> str:
    """Return the text of a lyrics file: UTF-8, at most `LYRICS_MAX` characters."""
    try:
        # Four bytes hold any character, so a file past this is too long whatever it says.
        with path.open("rb") as file:
            data = file.read(4 * LYRICS_MAX + 4)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InvalidOptionTextError(f"{path} cannot be read: {error.strerror}", field="lyrics") from error
    except UnicodeDecodeError as error:
        raise InvalidOptionTextError(f"{path} is not a text file in UTF-8", field="lyrics") from error
    if not text.strip():
        raise InvalidOptionTextError(f"{path} holds no words", field="lyrics")
    return text


def _number(text: str, item: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidOptionTextError(f"--{option}: “{item}” has no number where one belongs", field=option) from None
