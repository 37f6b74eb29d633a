from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from text2song.cli.main import status

PROMPT = "bright pop about summer, 120 bpm, C major, 8 seconds"


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "song"
    assert status(["make", PROMPT, "--soundfont", "none", "--out", str(folder)]) == 0
    return folder


def _edit(*arguments: object) -> int:
    return status(["edit", *map(str, arguments), "--soundfont", "none"])


def _hashes(folder: Path) -> dict[str, str]:
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "stems").glob("*.wav")}


def test_one_part_is_made_anew_and_every_other_stem_keeps_its_bytes(
    parent: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "child"
    assert _edit(parent / "composition.json", "--remake", "bass", "--out", out) == 0
    before, after = _hashes(parent), _hashes(out)
    assert {name for name in before if before[name] != after[name]} == {"bass"}
    assert "rendered: bass" in capsys.readouterr().out
    listed = {stem["name"]: stem["sha256"] for stem in json.loads((out / "report.json").read_bytes())["stems"]}
    assert listed == after


def test_a_child_is_edited_in_its_turn_and_made_again_from_its_own_file(parent: Path, tmp_path: Path) -> None:
    one, two, again = tmp_path / "one", tmp_path / "two", tmp_path / "again"
    assert _edit(parent, "--remake", "bass", "--out", one) == 0
    assert _edit(one, "--remake", "drums", "--seed", 4, "--out", two) == 0
    assert {name for name, value in _hashes(one).items() if value != _hashes(two)[name]} == {"drums"}
    recipe = ["make", "--recipe", str(two / "composition.json"), "--soundfont", "none", "--out", str(again)]
    assert status(recipe) == 0
    assert _hashes(again) == _hashes(two)
    for name in ("song.wav", "premaster.wav", "composition.json", "song.mid"):
        assert (again / name).read_bytes() == (two / name).read_bytes(), name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--remake", "tuba"], "no part or section “tuba”"),
        (["--remake", "chorus.9/bass"], "chorus.9"),
        (["--remake", "bass", "--lock", "kazoo"], "kazoo"),
        (["--remake", "bass", "--lock", "bass"], "locked"),
        ([], "nothing to change"),
        (["--set", "bpm=nan"], "30–300"),
        (["--set", "bpm"], "not name=value"),
        (["--remake", "bass", "--format", "aiff"], "aiff"),
        (["--remake", "bass", "--seed", "-3"], "seed"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    parent: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    out = tmp_path / "child"
    assert _edit(parent, *arguments, "--out", out) == 2
    said = capsys.readouterr().err.strip()
    assert words in said
    assert said.count("\n") == 0
    assert not list(tmp_path.iterdir())


def test_what_is_no_composition_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "composition.json"
    for content in ("not json", '{"context": 1}', ""):
        file.write_text(content)
        assert _edit(file, "--remake", "bass", "--out", tmp_path / "child") == 2
    assert _edit(tmp_path / "nowhere", "--remake", "bass") == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_child_never_replaces_its_parent(parent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = _hashes(parent)
    assert _edit(parent, "--remake", "bass", "--out", parent) == 2
    assert "never replaces" in capsys.readouterr().err
    assert _hashes(parent) == before
