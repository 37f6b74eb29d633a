"""Speaking programs of the system, used where they are installed: flite and festival's HTS voice, both permissive.

Each line is spoken by a process of its own, so a line sounds the same whatever was spoken before it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import soundfile

from text2song.audio.voice.speech import Phoneme, Speech, VoiceUnavailableError

_PATIENCE_SECONDS = 20.0
_SILENCE = frozenset({"pau", "h#", "#"})
#: Where Debian's `festvox-us-slt-hts` puts its voice.
_HTS = Path("/usr/share/festival/voices/us/cmu_us_slt_arctic_hts")
_SCHEME = """(voice_cmu_us_slt_arctic_hts)
(set! utt (Utterance Text "{text}"))
(utt.synth utt)
(utt.save.wave utt "{wave}" 'riff)
(utt.save.segs utt "{segments}")
"""


@cache
def flite_installed() -> bool:
    """Whether the program flite is there."""
    return shutil.which("flite") is not None


@cache
def festival_installed() -> bool:
    """Whether festival is there with its HTS voice."""
    return shutil.which("festival") is not None and _HTS.is_dir()


def flite(text: str, voice: str) -> Speech:
    """Return `text` spoken by a flite voice such as "slt" or "rms"; raises `VoiceUnavailableError`."""
    with tempfile.TemporaryDirectory() as folder:
        wave = Path(folder) / "line.wav"
        said = _run(["flite", "-voice", voice, "-psdur", "-t", text, "-o", str(wave)])
        marks = [tuple(mark.rsplit(":", 1)) for mark in said.split() if ":" in mark]
        return _speech(wave, [(name, float(end)) for name, end in marks])


def festival(text: str, voice: str) -> Speech:
    """Return `text` spoken by festival's HTS voice, the only one used, so `voice` is not looked at."""
    del voice
    with tempfile.TemporaryDirectory() as folder:
        wave, segments, script = (Path(folder) / name for name in ("line.wav", "line.segs", "line.scm"))
        plain = text.replace("\\", " ").replace('"', " ")
        script.write_text(_SCHEME.format(text=plain, wave=wave, segments=segments), encoding="utf-8")
        _run(["festival", "-b", str(script)])
        if not segments.exists():
            raise VoiceUnavailableError("festival did not speak a line")
        rows = [row.split() for row in segments.read_text(encoding="utf-8").splitlines()]
        return _speech(wave, [(row[2], float(row[0])) for row in rows if len(row) == 3])


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system, no shell
            command, capture_output=True, timeout=_PATIENCE_SECONDS, check=True, text=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise VoiceUnavailableError(f"{command[0]} cannot speak a line") from error
    return done.stdout


def _speech(wave: Path, ends: list[tuple[str, float]]) -> Speech:
    """Neither program says where words end, so the line counts as one word and its vowels are shared out."""
    try:
        samples, rate = soundfile.read(wave, dtype="float64")
    except (soundfile.SoundFileError, OSError) as error:
        raise VoiceUnavailableError("a speaking program left no sound") from error
    starts = [0.0, *(end for _, end in ends)]
    phonemes = tuple(
        Phoneme(name, start, end, 0)
        for (name, end), start in zip(ends, starts, strict=False)
        if name not in _SILENCE and end > start
    )
    return Speech(np.asarray(samples), int(rate), phonemes)
