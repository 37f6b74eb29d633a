"""Spoken words with the time of every sound, from espeak-ng where the voice extra is installed.

espeak-ng is under the GPL, so it is an extra (docs/licences.md): found at run time, run as a process, never needed.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from text2song.audio.voice.espeak_process import EVENT_PHONEME, EVENT_WORD
from text2song.domain.errors import UnavailableError

_VOWELS = frozenset("aeiouAEIOUV03@")
_PROGRAM = Path(__file__).with_name("espeak_process.py")
#: A line is spoken in hundredths of a second; one that takes this long never ends.
_PATIENCE_SECONDS = 20.0


class VoiceUnavailableError(UnavailableError):
    """The voice extra is not installed, or cannot speak this line."""

    slug = "voice-unavailable"


@dataclass(frozen=True, slots=True)
class Phoneme:
    """One speech sound: espeak's mnemonic, when it starts and ends (seconds), and the word it belongs to."""

    name: str
    start: float
    end: float
    #: Index among the words of the text.
    word: int

    @property
    def is_vowel(self) -> bool:
        """Whether it is the nucleus of a syllable."""
        return self.name.lstrip("',%=")[:1] in _VOWELS


@dataclass(frozen=True, slots=True)
class Speech:
    """Spoken text: mono float64 samples in −1..1 and its phonemes in order."""

    samples: NDArray[np.float64]
    sample_rate: int
    phonemes: tuple[Phoneme, ...]


def voice_installed() -> bool:
    """Whether the voice extra is there."""
    return importlib.util.find_spec("espeakng_loader") is not None and pitch_tracker_installed()


def pitch_tracker_installed() -> bool:
    """Whether the pitch of spoken sound can be tracked, which every speaking voice needs."""
    return importlib.util.find_spec("pyworld") is not None


@cache
def voice_version() -> str:
    """Return the versions of the voice extra's packages, "" where it is missing."""
    if not voice_installed():
        return ""
    return " ".join(importlib.metadata.version(name) for name in ("espeakng-loader", "pyworld"))


def speak(text: str, voice: str) -> Speech:
    """Return `text` spoken by the espeak-ng voice `voice`, such as "en-us" or "en-us+f3"; always the same samples.

    Safe from several threads. Raises `VoiceUnavailableError`.
    """
    if not voice_installed():
        raise VoiceUnavailableError("the voice extra is not installed: pip install 'text2song[voice]'")
    import espeakng_loader  # noqa: PLC0415 - a copyleft extra, imported only where it is used

    paths = [str(espeakng_loader.get_library_path()), str(espeakng_loader.get_data_path())]
    command = [sys.executable, "-I", "-S", str(_PROGRAM), *paths, voice]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            command, input=text.encode(), capture_output=True, timeout=_PATIENCE_SECONDS, check=True
        )
    except subprocess.CalledProcessError as error:
        raise VoiceUnavailableError(f"espeak-ng cannot speak with the voice “{voice}”") from error
    except subprocess.TimeoutExpired as error:
        raise VoiceUnavailableError("espeak-ng did not finish a line") from error
    header, _, sound = done.stdout.partition(b"\n")
    heard = json.loads(header)
    samples = np.frombuffer(sound, dtype=np.int16).astype(np.float64) / 32768.0
    return Speech(samples, heard["rate"], _phonemes(heard["events"], samples.size, heard["rate"]))


def _phonemes(events: list[tuple[int, int, str]], size: int, rate: int) -> tuple[Phoneme, ...]:
    marks: list[tuple[str, int, int]] = []
    word = -1
    for kind, sample, name in events:
        if kind == EVENT_WORD:
            word += 1
        elif kind == EVENT_PHONEME:
            marks.append((name, sample, word))
    ends = [sample for _, sample, _ in marks[1:]] + [size]
    found = []
    for (name, sample, owner), end in zip(marks, ends, strict=True):
        if not name.startswith("_") and name.strip("';%,=") and owner >= 0 and end > sample:
            found.append(Phoneme(name, sample / rate, end / rate, owner))
    return tuple(found)
