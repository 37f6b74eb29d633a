"""Sampled instruments: one preset of a SoundFont behind the studio's `Instrument` interface."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from text2song.audio.halves import Span, in_halves
from text2song.audio.instrument import SAMPLE_RATE, Instrument, PlayedNote, Stereo
from text2song.audio.soundfont.font import SoundFont, load_font
from text2song.audio.soundfont.interpolation import narrow_weights, wide_weights
from text2song.audio.soundfont.kernel import GUARD, render_voices
from text2song.audio.soundfont.voices import Tuning, last_frames, plan_voices
from text2song.domain.instruments import InstrumentInfo

#: Voices (`VOICE` records), and the prepared sample that they read.
Group = tuple[NDArray[np.void], NDArray[np.float32]]
# A preset whose loudest trial note stays below −70 dBFS is as good as missing.
_AUDIBLE = 10 ** (-70 / 20)
# Kick, snare and closed hi-hat: a kit without any of them is no kit.
_TRIAL_KEYS = (36, 38, 42)


class SampledInstrument:
    """Plays one preset of a font."""

    def __init__(self, font: SoundFont, info: InstrumentInfo) -> None:
        preset = font.choose(info.program, percussion=info.percussion)
        if preset is None:
            raise KeyError(info.id)
        self.id = info.id
        self._font = font
        self._percussion = info.percussion
        self._regions = font.regions(*preset)
        rates, roots, corrections = (np.array(column, np.float64) for column in font.sample_tuning(self._regions))
        # Beyond 127 the header says that the sample has no pitch; 60 is the specification's stand-in.
        self._tuning = Tuning(rates, np.where(roots > 127, 60.0, roots), corrections)

    @property
    def path(self) -> Path:
        """The font's file."""
        return self._font.path

    def render(self, notes: Sequence[PlayedNote], frames: int) -> Stereo:
        """Return exactly `frames` frames; raises `CorruptSoundFontError` when a compressed sample is broken."""
        audible = [note for note in notes if note.onset * SAMPLE_RATE < frames]
        if not audible or not len(self._regions.samples):
            return np.zeros((frames, 2), np.float32)
        out = np.zeros((2, frames), np.float32)
        groups: list[Group] = []
        for cut, voices in plan_voices(audible, self._regions, self._tuning, percussion=self._percussion):
            sample = self._font.samples.prepare(cut)
            voices["position"] += sample.first
            voices["end"] = sample.end + GUARD
            voices["wrap"] = sample.wrap
            voices["loop_length"] = sample.loop_length
            voices["tail_shift"] = sample.tail_shift
            voices["tail_end"] = sample.tail_end + GUARD
            groups.append((voices, sample.data))
        onsets = np.sort(np.concatenate([voices["onset"] for voices, _ in groups]))
        # Frame by frame, voices are added in the same order in either half.
        in_halves(partial(_play, groups, out), min(int(onsets[len(onsets) // 2]), frames), frames)
        return np.ascontiguousarray(out.T)


def _play(groups: Sequence[Group], out: NDArray[np.float32], span: Span) -> None:
    narrow, wide = narrow_weights(), wide_weights()
    for voices, data in groups:
        heard = (voices["onset"] < span[1]) & (last_frames(voices) > span[0])
        render_voices(voices[heard], data, narrow, wide, out, span)


def open_instrument(fonts: Sequence[Path | SoundFont], info: InstrumentInfo) -> Instrument | None:
    """Return `info` played by the first font that has it audibly, or None.

    Raises `CorruptSoundFontError` when a font that must be asked cannot be read.
    """
    for font in fonts:
        opened = load_font(font) if isinstance(font, Path) else font
        if opened.choose(info.program, percussion=info.percussion) is None:
            continue
        instrument = SampledInstrument(opened, info)
        if _is_audible(instrument, info):
            return instrument
    return None


def _is_audible(instrument: Instrument, info: InstrumentInfo) -> bool:
    keys = _TRIAL_KEYS if info.percussion else ((info.low + info.high) // 2,)
    notes = [PlayedNote(0.0, 1.0, key, 96) for key in keys]
    return bool(np.abs(instrument.render(notes, SAMPLE_RATE)).max() > _AUDIBLE)
