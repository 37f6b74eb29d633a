"""A DAW project: references resolve, times are right, and the archive holds what the document names."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
import pytest
from tests.audio.songs import small_song

from text2song.audio.codecs import write_wav
from text2song.audio.export.dawproject import AudioFile, project_documents, write_dawproject
from text2song.audio.export.package import stem_files
from text2song.domain.composition import UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Role, TempoMap

CHANGING = TempoMap(((Fraction(0), Fraction(120)), (Fraction(8), Fraction(60))))


def project(song: UnifiedComposition, seconds: float = 10.0) -> Element:
    audio = [AudioFile(part.name, "wav", seconds, 44_100) for part in song.parts]
    return ElementTree.fromstring(project_documents(song, audio)["project.xml"])  # noqa: S314 - our own


def test_every_identifier_is_one_and_every_reference_meets_one() -> None:
    root = project(small_song())
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    references = [
        element.attrib[name]
        for element in root.iter()
        for name in ("track", "destination", "parameter")
        if name in element.attrib
    ]
    assert references
    assert set(references) <= set(ids)


def test_tracks_come_in_pairs_and_end_in_the_master() -> None:
    song = small_song()
    tracks = list(project(song).iter("Track"))
    assert [track.attrib["contentType"] for track in tracks] == ["audio", "notes"] * len(song.parts) + ["audio notes"]
    assert tracks[-1].find("Channel").attrib["role"] == "master"  # type: ignore[union-attr]


@pytest.mark.parametrize("role", Role)
def test_a_part_of_any_role_has_a_colour(role: Role) -> None:
    song = small_song()
    song = replace(song, parts=(replace(song.parts[0], role=role),))
    colours = [track.get("color") for track in project(song).iter("Track")]
    assert colours[0] == colours[1] != colours[2]


def test_notes_stand_where_they_are_played() -> None:
    song = small_song()
    found = [note.attrib for note in project(song).iter("Note")]
    assert len(found) == sum(len(part.notes) for part in song.parts)
    assert {int(note["key"]) for note in found} == {note.pitch for part in song.parts for note in part.notes}
    assert all(0 <= float(note["vel"]) <= 1 and float(note["time"]) >= 0 for note in found)


def test_sections_are_markers_and_tempo_steps_are_automation() -> None:
    song = replace(small_song(), tempo=CHANGING)
    root = project(song)
    assert [float(marker.attrib["time"]) for marker in root.iter("Marker")] == [
        float(song.section_start(section)) for section in song.sections
    ]
    points = [(float(point.attrib["time"]), float(point.attrib["value"])) for point in root.iter("RealPoint")]
    assert points == [(0.0, 120.0), (8.0, 60.0)]


@pytest.mark.parametrize("seconds", [3.0, 10.0, 12.5])
def test_warp_points_tie_seconds_to_beats(seconds: float) -> None:
    root = project(replace(small_song(), tempo=CHANGING), seconds)
    warps = next(root.iter("Warps"))
    pairs = [(float(warp.attrib["time"]), float(warp.attrib["contentTime"])) for warp in warps.iter("Warp")]
    assert pairs[-1][1] == pytest.approx(seconds, abs=1e-3)
    # 8 quarter notes at 120 take 4 s; after that one takes 1 s.
    assert pairs[-1][0] == pytest.approx(2 * seconds if seconds <= 4 else 8 + seconds - 4, abs=2e-3)


def test_the_archive_holds_what_the_document_names_and_is_the_same_twice(tmp_path: Path) -> None:
    song = small_song()
    stems = tmp_path / "stems"
    stems.mkdir()
    for part in song.parts:
        write_wav(stems / f"{part.name}.wav", np.zeros((44_100, 2), np.float32))
    one, other = tmp_path / "a.dawproject", tmp_path / "b.dawproject"
    write_dawproject(one, song, stem_files(stems, "wav"))
    write_dawproject(other, song, stem_files(stems, "wav"))
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        root = ElementTree.fromstring(archive.read("project.xml"))  # noqa: S314 - our own
        metadata = ElementTree.fromstring(archive.read("metadata.xml"))  # noqa: S314 - our own
        assert {file.attrib["path"] for file in root.iter("File")} == names - {"project.xml", "metadata.xml"}
        assert metadata.findtext("Title") == song.context.title
        assert archive.read("audio/bass.wav") == (stems / "bass.wav").read_bytes()
