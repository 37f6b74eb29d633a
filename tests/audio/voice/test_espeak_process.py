import json
import subprocess
import sys
from pathlib import Path

import espeakng_loader

from text2song.audio.voice import espeak_process


def _run(voice: str, text: str) -> subprocess.CompletedProcess[bytes]:
    paths = [str(espeakng_loader.get_library_path()), str(espeakng_loader.get_data_path())]
    command = [sys.executable, "-I", "-S", str(Path(espeak_process.__file__)), *paths, voice]
    return subprocess.run(command, input=text.encode(), capture_output=True, timeout=240, check=False)


def test_it_says_when_every_sound_begins() -> None:
    header, _, samples = _run("en-us", "neon night").stdout.partition(b"\n")
    heard = json.loads(header)
    phonemes = [name for kind, _, name in heard["events"] if kind == espeak_process.EVENT_PHONEME]
    assert heard["rate"] == 22_050
    assert "n" in phonemes
    assert len(samples) > 2 * 22_050 * 0.3


def test_an_unknown_voice_has_its_own_status() -> None:
    assert _run("xx-nobody", "hello").returncode == 3
