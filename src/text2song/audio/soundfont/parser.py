"""The "hydra" of a SoundFont: its nine tables as numpy records, checked once so that nothing later can point astray.

Source: SoundFont Technical Specification 2.04, section 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from text2song.audio.soundfont.generators import INSTRUMENT, SAMPLE
from text2song.audio.soundfont.riff import Bytes, Chunk, CorruptSoundFontError, chunks_of

#: An array of one of the record types below.
Records = NDArray[np.void]

_PRESET = np.dtype(
    [
        ("name", "S20"),
        ("program", "<u2"),
        ("bank", "<u2"),
        ("zone", "<u2"),
        ("library", "<u4"),
        ("genre", "<u4"),
        ("morphology", "<u4"),
    ]
)
_BAG = np.dtype([("generator", "<u2"), ("modulator", "<u2")])
_MODULATOR = np.dtype(
    [("source", "<u2"), ("target", "<u2"), ("amount", "<i2"), ("amount_source", "<u2"), ("transform", "<u2")]
)
_GENERATOR = np.dtype([("operator", "<u2"), ("amount", "<i2")])
_INSTRUMENT = np.dtype([("name", "S20"), ("zone", "<u2")])
_SAMPLE = np.dtype(
    [
        ("name", "S20"),
        ("start", "<u4"),
        ("end", "<u4"),
        ("loop_start", "<u4"),
        ("loop_end", "<u4"),
        ("rate", "<u4"),
        ("pitch", "u1"),
        ("correction", "i1"),
        ("link", "<u2"),
        ("kind", "<u2"),
    ]
)


@dataclass(frozen=True, slots=True)
class ZoneTables:
    """The tables that presets and instruments share in shape: heads, zones, their generators and modulators.

    Each head's zones are `zone[i]` to `zone[i + 1]`, each zone's generators likewise; the last record is a terminator.
    """

    heads: Records
    bags: Records
    modulators: Records
    generators: Records


@dataclass(frozen=True, slots=True)
class Hydra:
    """All tables of a font, with where its sample data lies in the file."""

    presets: ZoneTables
    instruments: ZoneTables
    #: Sample headers without the terminator.
    samples: Records
    #: 16-bit sample data, or Ogg Vorbis streams in an SF3.
    data: Chunk
    #: The low bytes of 24-bit samples, where the font has them.
    low_bytes: Chunk | None


def read_hydra(file: Bytes) -> Hydra:
    """Read and check every table; raises `CorruptSoundFontError`."""
    chunks = chunks_of(file)
    presets = _zones(file, chunks, "phdr pbag pmod pgen", _PRESET)
    instruments = _zones(file, chunks, "inst ibag imod igen", _INSTRUMENT)
    samples = _table(file, chunks, "shdr", _SAMPLE)[:-1]
    _check_targets(presets.generators, INSTRUMENT, len(instruments.heads) - 1, "instrument")
    _check_targets(instruments.generators, SAMPLE, len(samples), "sample")
    data = chunks.get("smpl", Chunk("smpl", 0, 0))
    low = chunks.get("sm24")
    if low is not None and low.end - low.start < (data.end - data.start) // 2:
        # The specification asks readers to ignore a 24-bit chunk of the wrong size.
        low = None
    return Hydra(presets, instruments, samples, data, low)


def _zones(file: Bytes, chunks: dict[str, Chunk], names: str, head: np.dtype[Any]) -> ZoneTables:
    kinds = (head, _BAG, _MODULATOR, _GENERATOR)
    heads, bags, modulators, generators = (
        _table(file, chunks, name, kind) for name, kind in zip(names.split(), kinds, strict=True)
    )
    _check_indices(heads["zone"], len(bags), "zones")
    _check_indices(bags["generator"], len(generators), "generators")
    _check_indices(bags["modulator"], len(modulators), "modulators")
    return ZoneTables(heads, bags, modulators, generators)


def _table(file: Bytes, chunks: dict[str, Chunk], name: str, kind: np.dtype[Any]) -> Records:
    chunk = chunks.get(name)
    if chunk is None:
        raise CorruptSoundFontError(f"the SoundFont has no “{name}” table")
    size = chunk.end - chunk.start
    if size < kind.itemsize or size % kind.itemsize:
        raise CorruptSoundFontError(f"the SoundFont's “{name}” table is not a whole number of records")
    # A copy, so that the tables live on when the file is replaced.
    return np.frombuffer(file[chunk.start : chunk.end].tobytes(), dtype=kind)


def _check_indices(indices: NDArray[np.uint16], count: int, what: str) -> None:
    steps = np.diff(indices.astype(np.int64))
    if np.any(steps < 0) or int(indices[-1]) >= count + (count == 0):
        raise CorruptSoundFontError(f"the SoundFont's {what} are out of order or out of range")


def _check_targets(generators: Records, operator: int, count: int, what: str) -> None:
    # The terminator record is not a generator; many writers leave rubbish in it.
    chosen = generators[:-1]
    targets = chosen["amount"][chosen["operator"] == operator].astype(np.uint16)
    if np.any(targets >= count):
        raise CorruptSoundFontError(f"the SoundFont names a {what} that it does not contain")
