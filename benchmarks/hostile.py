"""Files that no honest program writes: broken, lying, bloated or something else under a sound's name."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import soundfile
from PIL import Image

RATE = 22_050
_SECONDS = 0.4
_INTERESTING = (0x00, 0x01, 0x7F, 0x80, 0xFF)
_LONG = (0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
#: Ten hours of silence compress to almost nothing.
_BOMB_SECONDS = 36_000


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file, what kind of trouble it is, and whether it must be refused."""

    trouble: str
    content: bytes
    refused: bool | None = None


def hostile_files(count: int, seed: int = 1) -> Iterator[Hostile]:
    """Yield so many files, the same ones for a seed: every fixed case once, then mutations of honest files."""
    fixed = fixed_cases()
    yield from fixed[:count]
    dice = random.Random(seed)  # noqa: S311 - a fuzzer, not a secret
    originals = honest_files()
    names = sorted(originals)
    for _ in range(count - len(fixed)):
        name = dice.choice(names)
        yield Hostile(f"mutated {name}", _mutated(originals[name], dice))


def honest_files() -> dict[str, bytes]:
    """Return short sounds in every format that is taken, and pictures."""
    times = np.arange(int(_SECONDS * RATE)) / RATE
    tone = (0.4 * np.sin(2 * np.pi * 330 * times)).astype(np.float32)
    stereo = np.stack([tone, 0.5 * tone], axis=1)
    found = {}
    for kind, subtypes in (
        ("WAV", ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW")),
        ("FLAC", ("PCM_16", "PCM_24")),
        ("OGG", ("VORBIS",)),
        ("MP3", ("MPEG_LAYER_III",)),
    ):
        for subtype in subtypes:
            buffer = io.BytesIO()
            soundfile.write(buffer, stereo, RATE, format=kind, subtype=subtype)
            found[f"{kind} {subtype}"] = buffer.getvalue()
    opus = io.BytesIO()
    soundfile.write(opus, np.repeat(stereo, 2, axis=0), 48_000, format="OGG", subtype="OPUS")
    found["OGG OPUS"] = opus.getvalue()
    for kind in ("PNG", "JPEG", "WEBP"):
        buffer = io.BytesIO()
        Image.radial_gradient("L").resize((64, 48)).save(buffer, kind)
        found[kind] = buffer.getvalue()
    return found


def wav(
    *, coding: int = 1, channels: int = 2, rate: int = 44_100, bits: int = 16, data: bytes = bytes(64), **sizes: int
) -> bytes:
    """Return a WAV file with the header fields as given, true or not; `riff`, `fmt` and `length` replace sizes."""
    align = max(1, channels * bits // 8)
    form = struct.pack("<HHLLHH", coding, channels, rate, (rate * align) & 0xFFFFFFFF, align & 0xFFFF, bits)
    head = struct.pack("<4sL", b"fmt ", sizes.get("fmt", len(form))) + form
    body = b"WAVE" + head + struct.pack("<4sL", b"data", sizes.get("length", len(data))) + data
    return struct.pack("<4sL", b"RIFF", sizes.get("riff", len(body))) + body


def fixed_cases() -> tuple[Hostile, ...]:
    """Return the cases that have names; those that must be refused say so."""
    return tuple(
        Hostile(trouble, content, refused=True)
        for group in (_lying_wavs, _strangers, _bombs, _polyglots)
        for trouble, content in group()
    )


def _lying_wavs() -> Iterator[tuple[str, bytes]]:
    for number in range(40):
        # Headers alone, 56 bytes: what crashed small decoders.
        yield f"56 bytes, {number}", wav(data=bytes(12), coding=number + 16, fmt=16 + number)[:56]
    yield "0 Hz", wav(rate=0)
    yield "1 Hz", wav(rate=1)
    yield "4 GHz", wav(rate=0xFFFFFFFF)
    yield "no channels", wav(channels=0)
    yield "1,024 channels", wav(channels=1024, data=bytes(1024 * 2 * 8))
    yield "65,535 channels", wav(channels=65_535)
    yield "no bits", wav(bits=0)
    yield "65,535 bits", wav(bits=65_535)
    yield "no samples", wav(data=b"")
    yield "no fmt chunk", b"RIFF\x24\x00\x00\x00WAVEdata" + bytes(32)
    yield "endless fmt chunk", wav(fmt=0xFFFFFFFF)
    yield "chunk sizes of 4 GiB", b"RIFF\xff\xff\xff\xffWAVE" + (b"junk" + b"\xff" * 4) * 50
    for name, value in (("NaN", np.nan), ("infinity", np.inf), ("minus infinity", -np.inf)):
        yield name, wav(coding=3, bits=32, data=np.full(2048, value, np.float32).tobytes())
    for coding in (2, 0x11, 0x31, 0x55, 0x50, 0x161, 0xFF, 0xFFFF):
        yield f"coding {coding:#x}", wav(coding=coding, data=bytes(4096))


def _strangers() -> Iterator[tuple[str, bytes]]:
    yield "nothing", b""
    yield "one byte", b"R"
    yield "text", b"this is a song, honestly\n" * 20
    yield "HLS playlist", b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
    yield "ffmpeg concat", b"ffconcat version 1.0\nfile '/etc/passwd'\n"
    yield "PLS playlist", b"[playlist]\nFile1=http://127.0.0.1:9/x\n"
    yield "XSPF playlist", b'<?xml version="1.0"?>\n<playlist xmlns="http://xspf.org/ns/0/"/>'
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    yield "HTML", b"<!doctype html><script>alert(1)</script>"
    yield "PDF", b"%PDF-1.7\n"
    yield "ELF", b"\x7fELF" + bytes(60)
    yield "script", b"#!/bin/sh\nrm -rf /\n"
    yield "pickle", b"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94."
    yield "AVI", b"RIFF\x00\x10\x00\x00AVI LIST" + bytes(200)
    yield "AIFF", b"FORM\x00\x00\x10\x00AIFF" + bytes(200)
    yield "MP4", b"\x00\x00\x00\x20ftypisom" + bytes(200)
    yield "MIDI", b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x01\xe0"
    yield "random", random.Random(7).randbytes(4096)  # noqa: S311 - a fuzzer, not a secret
    yield "zeros", bytes(4096)
    yield "ID3 and text", b"ID3\x03\x00\x00\x00\x00\x00\x0a" + bytes(10) + b"file '/etc/passwd'\n" * 40


def _bombs() -> Iterator[tuple[str, bytes]]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros", bytes(20_000_000))
    yield "ZIP bomb", archive.getvalue()
    yield "gzip bomb", b"\x1f\x8b\x08" + bytes(7) + zlib.compress(bytes(20_000_000))[2:]
    silence = io.BytesIO()
    with soundfile.SoundFile(silence, "w", 8000, 1, format="FLAC", subtype="PCM_16") as file:
        for _ in range(_BOMB_SECONDS // 600):
            file.write(np.zeros(600 * 8000, np.int16))
    yield "ten hours of silence, FLAC", silence.getvalue()
    yield "PNG bomb", _png(50_000, 50_000)
    yield "PNG of no size", _png(0, 0)


def _png(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")


def _polyglots() -> Iterator[tuple[str, bytes]]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("run.sh", "#!/bin/sh\n")
    for name, honest in honest_files().items():
        yield f"{name} and ZIP", honest + archive.getvalue()
    yield "WAV and PDF", wav(data=b"%PDF-1.7\n" + bytes(55))
    yield "WAV and HTML", wav(data=b"<script>alert(1)</script>" + bytes(39))


def _mutated(original: bytes, dice: random.Random) -> bytes:
    content = bytearray(original)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        dice.choice(_MUTATIONS)(content, dice)
    return bytes(content)


def _flip(content: bytearray, dice: random.Random) -> None:
    if content:
        content[_place(content, dice)] ^= 1 << dice.randrange(8)


def _byte(content: bytearray, dice: random.Random) -> None:
    if content:
        content[_place(content, dice)] = dice.choice(_INTERESTING)


def _number(content: bytearray, dice: random.Random) -> None:
    at = _place(content, dice)
    content[at : at + 4] = struct.pack(dice.choice(("<L", ">L")), dice.choice(_LONG))


def _cut(content: bytearray, dice: random.Random) -> None:
    del content[dice.randrange(len(content) + 1) :]


def _remove(content: bytearray, dice: random.Random) -> None:
    at = _place(content, dice)
    del content[at : at + dice.randrange(1, 64)]


def _insert(content: bytearray, dice: random.Random) -> None:
    at = _place(content, dice)
    content[at:at] = dice.randbytes(dice.randrange(1, 64))


def _repeat(content: bytearray, dice: random.Random) -> None:
    at = _place(content, dice)
    content[at:at] = bytes(content[at : at + dice.randrange(1, 512)])


def _noise(content: bytearray, dice: random.Random) -> None:
    at = _place(content, dice)
    length = dice.randrange(1, 256)
    content[at : at + length] = dice.randbytes(length)


def _place(content: Sequence[int], dice: random.Random) -> int:
    """Headers are where decoders break: half of all changes happen in the first hundred bytes."""
    most = max(1, len(content))
    return dice.randrange(min(100, most)) if dice.random() < 0.5 else dice.randrange(most)


_MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _byte,
    _number,
    _cut,
    _remove,
    _insert,
    _repeat,
    _noise,
)
