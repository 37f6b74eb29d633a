"""Speaks one line in a process of its own: `python espeak_process.py LIBRARY DATA VOICE`, text in, sound out.

A process for each line, because espeak-ng keeps noise generators and tables in static variables that no call resets: in
a process that lives on, a line sounds otherwise after another line than alone. It also keeps a fault of the library,
and its licence, apart from the studio. Only the standard library is imported, so a start takes some 20 ms.

Output: one line of JSON, {"rate": Hz, "events": [[type, sample, name], …]}, then 16-bit mono samples.
"""

from __future__ import annotations

import ctypes
import json
import sys

_RETRIEVAL = 1
#: espeakINITIALIZE_PHONEME_EVENTS and espeakINITIALIZE_DONT_EXIT.
_OPTIONS = 1 | 0x8000
_UTF8 = 1
EVENT_WORD, EVENT_PHONEME = 1, 7


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


def speak(library_path: str, data_path: str, voice: str, text: bytes) -> tuple[int, list[tuple[int, int, str]], bytes]:
    """Return the sample rate, the events and the 16-bit samples of `text`; exits with status 3 for an unknown voice."""
    library = ctypes.CDLL(library_path)
    chunks: list[bytes] = []
    events: list[tuple[int, int, str]] = []

    def collect(wave: object, count: int, event: object) -> int:
        if count > 0 and wave:
            chunks.append(ctypes.string_at(wave, 2 * count))  # type: ignore[arg-type]
        index = 0
        while event[index].type != 0:  # type: ignore[index]
            entry = event[index]  # type: ignore[index]
            name = entry.id.string.decode("latin-1") if entry.type == EVENT_PHONEME else ""
            events.append((entry.type, entry.sample, name))
            index += 1
        return 0

    rate = int(library.espeak_Initialize(_RETRIEVAL, 0, data_path.encode(), _OPTIONS))
    if rate <= 0 or library.espeak_SetVoiceByName(voice.encode()) != 0:
        sys.exit(3)
    callback = _Callback(collect)
    library.espeak_SetSynthCallback(callback)
    status = library.espeak_Synth(text + b"\0", ctypes.c_size_t(len(text) + 1), 0, 1, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    if status != 0:
        sys.exit(4)
    return rate, events, b"".join(chunks)


def main() -> None:
    """Speak standard input to standard output."""
    library, data, voice = sys.argv[1:4]
    rate, events, samples = speak(library, data, voice, sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps({"rate": rate, "events": events}).encode() + b"\n" + samples)


if __name__ == "__main__":
    main()
