"""The process that looks into files of strangers. Run as `python -m text2song.services.decoder`.

It loads what decoding needs once and then forks for every file it is handed. The fork gives up everything before it
reads a byte: it may hold no more memory than `MEMORY_BYTES`, run no longer than `SECONDS`, and open nothing more, no
file and no connection. It writes its findings to the pipe it was handed, or dies, which says enough.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
from dataclasses import asdict
from io import BytesIO
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import Any

import numpy as np
import soundfile
from PIL import Image, UnidentifiedImageError

from text2song.evaluation.reference import Listener

#: Address space and seconds (of the processor and of the wall) of one look.
MEMORY_BYTES, SECONDS = 512 * 1024 * 1024, 10
#: What a sound may be.
RATES, CHANNELS, LONGEST_SECONDS = (8_000, 192_000), (1, 8), 900
#: Pixels of a picture's side and of its whole.
_SIDE, _PIXELS = 12_000, 40_000_000
_BLOCK_SECONDS = 5
#: Said once when everything is loaded, and after every order.
READY, TAKEN = b"R", b"T"
_NOBODY = 65534
_AUDIO = MappingProxyType({"WAV": ("WAV", "WAVEX"), "FLAC": ("FLAC",), "OGG": ("OGG",), "MP3": ("MP3",)})
_BY_NUMBERS = frozenset({"PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"})
_COMPRESSED = frozenset({"VORBIS", "OPUS", "MPEG_LAYER_III"})


class UnfitError(Exception):
    """The file is not what it should be; the sentence is for the person who sent it."""


def look(file: int, family: str, *, listen: bool) -> dict[str, Any]:
    """Return what the open file of that family holds; raises `UnfitError`.

    A sound gives its length and format, and its figures if it is listened to; a picture gives its size.
    """
    return _picture(file, family) if family not in _AUDIO else _sound(file, family, listen=listen)


def _sound(file: int, family: str, *, listen: bool) -> dict[str, Any]:
    try:
        with soundfile.SoundFile(file, closefd=False) as sound:
            _check(sound, family)
            return _heard(sound, listen=listen)
    except soundfile.SoundFileError:
        raise UnfitError("the sound cannot be decoded; the file is broken") from None


def _check(sound: soundfile.SoundFile, family: str) -> None:
    if sound.format not in _AUDIO[family] or sound.subtype not in _BY_NUMBERS | _COMPRESSED:
        raise UnfitError(f"a sound coded as {sound.format} {sound.subtype} is not taken")
    if not RATES[0] <= sound.samplerate <= RATES[1]:
        raise UnfitError(f"a sampling rate of {sound.samplerate} Hz is not taken; {RATES[0]}–{RATES[1]} Hz are")
    if not CHANNELS[0] <= sound.channels <= CHANNELS[1]:
        raise UnfitError(f"{sound.channels} channels are too many; up to {CHANNELS[1]} are taken")


def _heard(sound: soundfile.SoundFile, *, listen: bool) -> dict[str, Any]:
    rate, most = sound.samplerate, LONGEST_SECONDS * sound.samplerate
    listener = Listener(rate, min(max(sound.frames, 0), most)) if listen else None
    size = listener.block_frames if listener else _BLOCK_SECONDS * rate
    frames = 0
    while True:
        block = sound.read(size, dtype="float32", always_2d=True)
        if block.shape[0] == 0:
            break
        if not np.isfinite(block).all():
            raise UnfitError("the sound holds values that are no numbers")
        frames += block.shape[0]
        if frames > most:
            raise UnfitError(f"the sound is longer than {LONGEST_SECONDS // 60} minutes")
        if listener:
            listener.hear(block)
    if frames == 0:
        raise UnfitError("the file holds no sound")
    found: dict[str, Any] = {
        "duration_seconds": round(frames / rate, 3),
        "sample_rate": rate,
        "channels": sound.channels,
    }
    return found | {"analysis": asdict(listener.figures())} if listener else found


def _picture(file: int, family: str) -> dict[str, Any]:
    with os.fdopen(file, "rb", closefd=False) as source:
        content = BytesIO(source.read())
    try:
        with Image.open(content, formats=[family]) as picture:
            width, height = picture.size
            if not (0 < width <= _SIDE and 0 < height <= _SIDE and width * height <= _PIXELS):
                raise UnfitError(f"a picture of {width} × {height} pixels is too large")
            picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise UnfitError("the picture cannot be decoded; the file is broken") from None
    return {"width": width, "height": height}


def answer(file: int, order: dict[str, Any]) -> dict[str, Any]:
    """Return the findings, or the refusal, as they are written to the pipe."""
    try:
        told: dict[str, Any] = {"found": look(file, order["family"], listen=order["listen"])}
    except UnfitError as error:
        told = {"unfit": str(error)}
    except MemoryError:
        told = {"unfit": "the file takes too much memory to decode"}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return told | {"peak_bytes": peak * (1 if sys.platform == "darwin" else 1024)}


def give_up_everything(keep: tuple[int, ...]) -> None:
    """Bind this process for good: memory, time, no new file, connection or process, no other open file."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(SECONDS)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    last = 3
    for number in sorted(keep):
        os.closerange(last, number)
        last = number + 1
    os.closerange(last, 1024)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (value, value))


def serve(orders: socket.socket) -> None:
    """Fork for every order until the other end is closed: two descriptors, the file and the pipe, and what to do."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, descriptors, _, _ = socket.recv_fds(orders, 4096, 2)
        if not message:
            return
        file, pipe = descriptors
        if os.fork() == 0:
            _work(file, pipe, json.loads(message))
        os.close(file)
        os.close(pipe)
        orders.sendall(TAKEN)


def _work(file: int, pipe: int, order: dict[str, Any]) -> None:
    """Look, tell and end: a fork never comes back."""
    status = 1
    try:
        give_up_everything((file, pipe))
        os.write(pipe, json.dumps(answer(file, order)).encode())
        status = 0
    finally:
        os._exit(status)


def warm_up() -> None:
    """Load whatever is loaded at first use, for a fork can open no file."""
    tone = 0.5 * np.sin(np.arange(3 * 44_100) * 0.05).astype(np.float32)
    for kind, subtype in (("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")):
        with TemporaryFile() as file:
            soundfile.write(file, tone, 44_100, format=kind, subtype=subtype)
            file.seek(0)
            answer(file.fileno(), {"family": kind, "listen": True})
    for kind in ("PNG", "JPEG", "WEBP"):
        with TemporaryFile() as file:
            Image.new("RGB", (8, 8)).save(file, kind)
            file.seek(0)
            answer(file.fileno(), {"family": kind, "listen": False})


def main() -> None:
    """Serve the socket that is standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up()
    with socket.socket(fileno=os.dup(0)) as orders:
        orders.sendall(READY)
        serve(orders)


if __name__ == "__main__":
    main()
