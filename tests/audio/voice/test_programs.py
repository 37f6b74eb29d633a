import stat
from pathlib import Path

import numpy as np
import pytest
import soundfile

from text2song.audio.voice.programs import festival, flite
from text2song.audio.voice.speech import VoiceUnavailableError


def _program(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a stand-in for a speaking program on the path."""
    file = folder / name
    file.write_text("#!/bin/sh\n" + script, encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.fixture
def wave(tmp_path: Path) -> Path:
    path = tmp_path / "said.wav"
    soundfile.write(path, np.sin(np.arange(16_000) * 0.06) * 0.5, 16_000, subtype="PCM_16")
    return path


def test_flite_tells_its_sounds_and_their_times(tmp_path: Path, wave: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = f'echo "pau:0.100 hh:0.200 ay:0.700 pau:1.000"\nfor last; do :; done\ncp {wave} "$last"\n'
    _program(tmp_path, "flite", said, monkeypatch)
    speech = flite("hi", "slt")
    assert [(phoneme.name, phoneme.start, phoneme.end) for phoneme in speech.phonemes] == [
        ("hh", 0.1, 0.2),
        ("ay", 0.2, 0.7),
    ]
    assert (speech.sample_rate, speech.samples.size) == (16_000, 16_000)
    assert speech.phonemes[1].is_vowel


def test_festival_gets_a_script_that_no_lyric_can_break(
    tmp_path: Path, wave: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = (
        f'cp "$2" {tmp_path}/seen.scm\nfolder=$(dirname "$2")\ncp {wave} "$folder/line.wav"\n'
        'printf "#\\n0.3 100 pau\\n0.9 100 aa\\n" > "$folder/line.segs"\n'
    )
    _program(tmp_path, "festival", said, monkeypatch)
    speech = festival('say "what" \\ (exit)', "slt")
    assert [(phoneme.name, phoneme.start) for phoneme in speech.phonemes] == [("aa", 0.3)]
    assert '(Utterance Text "say  what    (exit)")' in (tmp_path / "seen.scm").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", ["exit 3\n", "exit 0\n"])
def test_a_program_that_fails_is_an_unavailable_voice(
    tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path, "flite", script, monkeypatch)
    _program(tmp_path, "festival", script, monkeypatch)
    for speaks in (flite, festival):
        with pytest.raises(VoiceUnavailableError):
            speaks("hi", "slt")
