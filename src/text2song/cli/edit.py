"""`text2song edit`: one change of a finished song, rendered as a child that keeps every other byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from text2song.cli.changes import Changes, parse_changes
from text2song.cli.make import encode, tell_lyrics
from text2song.cli.options import parse_formats, parse_names, read_lyrics
from text2song.cli.output import publish, staging_folder
from text2song.cli.progress import song_progress
from text2song.cli.serve import read_settings
from text2song.compose.edits.apply import edited
from text2song.compose.edits.parents import read_parent
from text2song.domain.composition import UnifiedComposition
from text2song.domain.edits import Edit
from text2song.domain.errors import InvalidError
from text2song.providers.base import MadeSong
from text2song.services.makers import build_router

#: A composition of ten minutes takes some 5 MB.
_LARGEST_BYTES = 64 << 20
#: Who renders a score of ours.
_COMPOSER = "composer"


class InvalidParentError(InvalidError):
    """The file to edit, or the folder for the child, cannot be used."""

    slug = "invalid-parent"


@dataclass(frozen=True, slots=True)
class _Parent:
    folder: Path
    composition: UnifiedComposition


def edit(
    composition: Annotated[Path, typer.Argument(help="A song's composition.json, or the folder it is in.")],
    remake: Annotated[
        list[str] | None,
        typer.Option(help="What to compose anew: bass, chorus.2, chorus.2/bass, verse.1/harmony. May be repeated."),
    ] = None,
    lyrics: Annotated[
        Path | None, typer.Option(help="A text file with new words, by section tags or for --remake.")
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", help="bpm=90, key=Dm, mood=calm, energy=0.7, chorus.energy=0.9, bass=upright_bass."),
    ] = None,
    extend: Annotated[str | None, typer.Option(help="A section to play once more, or a length in seconds.")] = None,
    remove: Annotated[str, typer.Option(help="Parts or section/part to silence, separated by commas.")] = "",
    add: Annotated[str, typer.Option(help="Places of the band to fill: pad, or pad=strings.")] = "",
    lock: Annotated[str, typer.Option(help="What must not change, separated by commas.")] = "",
    seed: Annotated[int, typer.Option(help="Another number makes anew otherwise.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for the child; the parent stays.")] = Path("song-edit"),
    formats: Annotated[str, typer.Option("--format", help="Also write flac, mp3, ogg or dawproject.")] = "",
    soundfont: Annotated[str | None, typer.Option(help="A SoundFont file, or “none” for synthesisers only.")] = None,
) -> None:
    """Change a finished song: only what changed is rendered, every other stem keeps its bytes."""
    given = parse_changes(changes or [], extend)
    wanted = _edit(given, remake or [], parse_names(remove), parse_names(add), parse_names(lock), seed, lyrics)
    parent = _read(composition)
    if out.resolve() == parent.folder.resolve():
        raise InvalidParentError(
            f"{out} holds the parent, which an edit never replaces; give another --out", field="out"
        )
    encodings = parse_formats(formats)
    child = edited(parent.composition, wanted)
    maker = build_router(read_settings(soundfont=soundfont).soundfont).named(_COMPOSER)
    with staging_folder(out) as folder:
        with song_progress(child.context.title) as progress:
            song = maker.remake(child, folder, progress, parent.folder)
            encode(folder, encodings, child, progress)
        publish(folder, out)
    _tell(song, out)


def _edit(
    given: Changes,
    remake: list[str],
    remove: tuple[str, ...],
    add: tuple[str, ...],
    lock: tuple[str, ...],
    seed: int,
    lyrics: Path | None,
) -> Edit:
    return Edit(
        remake=tuple(name for text in remake for name in parse_names(text)),
        lyrics=None if lyrics is None else read_lyrics(lyrics),
        remove=remove,
        add=add,
        lock=lock,
        seed=seed,
        **given.fields(),
    ).validate()


def _read(path: Path) -> _Parent:
    file = path / "composition.json" if path.is_dir() else path
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            raise InvalidParentError(f"{file} is too large for a composition", field="composition")
        text = file.read_bytes()
    except OSError as error:
        raise InvalidParentError(f"{file} cannot be read: {error.strerror}", field="composition") from error
    return _Parent(file.parent, read_parent(text))


def _tell(song: MadeSong, target: Path) -> None:
    context, report = song.composition.context, song.report
    typer.echo(f"“{context.title}” — {float(context.bpm):g} BPM, {context.key.name}, {song.composition.seconds:.1f} s")
    typer.echo(f"{target}/song.wav  ({report.loudness_lufs:.1f} LUFS, {report.true_peak_dbtp:.1f} dBTP)")
    tell_lyrics(song.composition)
    made = [stem.name for stem in report.stems if stem.name not in song.kept]
    typer.echo(f"kept as they were: {', '.join(song.kept) or 'none'}; rendered: {', '.join(made) or 'none'}")
    if not report.passed:
        typer.echo(f"The report misses: {'; '.join(report.reasons)}.")
