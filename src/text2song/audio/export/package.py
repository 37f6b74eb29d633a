"""A finished song in other formats: compressed with its tags and cover, or as a project for a DAW."""

from __future__ import annotations

from pathlib import Path

import soundfile

from text2song.audio.codecs import FORMATS, convert_audio
from text2song.audio.export.cover import cover_jpeg, cover_of
from text2song.audio.export.dawproject import AudioFile, write_dawproject
from text2song.audio.tags.song import SongTags, tags_of
from text2song.domain.composition import UnifiedComposition

#: What `encode_song` writes, by file name ending.
PACKAGES = (*FORMATS, "dawproject")


def song_tags(composition: UnifiedComposition, *, title: str = "") -> SongTags:
    """Return the tags of a finished song with its cover; `title` is the user's own, where it differs."""
    return tags_of(composition, title=title, cover=cover_jpeg(cover_of(composition, title=title)))


def encode_song(folder: Path, ending: str, composition: UnifiedComposition) -> Path:
    """Write the song in `folder` (song.wav, stems/) once more, in one of `PACKAGES`, and return the file.

    Raises what `convert_audio` raises.
    """
    target = folder / f"song.{ending}"
    if ending == "dawproject":
        write_dawproject(target, composition, stem_files(folder / "stems", "wav"))
    else:
        convert_audio(folder / "song.wav", target, tags=song_tags(composition))
    return target


def stem_files(folder: Path, ending: str) -> list[tuple[AudioFile, Path]]:
    """Return the stems in a folder as a project lists them, in the order of their names."""
    found = []
    for path in sorted(folder.glob(f"*.{ending}")):
        with soundfile.SoundFile(path) as file:
            seconds = file.frames / file.samplerate
            found.append((AudioFile(path.stem, ending, seconds, file.samplerate, file.channels), path))
    return found
