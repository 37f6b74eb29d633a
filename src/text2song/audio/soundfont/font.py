"""One SoundFont in memory: its presets by name and number, each flattened and decoded only when it is played."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

from text2song.audio.soundfont.parser import read_hydra
from text2song.audio.soundfont.regions import Regions, find_presets, flatten
from text2song.audio.soundfont.riff import CorruptSoundFontError, map_file
from text2song.audio.soundfont.samples import SampleStore

#: The bank of drum kits.
PERCUSSION_BANK = 128


class SoundFont:
    """A font opened from a file; reading it may raise `CorruptSoundFontError`, playing it from threads is safe."""

    def __init__(self, path: Path) -> None:
        self.path = path
        file = map_file(path)
        try:
            self._hydra = read_hydra(file)
        except CorruptSoundFontError as error:
            raise CorruptSoundFontError(f"“{path.name}”: {error.message}") from error
        self._presets = find_presets(self._hydra)
        self.samples = SampleStore(file, self._hydra)
        self._lock = threading.Lock()
        self._regions: dict[int, Regions] = {}

    @property
    def presets(self) -> dict[tuple[int, int], str]:
        """The name of each preset by (bank, program)."""
        names = self._hydra.presets.heads["name"]
        return {number: names[index].decode("latin-1").strip() for number, index in self._presets.items()}

    def choose(self, program: int, *, percussion: bool) -> tuple[int, int] | None:
        """Return (bank, program) of the preset to play a General MIDI program with, or None.

        A missing kit becomes the standard kit, a program missing from bank 0 the same program of the lowest bank.
        """
        if percussion:
            kits = [(PERCUSSION_BANK, program), (PERCUSSION_BANK, 0)]
            return next((kit for kit in kits if kit in self._presets), None)
        banks = [bank for bank, number in self._presets if number == program and bank < PERCUSSION_BANK]
        return (min(banks), program) if banks else None

    def regions(self, bank: int, program: int) -> Regions:
        """Return the flattened preset; raises KeyError, or `CorruptSoundFontError` on an absurd one."""
        index = self._presets[bank, program]
        with self._lock:
            if index not in self._regions:
                self._regions[index] = flatten(self._hydra, index, percussion=bank == PERCUSSION_BANK)
            return self._regions[index]

    def sample_tuning(self, regions: Regions) -> tuple[list[int], list[int], list[int]]:
        """Return rate in Hz, root key and correction in cents of each region's sample."""
        headers = self._hydra.samples[regions.samples]
        return headers["rate"].tolist(), headers["pitch"].tolist(), headers["correction"].tolist()


def load_font(path: Path) -> SoundFont:
    """Open a font, or return it from memory if the file has not changed; raises `CorruptSoundFontError`."""
    try:
        state = path.stat()
    except OSError as error:
        raise CorruptSoundFontError(f"“{path.name}” cannot be read as a SoundFont: {error.strerror}") from error
    return _load(path.resolve(), state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int, _size: int) -> SoundFont:
    return SoundFont(path)
