"""Spoken words with the time of every sound, from espeak-ng where the voice extra is installed.

espeak-ng is under the GPL, so it is an extra (docs/licences.md): found at run time, never needed.
"""

from __future__ import annotations

import _ctypes
import ctypes
import importlib.util
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from text2song.domain.errors import UnavailableError

_RETRIEVAL = 1
_PHONEME_EVENTS_NO_EXIT = 1 | 0x8000
_EVENT_WORD, _EVENT_PHONEME = 1, 7
_VOWELS = frozenset("aeiouAEIOUV03@")


class VoiceUnavailableError(UnavailableError):
    """The voice extra is not installed, or cannot speak this language."""

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


class _Identity(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Identity),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


def voice_installed() -> bool:
    """Whether the voice extra is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("espeakng_loader", "pyworld"))


@cache
def speaker() -> Speaker:
    """Return this process's speaker: espeak-ng keeps its state in globals, so there is one.

    Raises `VoiceUnavailableError`.
    """
    return Speaker()


class Speaker:
    """Speaks lines one at a time, from whichever thread asks; the same line always sounds the same."""

    def __init__(self) -> None:
        if not voice_installed():
            raise VoiceUnavailableError("the voice extra is not installed: pip install 'text2song[voice]'")
        import espeakng_loader  # noqa: PLC0415 - a copyleft extra, imported only where it is used

        self._library_path = str(espeakng_loader.get_library_path())
        self._data_path = str(espeakng_loader.get_data_path()).encode()
        self._lock = threading.Lock()

    def speak(self, text: str, voice: str) -> Speech:
        """Return `text` spoken by the espeak-ng voice `voice`, such as "en-us" or "en-us+f3"."""
        with self._lock, self._fresh_library() as library:
            rate = int(library.espeak_Initialize(_RETRIEVAL, 0, self._data_path, _PHONEME_EVENTS_NO_EXIT))
            if rate <= 0:
                raise VoiceUnavailableError("espeak-ng could not be started")
            if library.espeak_SetVoiceByName(voice.encode()) != 0:
                raise VoiceUnavailableError(f"espeak-ng has no voice “{voice}”")
            return _speak(library, rate, text)

    @contextmanager
    def _fresh_library(self) -> Iterator[ctypes.CDLL]:
        """Load the library for one line and unload it again.

        Its noise generators live in static variables that no call resets: a line would sound otherwise after another
        line than alone, and the same recipe would give other samples in a warm process. Loading takes 5 ms.
        """
        library = ctypes.CDLL(self._library_path)
        # Breathy voices draw their breath from the C library's generator, which unloading does not reset.
        ctypes.CDLL(None).srand(1)
        try:
            yield library
        finally:
            # Also after an error: unloading a library that still holds its voice hangs the next load.
            library.espeak_Terminate()
            _ctypes.dlclose(library._handle)  # noqa: SLF001 - ctypes offers no public way to unload


def _speak(library: ctypes.CDLL, rate: int, text: str) -> Speech:
    chunks: list[bytes] = []
    events: list[tuple[int, int, str]] = []
    callback = _Callback(_collector(chunks, events))
    library.espeak_SetSynthCallback(callback)
    data = text.encode() + b"\0"
    # position 0, by character, no end, UTF-8 text.
    status = library.espeak_Synth(data, ctypes.c_size_t(len(data)), 0, 1, 0, 1, None, None)
    library.espeak_Synchronize()
    if status != 0:
        raise VoiceUnavailableError("espeak-ng could not speak the line")
    samples = np.frombuffer(b"".join(chunks), dtype=np.int16).astype(np.float64) / 32768.0
    return Speech(samples, rate, _phonemes(events, samples.size, rate))


def _collector(chunks: list[bytes], events: list[tuple[int, int, str]]) -> Callable[..., int]:
    def collect(wave: object, count: int, event: object) -> int:
        if count > 0 and wave:
            chunks.append(ctypes.string_at(wave, 2 * count))  # type: ignore[arg-type]
        index = 0
        while event[index].type != 0:  # type: ignore[index]
            entry = event[index]  # type: ignore[index]
            name = entry.id.string.decode("latin-1") if entry.type == _EVENT_PHONEME else ""
            events.append((entry.type, entry.sample, name))
            index += 1
        return 0

    return collect


def _phonemes(events: list[tuple[int, int, str]], size: int, rate: int) -> tuple[Phoneme, ...]:
    marks: list[tuple[str, int, int]] = []
    word = -1
    for kind, sample, name in events:
        if kind == _EVENT_WORD:
            word += 1
        elif kind == _EVENT_PHONEME:
            marks.append((name, sample, word))
    ends = [sample for _, sample, _ in marks[1:]] + [size]
    found = []
    for (name, sample, owner), end in zip(marks, ends, strict=True):
        if not name.startswith("_") and name.strip("';%,=") and owner >= 0:
            found.append(Phoneme(name, sample / rate, end / rate, owner))
    return tuple(found)
