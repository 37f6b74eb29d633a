"""Who plays what: sampled instruments where a SoundFont has them, synths where they are the sound meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Protocol, cast

import numpy as np

from text2song.audio.instrument import Instrument, PlayedNote, Stereo
from text2song.audio.performance import performed_notes
from text2song.audio.soundfont.instrument import SampledInstrument, open_instrument
from text2song.audio.soundfont.library import font_digest
from text2song.audio.synth.catalogue import amplifier, prefers_synth, synth_instrument
from text2song.audio.synth.effects import Effects, Signal, finish
from text2song.audio.voice.speech import voice_version
from text2song.domain.composition import MixPlan, Provenance, UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.score import Part, Role
from text2song.domain.serial import digest

#: What plays a vocal line that nobody sings, in electronic and in other company.
_ELECTRONIC_LEAD = "square_lead"
_LEAD = "clean_guitar"
_VOICE = "voice_lead"
_SUNG = (Role.VOCAL, Role.BACKING)
#: The recorded strings that go into our amplifiers.
_STRINGS = "clean_guitar"
#: Recorded notes are about this much softer than the synth's, for which the amplifiers' gains are written.
_INPUT_GAIN = 2.0


@dataclass(slots=True)
class Amplified:
    """A recorded instrument through an amplifier of ours, all strings together."""

    id: str
    strings: Instrument
    effects: Effects

    def render(self, notes: Sequence[PlayedNote], frames: int) -> Stereo:
        """Return float32 (frames, 2); see `Instrument`."""
        return finish(self._plucked(notes, frames), self.effects)

    def _plucked(self, notes: Sequence[PlayedNote], frames: int) -> Signal:
        signal: Signal = self.strings.render(notes, frames).mean(axis=1, dtype=np.float32)[None, :]
        signal *= np.float32(_INPUT_GAIN)
        return signal


class Voice(Protocol):
    """Sings a part; the singing synthesiser behind the voice extra is one."""

    def can_sing(self, composition: UnifiedComposition) -> bool:
        """Whether there are words set to music and the means to sing them."""

    def render(self, composition: UnifiedComposition, part: Part, frames: int) -> Stereo:
        """Return `frames` frames of the sung part."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the voices of one song have in common."""

    composition: UnifiedComposition
    #: Whether they can sing it.
    sung: bool
    #: Hash of all but the parts, the mix and where it comes from.
    digest: str


class Orchestra:
    """Opens each instrument once and keeps it; safe to use from several threads."""

    def __init__(self, fonts: tuple[Path, ...] = (), voice: Voice | None = None) -> None:
        self._fonts = fonts
        self._voice = voice
        self._open: dict[str, Instrument] = {}
        self._lock = Lock()
        self._asked: _Asked | None = None

    def open(self, instrument_id: str) -> Instrument:
        """Return an instrument of the catalogue; raises `UnknownInstrumentError`."""
        with self._lock:
            if instrument_id not in self._open:
                self._open[instrument_id] = self._opened(instrument_id)
            return self._open[instrument_id]

    def perform(self, part: Part, composition: UnifiedComposition, frames: int) -> Stereo:
        """Return the dry sound of `part`, exactly `frames` frames: sung if it is to be and can be, else played."""
        if self._sings(part, composition):
            return cast("Voice", self._voice).render(composition, part, frames)
        player = self.open(_stand_in(composition) if part.instrument == _VOICE else part.instrument)
        return player.render(performed_notes(part, composition), frames)

    def source(self, part: Part, composition: UnifiedComposition) -> str:
        """Return what sounds `part`, for people: "sung", "synth", or the SoundFont's name and hash."""
        if self._sings(part, composition):
            return "sung"
        player = self.open(_stand_in(composition) if part.instrument == _VOICE else part.instrument)
        recorded = player.strings if isinstance(player, Amplified) else player
        if not isinstance(recorded, SampledInstrument):
            return "synth"
        return f"{recorded.path.name} {font_digest(recorded.path)[:12]}"

    def identity(self, part: Part, composition: UnifiedComposition) -> str:
        """Return what `perform` depends on besides the notes, the tempo and the length, as one hash."""
        if self._sings(part, composition):
            # A singer may look at anything but the other parts.
            return f"sung {voice_version()} {self._song(composition).digest} {digest(part)}"
        player = _stand_in(composition) if part.instrument == _VOICE else part.instrument
        sampled = not prefers_synth(instrument(player)) and self._fonts
        return f"{player} {' '.join(map(font_digest, self._fonts))}" if sampled else player

    def _sings(self, part: Part, composition: UnifiedComposition) -> bool:
        return part.role in _SUNG and self._voice is not None and self._song(composition).sung

    def _song(self, composition: UnifiedComposition) -> _Asked:
        """Return what all voices of a song ask for, worked out once."""
        with self._lock:
            if self._asked is None or self._asked.composition is not composition:
                sung = self._voice is not None and self._voice.can_sing(composition)
                bare = replace(composition, parts=(), mix=MixPlan(), provenance=Provenance("", 0, ()))
                self._asked = _Asked(composition, sung, digest(bare))
            return self._asked

    def _opened(self, instrument_id: str) -> Instrument:
        info = instrument(instrument_id)
        amplified = amplifier(info)
        if amplified is not None:
            strings = open_instrument(self._fonts, instrument(_STRINGS))
            return synth_instrument(info) if strings is None else Amplified(info.id, strings, amplified)
        sampled = None if prefers_synth(info) else open_instrument(self._fonts, info)
        return sampled if sampled is not None else synth_instrument(info)


def _stand_in(composition: UnifiedComposition) -> str:
    others = [instrument(part.instrument) for part in composition.parts if part.instrument != _VOICE]
    electronic = sum(info.electronic for info in others)
    return _ELECTRONIC_LEAD if 2 * electronic > len(others) else _LEAD
