"""The reference player and ours agree on level by velocity, on pitch and on spectrum."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, PlayedNote
from text2song.audio.soundfont.font import load_font
from text2song.audio.soundfont.instrument import SampledInstrument
from text2song.audio.soundfont.library import find_soundfonts
from text2song.domain.instruments import catalogue

PLAYER = shutil.which("fluidsynth")
FONTS = [path for path in find_soundfonts() if path.name == "TimGM6mb.sf2"]
VELOCITIES = (50, 70, 90, 110, 127)

pytestmark = pytest.mark.skipif(PLAYER is None or not FONTS, reason="needs the fluidsynth program and TimGM6mb.sf2")


def midi(program: int, channel: int, key: int) -> bytes:
    """Write one note per velocity, two seconds apart and one long; a tick is a millisecond."""
    now, second = b"\x00", b"\x87\x68"
    volume = bytes([0xB0 | channel, 7, 127])
    events = now + bytes([0xC0 | channel, program]) + now + volume
    for velocity in VELOCITIES:
        on, off = bytes([0x90 | channel, key, velocity]), bytes([0x80 | channel, key, 0])
        # The volume is sent again only because something must follow the second of silence.
        events += now + on + second + off + second + volume
    events += b"\x00\xff\x2f\x00"
    return struct.pack(">4sIHHH4sI", b"MThd", 6, 0, 1, 500, b"MTrk", len(events)) + events


def reference(folder: Path, data: bytes) -> NDArray[np.float64]:
    (folder / "song.mid").write_bytes(data)
    options = ["-ni", "-R", "0", "-C", "0", "-g", "0.8", "-r", "44100", "-O", "float", "-T", "wav", "-F"]
    command = [str(PLAYER), *options, str(folder / "song.wav"), str(FONTS[0]), str(folder / "song.mid")]
    subprocess.run(command, check=True, capture_output=True)
    signal: NDArray[np.float64] = soundfile.read(folder / "song.wav", dtype="float64")[0]
    return signal


def level(signal: NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(signal**2)))


@pytest.mark.parametrize("name", ["piano", "organ", "finger_bass", "violin", "trumpet", "flute", "harp", "drum_kit"])
def test_levels_and_spectra_agree(tmp_path: Path, name: str) -> None:
    info = catalogue()[name]
    key = 38 if info.percussion else (info.low + info.high) // 2
    theirs = reference(tmp_path, midi(info.program, 9 if info.percussion else 0, key))
    notes = [PlayedNote(2.0 * index, 1.0, key, velocity) for index, velocity in enumerate(VELOCITIES)]
    ours = SampledInstrument(load_font(FONTS[0]), info).render(notes, 10 * SAMPLE_RATE).astype(np.float64)
    differences = []
    for index in range(len(VELOCITIES)):
        part = slice(2 * index * SAMPLE_RATE, (2 * index + 2) * SAMPLE_RATE - 4000)
        differences.append(level(ours[part]) - level(theirs[part]))
    # The players' pan laws and output gains differ by one constant.
    assert np.abs(np.array(differences) - differences[-1]).max() < 1.5
    assert abs(differences[-1] + 1.2) < 1.0
    last = slice(8 * SAMPLE_RATE, 9 * SAMPLE_RATE)
    assert np.abs(spectral_difference(ours[last], theirs[last]) - differences[-1]).max() < 1.5


def spectral_difference(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the level difference in dB of each octave above 62 Hz that holds at least a thousandth of the sound."""
    hertz = np.fft.rfftfreq(len(ours), 1 / SAMPLE_RATE)
    octave = np.log2(np.maximum(hertz, 1) / 31).astype(int)
    powers = np.array(
        [
            [(np.abs(np.fft.rfft(signal.sum(axis=1))) ** 2)[octave == n].sum() for n in range(1, 9)]
            for signal in (ours, theirs)
        ]
    )
    heard = powers[1] > 1e-3 * powers[1].sum()
    difference: NDArray[np.float64] = 10 * np.log10(powers[0][heard] / powers[1][heard])
    return difference
