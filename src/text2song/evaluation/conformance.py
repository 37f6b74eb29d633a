"""Asked against measured: does this take do what the prompt and the fields said?

Everything is measured on the rendered audio, with the notes as a witness only where sound cannot tell (a song without
a beat has no audible tempo).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from text2song.domain.composition import UnifiedComposition
from text2song.domain.context import Source
from text2song.domain.instruments import instrument
from text2song.domain.score import Role
from text2song.domain.take import StemFigure, TakeReport
from text2song.evaluation.character import genres_finding, metre_finding, mood_finding
from text2song.evaluation.energy import Following, following
from text2song.evaluation.finding import Finding
from text2song.evaluation.loudness import chunk_powers, decibels, gated_lufs, integrated_lufs, true_peak_dbtp
from text2song.evaluation.presence import AUDIBLE_LUFS, audible_finding, instruments_finding, without_finding
from text2song.evaluation.sections import band_spectra, structure_finding
from text2song.evaluation.tempo import measure_tempo
from text2song.evaluation.tonality import DISTORTED, measure_key, same_key
from text2song.evaluation.words import lyrics_finding, vocals_finding

NULL_DBFS = -90.0
TEMPO_TOLERANCE = 0.01
LOUDNESS_TOLERANCE = 0.5
#: Below this clarity the sound has no beat to measure.
_BEAT_CLARITY = 3.5
_ENERGY_FLOOR = 0.5


class StemSound(Protocol):
    """A stem as the renderer gives it."""

    @property
    def name(self) -> str:
        """The part it sounds."""

    @property
    def role(self) -> Role:
        """What the part does."""

    @property
    def instrument(self) -> str:
        """An instrument id."""

    @property
    def audio(self) -> NDArray[np.float32]:
        """The stem as it stands in the mix, (frames, 2)."""


@dataclass(frozen=True, slots=True)
class TakeSound:
    """The sound of one take: stems, their sum before mastering, and the master; each (frames, 2) float32."""

    sample_rate: int
    stems: Sequence[StemSound]
    mix: NDArray[np.float32]
    master: NDArray[np.float32]


def judge(
    composition: UnifiedComposition, sound: TakeSound, known: Mapping[str, StemFigure] | None = None
) -> TakeReport:
    """Return the report of a take; the times and the hashes of its files are left to whoever made them.

    `known` has the figures of stems that are, byte for byte, those of a take that was measured before.
    """
    before = known or {}
    with ThreadPoolExecutor(2) as pool:
        # Every stem is read from where it is kept, so each is asked for as seldom as may be.
        stems = tuple(
            pool.map(
                lambda stem: before.get(stem.name) or _stem_figure(stem, stem.audio, sound.sample_rate), sound.stems
            )
        )
        peak = pool.submit(true_peak_dbtp, sound.master)
        tempo = pool.submit(_tempo, composition, sound)
        key = pool.submit(_key, composition, sound)
        powers = chunk_powers(sound.master, sound.sample_rate)
        lufs = gated_lufs(powers)
        findings = [tempo.result(), key.result(), _duration(composition, sound)]
        true_peak = peak.result()
    findings += [_loudness(composition, lufs), _true_peak(composition, true_peak)]
    null = _null(sound)
    findings += [_stem_null(null), audible_finding(stems), instruments_finding(composition, stems)]
    findings += [without_finding(composition, stems)]
    energy = _energy_finding(composition, following(composition, powers))
    findings += [energy, *_content(composition, sound, stems, findings)]
    return TakeReport(
        asked={finding.name: finding.asked for finding in findings},
        measured={finding.name: finding.measured for finding in findings},
        passed=not any(finding.reason for finding in findings),
        reasons=tuple(finding.reason for finding in findings if finding.reason),
        seconds={},
        realtime_factor=0.0,
        loudness_lufs=round(lufs, 2),
        true_peak_dbtp=round(true_peak, 2),
        energy_spearman=energy.measured,
        stems_null_dbfs=round(null, 1),
        stems=stems,
    )


def _content(
    composition: UnifiedComposition, sound: TakeSound, stems: Sequence[StemFigure], findings: Sequence[Finding]
) -> list[Finding]:
    """Form, words, voice, metre, genre and mood; the tempo and the key were heard before."""
    heard = {finding.name: finding.measured for finding in findings}
    spectra = band_spectra(sound.mix, sound.sample_rate)
    voices = [stem for stem in sound.stems if stem.role is Role.VOCAL]
    names = [stem.name for stem in voices]
    audible = [stem.name for stem in stems if stem.name in names and stem.lufs > AUDIBLE_LUFS]
    vocal = _sum(voices, sound) if voices else None
    mode = str(heard["key"]["key"]).partition(" ")[2]
    return [
        structure_finding(composition, spectra),
        lyrics_finding(composition, vocal, sound.mix, sound.sample_rate),
        vocals_finding(composition, names, audible),
        metre_finding(composition),
        genres_finding(composition),
        mood_finding(composition, mode=mode, bpm=heard["tempo"]["bpm"], brightness_hz=spectra.brightness_hz),
    ]


def _stem_figure(stem: StemSound, audio: NDArray[np.float32], sample_rate: int) -> StemFigure:
    return StemFigure(
        name=stem.name,
        instrument=stem.instrument,
        role=stem.role.value,
        lufs=round(integrated_lufs(audio, sample_rate), 2),
        peak_dbfs=round(decibels(max(float(audio.max(initial=0.0)), -float(audio.min(initial=0.0)))), 2),
        sha256="",
    )


def _tempo(composition: UnifiedComposition, sound: TakeSound) -> Finding:
    asked = float(composition.context.bpm)
    heard = measure_tempo(_body(composition, sound), sound.sample_rate, near=asked)
    witness = "audio"
    bpm = heard.bpm
    drummed = any(instrument(stem.instrument).percussion for stem in sound.stems)
    if not drummed or heard.clarity < _BEAT_CLARITY or composition.seconds < 8.0:
        # Without drums chords change where the ear hears no beat; the notes then bear witness.
        bpm, witness = float(composition.tempo.bpm), "score"
    error = abs(bpm - asked) / asked
    reason = f"the tempo is {bpm:.1f} BPM, asked was {asked:g}" if error >= TEMPO_TOLERANCE else ""
    measured = {"bpm": round(bpm, 2), "error": round(error, 5), "witness": witness, "clarity": round(heard.clarity, 2)}
    return Finding("tempo", round(asked, 3), measured, reason)


def _body(composition: UnifiedComposition, sound: TakeSound) -> NDArray[np.float32]:
    """The mix without its ring-out, which has no beat."""
    return sound.mix[: max(1, int(composition.seconds * sound.sample_rate))]


def _key(composition: UnifiedComposition, sound: TakeSound) -> Finding:
    asked = composition.context.key
    pitched = [stem for stem in sound.stems if not instrument(stem.instrument).percussion]
    bass = [stem for stem in pitched if stem.role is Role.BASS]
    clean = [stem for stem in pitched if stem.role is not Role.BASS and stem.instrument not in DISTORTED] or pitched
    heard = measure_key(_sum(clean, sound), sound.sample_rate, bass=_sum(bass, sound) if bass else None)
    reason = "" if same_key(asked, heard) else f"the key sounds like {heard.key.name}"
    measured = {"key": heard.key.name, "strength": round(heard.strength, 3), "asked_fits": round(heard.score(asked), 3)}
    return Finding("key", asked.name, measured, reason)


def _sum(stems: Sequence[StemSound], sound: TakeSound) -> NDArray[np.float32]:
    wanted = {stem.name for stem in stems}
    others = [stem for stem in sound.stems if stem.name not in wanted]
    if len(others) < len(stems):
        # Samples are whole steps of 24 bits, so taking the few from the mix gives the same sum as adding the many.
        total = sound.mix.copy()
        for stem in others:
            total -= stem.audio
        return total
    total = np.zeros_like(sound.mix)
    for stem in stems:
        total += stem.audio
    return total


def _duration(composition: UnifiedComposition, sound: TakeSound) -> Finding:
    asked = composition.context.duration_seconds
    measured = sound.master.shape[0] / sound.sample_rate
    bar = composition.tempo.seconds(composition.time_signature.bar)
    off = abs(measured - asked)
    reason = "" if off <= max(bar, 0.02 * asked) else f"it lasts {measured:.1f} s, asked were {asked:g} s"
    return Finding("duration_seconds", asked, round(measured, 3), reason)


def _loudness(composition: UnifiedComposition, lufs: float) -> Finding:
    asked = composition.mix.lufs
    reason = f"the loudness is {lufs:.1f} LUFS, not {asked:g}" if abs(lufs - asked) > LOUDNESS_TOLERANCE else ""
    return Finding("loudness_lufs", asked, round(lufs, 2), reason)


def _true_peak(composition: UnifiedComposition, true_peak: float) -> Finding:
    ceiling = composition.mix.true_peak_dbtp
    reason = f"the true peak is {true_peak:.2f} dBTP, above {ceiling:g}" if true_peak > ceiling + 0.005 else ""
    return Finding("true_peak_dbtp", ceiling, round(true_peak, 2), reason)


def _null(sound: TakeSound) -> float:
    left = sound.mix.copy()
    for stem in sound.stems:
        left -= stem.audio
    return decibels(max(float(left.max(initial=0.0)), -float(left.min(initial=0.0))))


def _stem_null(null: float) -> Finding:
    reason = f"the stems miss the mix by {null:.1f} dBFS" if null > NULL_DBFS else ""
    return Finding("stems_null_dbfs", NULL_DBFS, round(null, 1), reason)


def _energy_finding(composition: UnifiedComposition, heard: Following) -> Finding:
    """Judge a drawn curve by sections and by windows, the lower counts; the style's own is one of sections."""
    wished = composition.context.sources.get("energy")
    # A drawn curve is a wish; the style's own curve is only a guide, so it cannot fail a take.
    drawn = wished is not None and wished.source is not Source.STYLE
    energy = heard.by_section if not drawn and heard.by_section is not None else heard.least
    missed = drawn and energy is not None and energy < _ENERGY_FLOOR
    reason = f"the energy follows the curve only by {energy:.2f}" if missed else ""
    return Finding("energy", [round(section.energy, 3) for section in composition.sections], energy, reason)
