from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest
import soundfile

from text2song.audio.orchestra import Orchestra
from text2song.compose.edits.apply import edited
from text2song.domain.composition import UnifiedComposition
from text2song.domain.edits import Edit
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest
from text2song.providers.base import MadeSong
from text2song.providers.composer import ComposerProvider
from text2song.providers.keeping import KnownFiles, StemFolder

#: Ducked, so that the drums matter to others; and a song with reverberation, echo and swing.
PROMPTS = ("house, 124 bpm, F minor, 10 seconds", "slow jazz with piano and double bass, 12 seconds")


@pytest.fixture(scope="module")
def maker() -> ComposerProvider:
    return ComposerProvider(Orchestra())


@pytest.fixture(scope="module", params=PROMPTS)
def parent(
    request: pytest.FixtureRequest, maker: ComposerProvider, tmp_path_factory: pytest.TempPathFactory
) -> MadeSong:
    asked = CompositionRequest(request.param, vocals=False)
    return maker.make(asked, tmp_path_factory.mktemp("parent"), silent)


def _child(parent: MadeSong, *targets: str) -> UnifiedComposition:
    return edited(parent.composition, Edit(remake=targets))


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "stems").glob("*.wav")}


@pytest.mark.parametrize("part", ["bass", "drums", "chords"])
def test_every_stem_but_the_edited_one_is_the_same_file(
    parent: MadeSong, maker: ComposerProvider, tmp_path: Path, part: str
) -> None:
    if part not in {stem.name for stem in parent.report.stems}:
        pytest.skip(f"this song has no {part}")
    child = maker.remake(_child(parent, part), tmp_path, silent, parent.folder)
    before, after = _bytes(parent.folder), _bytes(tmp_path)
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} == {f"{part}.wav"}
    assert set(child.kept) == {stem.name for stem in parent.report.stems} - {part}
    hashes = {stem.name: stem.sha256 for stem in parent.report.stems}
    assert {stem.name for stem in child.report.stems if stem.sha256 != hashes[stem.name]} == {part}


def test_kept_stems_give_the_files_that_a_full_render_gives(
    parent: MadeSong, maker: ComposerProvider, tmp_path: Path
) -> None:
    score = _child(parent, "bass")
    quick, full = tmp_path / "quick", tmp_path / "full"
    for folder in (quick, full):
        folder.mkdir()
    child, whole = maker.remake(score, quick, silent, parent.folder), maker.remake(score, full, silent)
    assert child.kept
    assert not whole.kept
    # Nor is anything else measured on them.
    assert replace(child.report, seconds={}, realtime_factor=1.0) == replace(
        whole.report, seconds={}, realtime_factor=1.0
    )
    for name in ("song.wav", "premaster.wav", "composition.json", "song.mid", "song.musicxml"):
        assert (quick / name).read_bytes() == (full / name).read_bytes(), name
    assert _bytes(quick) == _bytes(full)


def test_missing_and_broken_stems_are_made_again(parent: MadeSong, maker: ComposerProvider, tmp_path: Path) -> None:
    score = _child(parent, "bass")
    damaged = tmp_path / "damaged"
    (damaged / "stems").mkdir(parents=True)
    (damaged / "report.json").write_bytes((parent.folder / "report.json").read_bytes())
    for name, content in _bytes(parent.folder).items():
        (damaged / "stems" / name).write_bytes(content)
    (damaged / "stems" / "chords.wav").unlink()
    broken = bytearray((damaged / "stems" / "lead.wav").read_bytes())
    broken[len(broken) // 2] ^= 1
    (damaged / "stems" / "lead.wav").write_bytes(broken)
    out = tmp_path / "out"
    out.mkdir()
    child = maker.remake(score, out, silent, damaged)
    assert {stem.name for stem in child.report.stems} - set(child.kept) == {"bass", "chords", "lead"}
    before, after = _bytes(parent.folder), _bytes(out)
    assert {name for name in before if before[name] != after[name]} == {"bass.wav"}


def test_a_folder_that_is_no_songs_keeps_nothing(tmp_path: Path) -> None:
    assert StemFolder(None).find("bass", "00") is None
    assert StemFolder(tmp_path).find("bass", "00") is None
    (tmp_path / "report.json").write_text('{"stems": 3}')
    assert StemFolder(tmp_path).find("bass", "00") is None


def test_a_stem_is_found_as_it_was_rendered(parent: MadeSong) -> None:
    figure = parent.report.stems[0]
    found = StemFolder(parent.folder).find(figure.name, figure.address)
    assert found is not None
    data, _ = soundfile.read(parent.folder / "stems" / f"{figure.name}.wav", dtype="float32")
    assert np.array_equal(found.audio(), data)
    assert StemFolder(parent.folder).find(figure.name, "another") is None


def test_hashes_are_known_until_a_file_changes(tmp_path: Path) -> None:
    path, other = tmp_path / "bass.wav", tmp_path / "other.wav"
    path.write_bytes(b"low")
    known = KnownFiles(most=2)
    assert known.sha256(path) == sha256(b"low").hexdigest()
    known.note(path, "noted")
    assert known.sha256(path) == "noted"
    # Another name of the same file is that file; a copy is not.
    other.hardlink_to(path)
    assert known.sha256(other) == "noted"
    copyfile(path, tmp_path / "copy.wav")
    assert known.sha256(tmp_path / "copy.wav") == sha256(b"low").hexdigest()
    before = path.stat()
    path.write_bytes(b"LOW")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert known.sha256(path) == sha256(b"LOW").hexdigest()
    (tmp_path / "third.wav").write_bytes(b"3")
    known.note(tmp_path / "third.wav", "third")
    known.note(tmp_path / "copy.wav", "copy")
    # Only so many are remembered.
    assert known.sha256(path) == sha256(b"LOW").hexdigest()
    with pytest.raises(FileNotFoundError):
        known.sha256(tmp_path / "gone.wav")


def test_a_stem_that_changed_since_it_was_written_is_made_again(
    parent: MadeSong, maker: ComposerProvider, tmp_path: Path
) -> None:
    song = tmp_path / "song"
    song.mkdir()
    made = maker.remake(parent.composition, song, silent)
    path = song / "stems" / "lead.wav"
    content = path.read_bytes()
    path.write_bytes(content[:-3] + bytes((content[-3] ^ 1, *content[-2:])))
    out = tmp_path / "out"
    out.mkdir()
    child = maker.remake(_child(made, "bass"), out, silent, song)
    assert {stem.name for stem in child.report.stems} - set(child.kept) == {"bass", "lead"}
    assert (out / "stems" / "lead.wav").read_bytes() == content
