"""A finished song made small, for slow lines: Opus or MP3 of its whole length. Run as a process of its own.

`python -m text2song.audio.preview opus|mp3 TARGET < song.flac`
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

from text2song.audio.tags.song import AI_COMMENT

Sound = NDArray[np.float32]

#: Opus knows 48 kHz alone; some 100 kbit/s of either are hard to tell from the original for most listeners.
_FORMATS: Mapping[str, tuple[int | None, Mapping[str, Any]]] = MappingProxyType(
    {
        "opus": (48_000, MappingProxyType({"format": "OGG", "subtype": "OPUS", "compression_level": 0.82})),
        "mp3": (
            None,
            MappingProxyType(
                {
                    "format": "MP3",
                    "subtype": "MPEG_LAYER_III",
                    "compression_level": 0.5,
                    "bitrate_mode": "VARIABLE",
                }
            ),
        ),
    }
)
_NICE = 10


def write_preview(source: BinaryIO | int, target: Path, kind: str) -> None:
    """Write the song in `source`, any file that decodes, to `target` as "opus" or "mp3"; a second at a time.

    Raises `soundfile.LibsndfileError` or OSError.
    """
    rate, options = _FORMATS[kind]
    with soundfile.SoundFile(source, closefd=False) as song:
        wanted = rate or song.samplerate
        with soundfile.SoundFile(target, "w", wanted, song.channels, **options) as small:
            small.comment = AI_COMMENT
            if song.title:
                small.title = song.title
            for block in _resampled(song, wanted):
                small.write(np.clip(block, -1.0, 1.0))


def _resampled(song: soundfile.SoundFile, rate: int) -> Iterator[Sound]:
    """Yield the song by the second at another rate, each filtered with a little of its neighbours."""
    blocks = song.blocks(song.samplerate, dtype="float32", always_2d=True)
    if rate == song.samplerate:
        yield from blocks
        return
    # A whole number of frames at either rate, and more than the ten that the filter reaches to each side.
    margin = song.samplerate // math.gcd(rate, song.samplerate)
    margin *= -(-16 // margin)
    edge = np.zeros((margin, song.channels), np.float32)
    before, present = edge, next(blocks, None)
    while present is not None:
        following = next(blocks, None)
        after = edge if following is None else following[:margin]
        joined = np.concatenate((before[-margin:], present, after))
        raised = resample_poly(joined, rate, song.samplerate, axis=0)
        first = margin * rate // song.samplerate
        yield raised[first : first + round(present.shape[0] * rate / song.samplerate)]
        before, present = present, following


def main() -> None:
    """Read the song from standard input."""
    kind, target = sys.argv[1:]
    os.nice(_NICE)
    write_preview(0, Path(target), kind)


if __name__ == "__main__":
    main()
