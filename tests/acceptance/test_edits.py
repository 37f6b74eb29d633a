"""Edits of the bass in many styles: every other file of a stem stays, and the child is what a full rendering gives."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from text2song.compose.edits.apply import edited
from text2song.compose.edits.targets import notes_in
from text2song.domain.composition import UnifiedComposition
from text2song.domain.edits import Edit
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest
from text2song.providers.composer import ComposerProvider
from text2song.services.makers import build_router

#: Synthesised, plucked and recorded basses, ducked and not.
STYLES = (
    "synthwave",
    "deep house",
    "acid techno",
    "drum and bass",
    "trap",
    "funk with slap bass",
    "reggae",
    "jazz with upright bass",
    "heavy metal",
    "bossa nova",
    "folk",
    "dubstep",
)
_SECONDS = 12.0


@pytest.fixture(scope="module")
def maker() -> ComposerProvider:
    found = build_router().named("composer")
    assert isinstance(found, ComposerProvider)
    return found


def _hashes(folder: Path, pattern: str) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob(pattern)}


def _with_bass(song: UnifiedComposition) -> str:
    bass = song.part("bass")
    return next(section.name for section in reversed(song.sections) if notes_in(song, bass, section.name))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("style", STYLES)
def test_a_new_bass_in_one_section_changes_nothing_else(
    maker: ComposerProvider, tmp_path: Path, style: str, seed: int
) -> None:
    folders = [tmp_path / name for name in ("parent", "quick", "full")]
    for folder in folders:
        folder.mkdir()
    request = CompositionRequest(style, seed=seed, duration_seconds=_SECONDS, vocals=False, candidate=0)
    parent = maker.make(request, folders[0], silent)
    child = edited(parent.composition, Edit(remake=(f"{_with_bass(parent.composition)}/bass",)))
    quick = maker.remake(child, folders[1], silent, parent.folder)
    maker.remake(child, folders[2], silent)
    before, after = _hashes(folders[0], "stems/*.wav"), _hashes(folders[1], "stems/*.wav")
    assert set(quick.kept) == {stem.name for stem in parent.report.stems} - {"bass"}
    assert {name for name in before if before[name] != after.get(name)} == {"bass.wav"}
    assert after == _hashes(folders[2], "stems/*.wav")
    for name in ("song.wav", "premaster.wav", "composition.json", "song.mid"):
        assert (folders[1] / name).read_bytes() == (folders[2] / name).read_bytes(), name
