"""Do other people's programs open what we write? `python -m benchmarks.exports [--keep]`

Makes one sung song in every format and hands each file to the programs that are installed: flac, sox, ffprobe,
pretty_midi, MuseScore, and an XML schema check of the DAWproject where its schemas are given (DAWPROJECT_XSD, a folder
with Project.xsd and MetaData.xsd of the published format; the package xmlschema does the checking).
"""

from __future__ import annotations

import csv
import datetime
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pretty_midi

from text2song.cli.make import Wanted, make_takes
from text2song.domain.request import CompositionRequest
from text2song.settings import Settings

WORDS = """[Verse]
The river runs to the open sea
And carries all of my words away
[Chorus]
Hold on to the morning light
Hold on to the morning light
"""
Check = tuple[str, str, Callable[[Path], str]]


def main(*, keep: bool) -> int:
    """Print one line per file and program; return how many refused."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "song"
        request = CompositionRequest("gentle folk ballad, 40 seconds", lyrics=WORDS, duration_seconds=40.0)
        make_takes(request, folder, Wanted(formats=("flac", "mp3", "ogg", "dawproject")), Settings())
        rows = [
            {"file": name, "program": program, "says": _said(check, folder / name)} for name, program, check in CHECKS
        ]
    for row in rows:
        print(f"{row['file']:16} {row['program']:14} {row['says']}")
    if keep:
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        with (Path(__file__).parent / "results" / f"exports-{today}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as file:
            writer = csv.DictWriter(file, ["file", "program", "says"])
            writer.writeheader()
            writer.writerows(rows)
    return sum(row["says"].startswith("refused") for row in rows)


def _said(check: Callable[[Path], str], path: Path) -> str:
    try:
        return check(path)
    except FileNotFoundError as error:
        return f"not checked: {error.filename} is not installed"
    except ModuleNotFoundError as error:
        return f"not checked: {error.name} is not installed"
    except (subprocess.SubprocessError, ValueError, OSError) as error:
        return f"refused: {error}"


def _run(*command: str, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180, env=env)
    if done.returncode:
        raise ValueError((done.stderr or done.stdout).strip()[-200:])
    return done.stdout


def _flac(path: Path) -> str:
    _run("flac", "-t", "--silent", str(path))
    return "ok"


def _sox(path: Path) -> str:
    return f"{float(_run('soxi', '-D', str(path))):.3f} s"


def _ffprobe(path: Path) -> str:
    said = json.loads(_run("ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)))
    tags = {**said["format"].get("tags", {}), **said["streams"][0].get("tags", {})}
    named = {key.lower(): value for key, value in tags.items()}
    pictures = sum(stream["codec_name"] == "mjpeg" for stream in said["streams"])
    seconds = float(said["format"]["duration"])
    return f"{seconds:.3f} s, title {named.get('title')!r}, {named.get('comment')!r}, {pictures} cover"


def _midi(path: Path) -> str:
    song = pretty_midi.PrettyMIDI(str(path))
    notes = sum(len(one.notes) for one in song.instruments)
    return f"{len(song.instruments)} tracks, {notes} notes, {len(song.lyrics)} syllables, {song.get_end_time():.2f} s"


def _musescore(path: Path) -> str:
    program = next(
        (name for name in ("mscore3", "musescore3", "mscore", "musescore") if shutil.which(name)), "musescore3"
    )
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "out.mid"
        _run(program, "-o", str(target), str(path), env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
        song = pretty_midi.PrettyMIDI(str(target))
        return f"{sum(len(one.notes) for one in song.instruments)} notes, {song.get_end_time():.2f} s"


def _dawproject(path: Path) -> str:
    xmlschema = importlib.import_module("xmlschema")  # optional, as the programs are
    folder = Path(os.environ["DAWPROJECT_XSD"]) if "DAWPROJECT_XSD" in os.environ else None
    if folder is None:
        return "not checked: DAWPROJECT_XSD names no schemas"
    with zipfile.ZipFile(path) as archive:
        for document, schema in (("project.xml", "Project.xsd"), ("metadata.xml", "MetaData.xsd")):
            xmlschema.XMLSchema(str(folder / schema)).validate(io.BytesIO(archive.read(document)))
        return f"valid; {len(archive.namelist()) - 2} audio files"


def _checks() -> Iterator[Check]:
    yield "song.flac", "flac -t", _flac
    for ending in ("wav", "flac", "mp3", "ogg"):
        yield f"song.{ending}", "sox", _sox
        yield f"song.{ending}", "ffprobe", _ffprobe
    yield "song.mid", "pretty_midi", _midi
    yield "song.musicxml", "MuseScore", _musescore
    yield "song.mid", "MuseScore", _musescore
    yield "song.dawproject", "XML schema", _dawproject


CHECKS = tuple(_checks())

if __name__ == "__main__":
    sys.exit(main(keep="--keep" in sys.argv))
