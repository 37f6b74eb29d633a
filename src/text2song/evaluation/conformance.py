"""Asked against measured: does this take do what the prompt and the fields said?

Everything is measured on the rendered audio, with the notes as a witness only where sound cannot tell (a song without
a beat has no audible tempo).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from text2song.domain.composition import UnifiedComposition
from text2song.domain.context import Source
from text2song.domain.instruments import instrument
from text2song.domain.score import Role
from text2song.domain.take import StemFigure, TakeReport
from text2song.evaluation.character import genres_finding, metre_finding, mood_finding
from text2song.evaluation.energy import Following, following
from text2song.evaluation.finding import Finding
from text2song.evaluation.gathering import Audio, Gathering, MixSound, StemSound, Sums, Whole
from text2song.evaluation.listening import add_up
from text2song.evaluation.loudness import chunk_powers, gated_lufs
from text2song.evaluation.middle import middle_of
from text2song.evaluation.presence import AUDIBLE_LUFS, audible_finding, instruments_finding, without_finding
from text2song.evaluation.sections import Spectra, spectra_of, structure_finding
from text2song.evaluation.tempo import tempo_of
from text2song.evaluation.tonality import DECIMATION, key_of, levels_of, same_key
from text2song.evaluation.truepeak import true_peak_dbtp
from text2song.evaluation.words import line_spans, lyrics_finding, vocals_finding

#: The arithmetic of spectra releases the interpreter lock, so two things are heard side by side.
_THREADS = 2
NULL_DBFS = -90.0
TEMPO_TOLERANCE = 0.01
LOUDNESS_TOLERANCE = 0.5
#: Below this clarity the sound has no beat to measure.
_BEAT_CLARITY = 3.5
_ENERGY_FLOOR = 0.5


@dataclass(frozen=True, slots=True)
class TakeSound:
    """The sound of one take: stems, their sum before mastering, and the master; each (frames, 2) float32."""

    sample_rate: int
    stems: Sequence[StemSound]
    mix: Audio
    master: Audio


@dataclass(frozen=True, slots=True)
class Heard:
    """What the stems and the mix of a take tell, without its master."""

    sample_rate: int
    findings: tuple[Finding, ...]
    stems: tuple[StemFigure, ...]
    #: Peak of what is left of the mix without its stems, dBFS.
    null: float


def judge(composition: UnifiedComposition, sound: TakeSound) -> TakeReport:
    """Return the report of a take; the times and the hashes of its files are left to whoever made them."""
    return reported(composition, hear(composition, sound.stems, Whole(sound.mix), sound.sample_rate), sound.master)


def hear(
    composition: UnifiedComposition,
    stems: Sequence[StemSound],
    mix: MixSound,
    sample_rate: int,
    gathering: Gathering | None = None,
) -> Heard:
    """Return all that stems and mix tell without a master.

    `gathering` has what is known already of stems that are, byte for byte, those of a take that was measured before.
    """
    with ThreadPoolExecutor(_THREADS) as pool:
        mono = middle_of(mix.pieces(), mix.frames)
        tempo = pool.submit(_tempo, composition, stems, mono, sample_rate)
        spectra = pool.submit(spectra_of, mono, sample_rate)
        sums = add_up(stems, mix, sample_rate, pool, gathering, line_spans(composition, sample_rate))
        findings = [tempo.result(), _key(composition, sums, mix.frames, sample_rate), _stem_null(sums.null)]
        findings += [audible_finding(sums.figures), instruments_finding(composition, sums.figures)]
        findings += [without_finding(composition, sums.figures)]
        findings += _content(composition, sums, spectra.result(), findings)
        return Heard(sample_rate, tuple(findings), sums.figures, sums.null)


def reported(composition: UnifiedComposition, heard: Heard, master: Audio) -> TakeReport:
    """Return the report of a take of which everything but the master, (frames, 2) float32, has been heard."""
    with ThreadPoolExecutor(_THREADS) as pool:
        measured = pool.submit(chunk_powers, master, heard.sample_rate)
        true_peak = true_peak_dbtp(master, pool)
        powers = measured.result()
    lufs, energy = gated_lufs(powers), _energy_finding(composition, following(composition, powers))
    findings = [*heard.findings, _duration(composition, master, heard.sample_rate)]
    findings += [_loudness(composition, lufs), _true_peak(composition, true_peak), energy]
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
        stems_null_dbfs=round(heard.null, 1),
        stems=heard.stems,
    )


def _content(
    composition: UnifiedComposition, sums: Sums, spectra: Spectra, findings: Sequence[Finding]
) -> list[Finding]:
    """Form, words, voice, metre, genre and mood; the tempo and the key were heard before."""
    heard = {finding.name: finding.measured for finding in findings}
    names = [figure.name for figure in sums.figures if figure.role == Role.VOCAL.value]
    audible = [figure.name for figure in sums.figures if figure.name in names and figure.lufs > AUDIBLE_LUFS]
    mode = str(heard["key"]["key"]).partition(" ")[2]
    return [
        structure_finding(composition, spectra),
        lyrics_finding(composition, sums.lines),
        vocals_finding(composition, names, audible),
        metre_finding(composition),
        genres_finding(composition),
        mood_finding(composition, mode=mode, bpm=heard["tempo"]["bpm"], brightness_hz=spectra.brightness_hz),
    ]


def _tempo(composition: UnifiedComposition, stems: Sequence[StemSound], mono: Audio, sample_rate: int) -> Finding:
    asked = float(composition.context.bpm)
    # The ring-out has no beat.
    heard = tempo_of(mono[: max(1, int(composition.seconds * sample_rate))], sample_rate, near=asked)
    witness = "audio"
    bpm = heard.bpm
    drummed = any(instrument(stem.instrument).percussion for stem in stems)
    if not drummed or heard.clarity < _BEAT_CLARITY or composition.seconds < 8.0:
        # Without drums chords change where the ear hears no beat; the notes then bear witness.
        bpm, witness = float(composition.tempo.bpm), "score"
    error = abs(bpm - asked) / asked
    reason = f"the tempo is {bpm:.1f} BPM, asked was {asked:g}" if error >= TEMPO_TOLERANCE else ""
    measured = {"bpm": round(bpm, 2), "error": round(error, 5), "witness": witness, "clarity": round(heard.clarity, 2)}
    return Finding("tempo", round(asked, 3), measured, reason)


def _key(composition: UnifiedComposition, sums: Sums, frames: int, sample_rate: int) -> Finding:
    asked = composition.context.key
    # Drums alone have no key: what is heard then is silence.
    harmony = levels_of(np.zeros(frames // DECIMATION, np.float32)) if sums.harmony is None else sums.harmony
    heard = key_of(harmony, sums.bass, sample_rate)
    reason = "" if same_key(asked, heard) else f"the key sounds like {heard.key.name}"
    measured = {"key": heard.key.name, "strength": round(heard.strength, 3), "asked_fits": round(heard.score(asked), 3)}
    return Finding("key", asked.name, measured, reason)


def _duration(composition: UnifiedComposition, master: Audio, sample_rate: int) -> Finding:
    asked = composition.context.duration_seconds
    measured = master.shape[0] / sample_rate
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
