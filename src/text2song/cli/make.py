"""`text2song make`: a prompt to a folder with a finished song, no server and no database."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from text2song.audio.export.package import encode_song
from text2song.cli.options import parse_energy, parse_formats, parse_genres, parse_names, read_lyrics
from text2song.cli.output import publish, staging_folder
from text2song.cli.progress import song_progress
from text2song.cli.serve import read_settings
from text2song.compose.edits.parents import read_parent
from text2song.compose.prompt.gaps import fill_gaps
from text2song.compose.prompt.sentences import installed_encoder
from text2song.domain.composition import UnifiedComposition
from text2song.domain.errors import InvalidError
from text2song.domain.progress import Progress
from text2song.domain.request import SEED_MAX, TAKES, CompositionRequest, seed_of
from text2song.domain.serial import from_plain
from text2song.providers.base import MadeSong
from text2song.services.makers import build_router
from text2song.settings import Settings


class InvalidOptionError(InvalidError):
    """An option of the command line cannot be used."""

    slug = "invalid-option"


def make(
    prompt: Annotated[str, typer.Argument(help="What the song should be, in your own words.")] = "",
    out: Annotated[Path, typer.Option(help="Folder for the finished song.")] = Path("song"),
    seed: Annotated[int | None, typer.Option(help="Another number gives another song; else the words decide.")] = None,
    duration: Annotated[float | None, typer.Option(help="Seconds, 5–600.")] = None,
    bpm: Annotated[float | None, typer.Option(help="Beats per minute, 30–300.")] = None,
    key: Annotated[str | None, typer.Option(help="Such as “A minor” or “F# dorian”.")] = None,
    time_signature: Annotated[str | None, typer.Option(help="Such as 4/4, 3/4 or 7/8 (3+2+2).")] = None,
    genre: Annotated[str, typer.Option(help="One genre, or a blend: synthwave:0.7,house:0.3.")] = "",
    mood: Annotated[str, typer.Option(help="Moods, separated by commas.")] = "",
    instruments: Annotated[str, typer.Option(help="Instruments that must play, separated by commas.")] = "",
    without: Annotated[str, typer.Option(help="What must not play, separated by commas.")] = "",
    structure: Annotated[str, typer.Option(help="Sections in order: intro,verse,chorus,…")] = "",
    energy: Annotated[str, typer.Option(help="Energy curve: numbers 0–1, separated by commas.")] = "",
    lyrics: Annotated[Path | None, typer.Option(help="A text file with the words to sing.")] = None,
    instrumental: Annotated[bool, typer.Option("--instrumental", help="Nobody sings.")] = False,
    title: Annotated[str | None, typer.Option(help="The song's title.")] = None,
    guess: Annotated[
        bool, typer.Option("--guess", help="Where no word names a genre or mood, take the nearest (extra `sentences`).")
    ] = False,
    takes: Annotated[int, typer.Option(help="How many versions to make, 1–8.")] = 1,
    provider: Annotated[str | None, typer.Option(help="Who makes it; the composer by default.")] = None,
    recipe: Annotated[Path | None, typer.Option(help="A composition.json to make again.")] = None,
    formats: Annotated[str, typer.Option("--format", help="Also write flac, mp3, ogg or dawproject.")] = "",
    soundfont: Annotated[str | None, typer.Option(help="A SoundFont file, or “none” for synthesisers only.")] = None,
) -> None:
    """Make a song: song.wav, stems/, song.mid, song.musicxml, lyrics.lrc, composition.json and report.json."""
    score = None
    if recipe is None:
        request = CompositionRequest(
            prompt=prompt,
            seed=seed_of(prompt) if seed is None else seed,
            duration_seconds=duration,
            bpm=bpm,
            key=key,
            time_signature=time_signature,
            genres=parse_genres(genre),
            moods=parse_names(mood),
            instruments=parse_names(instruments),
            without=parse_names(without),
            structure=parse_names(structure),
            energy=parse_energy(energy),
            lyrics=None if lyrics is None else read_lyrics(lyrics),
            vocals=False if instrumental else None,
            title=title,
        )
        request = fill_gaps(request, installed_encoder()) if guess else request
    else:
        request, score = read_recipe(recipe)
    if not TAKES[0] <= takes <= TAKES[1]:
        raise InvalidOptionError(f"--takes must be {TAKES[0]}–{TAKES[1]}, not {takes}", field="takes")
    if score is not None and takes != 1:
        raise InvalidOptionError("an edited song is rendered as it stands, so there is but one take", field="takes")
    settings = read_settings(soundfont=soundfont)
    wanted = Wanted(takes, provider, parse_formats(formats), score)
    make_takes(request.validate(), out, wanted, settings)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many takes, by whom, and in which formats besides WAV."""

    takes: int = 1
    provider: str | None = None
    formats: tuple[str, ...] = ()
    #: A finished score to render as it stands: an edited song is no longer what its request alone would give.
    score: UnifiedComposition | None = None


def make_takes(request: CompositionRequest, out: Path, wanted: Wanted, settings: Settings) -> list[MadeSong]:
    """Make the takes; one goes to `out` itself, several to `out/take-1`, `out/take-2`, …"""
    router = build_router(settings.soundfont, lyrics_url=settings.lyrics_url, lyrics_model=settings.lyrics_model)
    maker = router.choose(request, wanted.provider)
    made: list[MadeSong] = []
    for number in range(wanted.takes):
        target = out if wanted.takes == 1 else out / f"take-{number + 1}"
        # A recipe names the candidate of its own seed alone.
        candidate = request.candidate if number == 0 else None
        take = replace(request, seed=(request.seed + number) & SEED_MAX, candidate=candidate)
        with staging_folder(target) as folder:
            with song_progress(request.prompt) as progress:
                if wanted.score is None:
                    song = maker.make(take, folder, progress, [other.composition for other in made])
                else:
                    song = maker.remake(wanted.score, folder, progress)
                encode(folder, wanted.formats, song.composition, progress)
            publish(folder, target)
        _tell(song, target)
        made.append(song)
    return made


def encode(folder: Path, formats: tuple[str, ...], composition: UnifiedComposition, progress: Progress) -> None:
    """Write the song once more in each of `formats`, tagged with what it is."""
    for ending in formats:
        progress(f"writing {ending}", 1.0)
        encode_song(folder, ending, composition)


def tell_lyrics(composition: UnifiedComposition) -> None:
    """Say what of the words is not sung, and why."""
    for note in composition.lyrics.notes if composition.lyrics else ():
        typer.echo(note)


def read_recipe(path: Path) -> tuple[CompositionRequest, UnifiedComposition | None]:
    """Return the request recorded in a composition.json, and its score where edits have changed it.

    Raises `InvalidOptionError`, or `UnreadableParentError` for an edited score that cannot be used.
    """
    try:
        text = path.read_bytes()
        recorded = json.loads(text)
        request = from_plain(CompositionRequest, recorded["provenance"]["request"])
    except OSError as error:
        raise InvalidOptionError(f"{path} cannot be read: {error.strerror}", field="recipe") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidOptionError(f"{path} is not a composition.json of this program", field="recipe") from error
    if not isinstance(request, CompositionRequest):
        raise InvalidOptionError(f"{path} records no request", field="recipe")
    return request, read_parent(text) if recorded["provenance"].get("edits") else None


def _tell(song: MadeSong, target: Path) -> None:
    context, report = song.composition.context, song.report
    seconds = song.composition.seconds
    typer.echo(f"“{context.title}” — {context.style}, {float(context.bpm):g} BPM, {context.key.name}, {seconds:.1f} s")
    stems = ", ".join(stem.name for stem in report.stems)
    typer.echo(
        f"{target}/song.wav  ({report.loudness_lufs:.1f} LUFS, {report.true_peak_dbtp:.1f} dBTP; stems: {stems})"
    )
    speed = f"{report.realtime_factor:.1f} times faster than it plays"
    if context.not_understood:
        typer.echo(f"Not understood: {', '.join(context.not_understood)}.")
    tell_lyrics(song.composition)
    if report.passed:
        typer.echo(f"The report passes; made {speed}.")
    else:
        typer.echo(f"The report misses: {'; '.join(report.reasons)}; made {speed}.")
