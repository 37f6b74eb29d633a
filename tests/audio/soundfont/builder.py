"""Writes tiny SoundFonts for the tests, byte by byte as the specification lays them out."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

from text2song.audio.soundfont.font import SoundFont
from text2song.domain.instruments import InstrumentInfo

INSTRUMENT, SAMPLE = 41, 53
RATE = 44_100


class Zone(NamedTuple):
    """Generators as (number, amount) and modulators as (source, target, amount, amount source, transform)."""

    generators: tuple[tuple[int, int], ...] = ()
    modulators: tuple[tuple[int, int, int, int, int], ...] = ()


class Head(NamedTuple):
    """An instrument (bank and program unused) or a preset."""

    zones: Sequence[Zone]
    bank: int = 0
    program: int = 0


@dataclass(frozen=True)
class Sample:
    """Sample frames in −1..1; a loop in frames from its start."""

    frames: NDArray[np.float64]
    root: int = 60
    loop: tuple[int, int] = (0, 0)
    rate: int = RATE
    correction: int = 0
    kind: int = 1


def sine(hertz: float, seconds: float, rate: int = RATE) -> NDArray[np.float64]:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def tone(cycles: int = 200, period: int = 100) -> Sample:
    """A looped sine of 441 Hz whose pitch is that of `root` 60 by decree."""
    frames = 0.5 * np.sin(2 * np.pi * np.arange(cycles * period) / period)
    return Sample(frames, loop=(period, (cycles - 1) * period))


def simple(*zones: Zone, samples: Sequence[Sample] = (), compressed: bool = False) -> bytes:
    """A font with one preset whose one instrument has these zones."""
    return build(samples or (tone(),), [Head(zones)], [Head([Zone(((INSTRUMENT, 0),))])], compressed=compressed)


def build(
    samples: Sequence[Sample], instruments: Sequence[Head], presets: Sequence[Head], *, compressed: bool = False
) -> bytes:
    data, headers = _samples(samples, compressed=compressed)
    preset_tables = _tables(presets, "phdr pbag pmod pgen", preset=True)
    instrument_tables = _tables(instruments, "inst ibag imod igen", preset=False)
    pdta = b"pdta" + preset_tables + instrument_tables + _chunk("shdr", headers)
    info = b"INFO" + _chunk("ifil", struct.pack("<HH", 3 if compressed else 2, 4)) + _chunk("INAM", b"tiny")
    body = b"sfbk" + _chunk("LIST", info) + _chunk("LIST", b"sdta" + _chunk("smpl", data)) + _chunk("LIST", pdta)
    return _chunk("RIFF", body)


def _samples(samples: Sequence[Sample], *, compressed: bool) -> tuple[bytes, bytes]:
    data, headers = b"", b""
    for sample in samples:
        start, origin = (len(data), 0) if compressed else (len(data) // 2, len(data) // 2)
        data += _vorbis(sample) if compressed else _pcm(sample)
        end = len(data) if compressed else start + len(sample.frames)
        loop_start, loop_end = origin + sample.loop[0], origin + sample.loop[1]
        kind = sample.kind | (0x10 if compressed else 0)
        fields = (start, end, loop_start, loop_end, sample.rate, sample.root, sample.correction, 0, kind)
        headers += struct.pack("<20sIIIIIBbHH", b"sample", *fields)
    return data, headers + struct.pack("<20sIIIIIBbHH", b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0)


def _pcm(sample: Sample) -> bytes:
    frames = np.round(sample.frames * 32767).astype("<i2")
    # The specification wants 46 zeros after each sample.
    return frames.tobytes() + bytes(92)


def _vorbis(sample: Sample) -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, sample.frames, sample.rate, format="OGG", subtype="VORBIS")
    return stream.getvalue()


def _tables(heads: Sequence[Head], names: str, *, preset: bool) -> bytes:
    rows = b""
    bags: list[tuple[int, int]] = []
    modulators: list[tuple[int, ...]] = []
    generators: list[tuple[int, int]] = []
    for head in [*heads, Head([])]:
        place = (head.program, head.bank, len(bags), 0, 0, 0)
        rows += struct.pack("<20sHHHIII", b"head", *place) if preset else struct.pack("<20sH", b"head", len(bags))
        for zone in head.zones:
            bags.append((len(generators), len(modulators)))
            generators += [(number, amount & 0xFFFF) for number, amount in zone.generators]
            modulators += [
                (source, target, amount & 0xFFFF, *rest) for source, target, amount, *rest in zone.modulators
            ]
    bags.append((len(generators), len(modulators)))
    packed = (
        rows,
        b"".join(struct.pack("<HH", *bag) for bag in bags),
        b"".join(struct.pack("<5H", *row) for row in [*modulators, (0,) * 5]),
        b"".join(struct.pack("<HH", *row) for row in [*generators, (0, 0)]),
    )
    return b"".join(_chunk(name, table) for name, table in zip(names.split(), packed, strict=True))


def _chunk(name: str, body: bytes) -> bytes:
    return name.encode() + struct.pack("<I", len(body)) + body + bytes(len(body) & 1)


def info(*, percussion: bool = False, program: int = 0) -> InstrumentInfo:
    return InstrumentInfo(
        "test", "test", "keys", program, percussion, 0, 127, sustained=True, electronic=False, aliases=()
    )


def font(folder: Path, data: bytes, name: str = "tiny.sf2") -> SoundFont:
    path = folder / name
    path.write_bytes(data)
    return SoundFont(path)
