"""The outermost layer of a SoundFont: RIFF chunks, walked without trusting any size they state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from text2song.domain.errors import InvalidError

#: A file as bytes; memory-mapped, so that only what is touched is read.
Bytes = NDArray[np.uint8]


class CorruptSoundFontError(InvalidError):
    """The file is not a SoundFont, or it contradicts itself."""

    slug = "corrupt-soundfont"

    def __init__(self, message: str) -> None:
        super().__init__(message, field="soundfont")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A named stretch of the file: its body is bytes `start` to `end`."""

    name: str
    start: int
    end: int


def map_file(path: Path) -> Bytes:
    """Map the whole file read-only; raises `CorruptSoundFontError` when it is missing, unreadable or empty."""
    try:
        return np.memmap(path, dtype=np.uint8, mode="r")
    except (OSError, ValueError) as error:
        raise CorruptSoundFontError(f"“{path.name}” cannot be read as a SoundFont: {error}") from error


def chunks_of(data: Bytes) -> dict[str, Chunk]:
    """Return the inner chunks of a SoundFont by name ("phdr", "smpl", …); raises `CorruptSoundFontError`."""
    if len(data) < 12 or _text(data, 0) != "RIFF" or _text(data, 8) != "sfbk":
        raise CorruptSoundFontError("the file is not a SoundFont (no RIFF header of the form “sfbk”)")
    found: dict[str, Chunk] = {}
    for outer in _walk(data, 12, len(data)):
        if outer.name != "LIST" or outer.end - outer.start < 4:
            continue
        for chunk in _walk(data, outer.start + 4, outer.end):
            found.setdefault(chunk.name, chunk)
    return found


def _walk(data: Bytes, start: int, end: int) -> Iterator[Chunk]:
    # Each step moves at least eight bytes forward, so no size can make this loop for ever.
    while start + 8 <= end:
        size = int.from_bytes(data[start + 4 : start + 8].tobytes(), "little")
        body = start + 8
        if body + size > end:
            raise CorruptSoundFontError("the SoundFont is cut short or states a wrong size")
        yield Chunk(_text(data, start), body, body + size)
        start = body + size
        # Chunks are padded to whole words, but encoders of compressed fonts leave the padding out.
        if size & 1 and not _is_name(data, start, end):
            start += 1


def _is_name(data: Bytes, start: int, end: int) -> bool:
    """Whether a chunk that fits stands here: a name in letters and a size within what is left."""
    if start + 8 > end:
        return False
    size = int.from_bytes(data[start + 4 : start + 8].tobytes(), "little")
    name = _text(data, start)
    return name.isascii() and name.isalnum() and start + 8 + size <= end


def _text(data: Bytes, start: int) -> str:
    return data[start : start + 4].tobytes().decode("latin-1")
