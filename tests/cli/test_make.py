from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from text2song.cli.main import status
from text2song.cli.make import read_recipe
from text2song.domain.composition import UnifiedComposition
from text2song.domain.serial import from_json

PROMPT = "bright pop about summer, 120 bpm, C major, 8 seconds"
FILES = ("song.wav", "premaster.wav", "song.mid", "song.musicxml", "composition.json", "report.json")


def _make(folder: Path, *arguments: str) -> Path:
    assert status(["make", *arguments, "--out", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _make(tmp_path_factory.mktemp("made") / "song", PROMPT)


def test_every_promised_file_is_there(song: Path) -> None:
    assert all((song / name).stat().st_size > 0 for name in FILES)
    report = json.loads((song / "report.json").read_bytes())
    stems = sorted(path.stem for path in (song / "stems").glob("*.wav"))
    assert stems == sorted(stem["name"] for stem in report["stems"])
    assert len(stems) >= 5
    assert not list(song.parent.glob(".*"))


def test_the_report_says_what_the_files_hold(song: Path) -> None:
    report = json.loads((song / "report.json").read_bytes())
    assert report["passed"], report["reasons"]
    assert abs(report["loudness_lufs"] + 14) <= 0.5
    assert report["true_peak_dbtp"] <= -1
    assert report["measured"]["tempo"]["error"] < 0.01
    for stem in report["stems"]:
        data = (song / "stems" / f"{stem['name']}.wav").read_bytes()
        assert hashlib.sha256(data).hexdigest() == stem["sha256"]


def test_the_stems_sum_to_the_mix_as_written(song: Path) -> None:
    mix, rate = soundfile.read(song / "premaster.wav")
    total = np.zeros_like(mix)
    for path in (song / "stems").glob("*.wav"):
        total += soundfile.read(path)[0]
    assert rate == 44_100
    assert 20 * np.log10(np.abs(total - mix).max() + 1e-12) < -90


def test_the_composition_is_readable_and_replays(song: Path, tmp_path: Path) -> None:
    text = (song / "composition.json").read_bytes()
    composition = from_json(UnifiedComposition, text)
    assert (composition.provenance.request, None) == read_recipe(song / "composition.json")
    again = _make(tmp_path / "again", "--recipe", str(song / "composition.json"))
    assert (again / "composition.json").read_bytes() == text


@pytest.mark.slow
@pytest.mark.parametrize("singer", ["female", "male"])
def test_a_sung_song_is_the_same_in_two_processes(singer: str, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("Sunlight on the water\nEverything is new\n")
    command = [sys.executable, "-m", "text2song", "make", f"pop with a {singer} singer, 100 bpm, 12 seconds"]
    for name in ("a", "b"):
        options = ["--lyrics", str(words), "--out", str(tmp_path / name)]
        subprocess.run([*command, *options], check=True, capture_output=True, timeout=900)
    for file in ("stems/vocal.wav", "song.wav", "composition.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


@pytest.mark.slow
def test_two_processes_write_the_same_bytes(song: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "text2song", "make", PROMPT, "--out", str(tmp_path / "song")]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    for path in sorted(song.rglob("*.*")):
        if path.name != "report.json":  # which holds how long it took
            assert path.read_bytes() == (tmp_path / "song" / path.relative_to(song)).read_bytes(), path.name


def test_what_was_not_understood_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _make(tmp_path / "song", "2 seconds of xyzzyq techno")
    assert "Not understood: xyzzyq, 2 seconds (a song lasts 5–600 seconds)." in capsys.readouterr().out


def test_words_that_are_not_sung_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = tmp_path / "words.txt"
    words.write_text("[Verse 1]\n" + "We are walking home tonight\n" * 3 + "[Choruss]\nOne more line for nobody\n" * 60)
    _make(tmp_path / "long", PROMPT, "--lyrics", str(words), "--duration", "10")
    told = capsys.readouterr().out
    assert "“Choruss” names no section of a song" in told
    assert re.search(r"\d+ of 63 lines fits? this song; the others are not sung\.", told)
    words.write_text("Ich gehe heute Nacht nach Hause\nUnd sehe dich nicht mehr\n")
    _make(tmp_path / "german", PROMPT, "--lyrics", str(words), "--duration", "10")
    assert "The words seem to be in German" in capsys.readouterr().out


def test_takes_of_one_prompt_differ(tmp_path: Path) -> None:
    _make(tmp_path / "two", PROMPT, "--takes", "2")
    songs = [(tmp_path / "two" / f"take-{number}" / "song.wav").read_bytes() for number in (1, 2)]
    assert songs[0] != songs[1]


def test_other_formats_hold_the_same_song(tmp_path: Path) -> None:
    made = _make(tmp_path / "song", PROMPT, "--format", "flac,mp3,ogg")
    wav = soundfile.info(made / "song.wav")
    for ending in ("flac", "mp3", "ogg"):
        assert soundfile.info(made / f"song.{ending}").duration == pytest.approx(wav.duration, abs=0.06)
    assert np.array_equal(soundfile.read(made / "song.flac")[0], soundfile.read(made / "song.wav")[0])


def test_words_are_sung(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("Sunlight on the water\nEverything is new\n")
    made = _make(tmp_path / "sung", PROMPT, "--lyrics", str(words), "--duration", "16")
    assert "Sunlight on the water" in (made / "lyrics.lrc").read_text()
    assert (made / "stems" / "vocal.wav").is_file()


def test_synthesisers_play_everything_without_a_soundfont(tmp_path: Path) -> None:
    made = _make(tmp_path / "synth", "acoustic folk with violin, 8 seconds", "--soundfont", "none")
    assert json.loads((made / "report.json").read_bytes())["passed"]


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[" * 100_000, '{"provenance": {"request": {"prompt": 5}}}'])
def test_what_is_not_a_recipe_is_refused(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = tmp_path / "recipe.json"
    recipe.write_text(text)
    assert status(["make", "--recipe", str(recipe), "--out", str(tmp_path / "song")]) == 2
    assert "composition.json" in capsys.readouterr().err
    assert not (tmp_path / "song").exists()


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    # A limit on the size of files fails every large write as a full disk does.
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
        "from text2song.cli.main import run; run(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, "make", PROMPT, "--out", str(tmp_path / "song")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode in (1, 2)
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
