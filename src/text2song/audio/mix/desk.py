"""The mixing desk: one stem at a time through its channel and its own share of the rooms.

Every step is decided by the plan and the stem alone, and the rooms are linear, so the mix is the plain sum of its
stems and a stem never changes because another did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from text2song.audio.dynamics import Compression, compress, compression_curve, hold_peaks
from text2song.audio.equalising import equalise
from text2song.audio.filters import filtered, gentle_highpass, highpass
from text2song.audio.gain import sweep
from text2song.audio.instrument import Stereo
from text2song.audio.loudness import SILENCE, gated_loudness, hops_of, integrated_loudness
from text2song.audio.mix.automation import Curve, turn, voice_curve, widen, width_curve
from text2song.audio.mix.delay import echo
from text2song.audio.mix.ducking import Trigger, duck, duck_shape, trigger_of
from text2song.audio.mix.image import place
from text2song.audio.mix.reverb import reverberate
from text2song.audio.mix.ride import Hand, Targets, fading_frames, ride_stem, targets_of
from text2song.audio.mix.roles import Treatment, channel_of, treatment
from text2song.audio.mix.sweep import Sweep, sweep_of, sweep_stem
from text2song.domain.composition import Channel, MixPlan, UnifiedComposition
from text2song.domain.score import Part, Role

#: The loudest sum that a plan may ask for, LUFS of all channels together: leaves the peaks room below full scale.
_PLANNED_SUM_LUFS = -17.0
#: No stem peaks further above its own loudness than this, dB: what passes is turned down for some milliseconds.
_PEAK_OVER_LOUDNESS_DB = 16.5
_MAX_GAIN_DB = 60.0
#: What held peaks took from a stem's loudness is given back once, if it is more than this, LU.
_MISSED_LU = 0.3
_HISS_HZ = 6500.0
_LOOKAHEAD_SECONDS = 0.002
_RELEASE_SECONDS = 0.05

#: How stems follow the song's energy: the accompaniment, and the tunes, which stay in front when it is quiet.
_HAND = Hand(span_db=7.0, most_db=6.0, share=0.8)
_TUNE_HAND = Hand(span_db=5.0, most_db=5.0, share=0.7)
_TUNE = (Role.VOCAL, Role.LEAD)


@dataclass(frozen=True, slots=True)
class Desk:
    """What all channels of one song share."""

    plan: MixPlan
    delay_seconds: float
    #: What pulls down the channels that duck, None where none does.
    trigger: Trigger | None
    #: What that does to the frames, 0..1; it follows from the trigger, so addresses do without.
    duck: Curve | None
    #: Curves of `mix.automation`: width by section, room for the voice.
    width: Curve
    voice: Curve | None
    #: Gain per frame of the ring-out at the end, and of the plan's fade before it, from 1 to 0.
    fade: Curve
    frames: int
    #: What every channel is turned down by so that the planned sum fits, dB, zero or less.
    headroom_db: float
    #: What the energy asks of every bar, None where it asks nothing.
    targets: Targets | None = None
    #: The filter of the build-ups, None where there are none.
    sweep: Sweep | None = None


def set_up(composition: UnifiedComposition, frames: int, tail_frames: int) -> Desk:
    """Return the desk for a song of `frames` frames: over its last `tail_frames` and the plan's fade it dies away."""
    beat = 60.0 / float(composition.tempo.bpm)
    channels = [channel_of(part, composition.mix) for part in composition.parts]
    trigger = trigger_of(composition) if any(channel.duck_db > 0 for channel in channels) else None
    return Desk(
        plan=composition.mix,
        delay_seconds=float(composition.mix.delay_beats) * beat,
        trigger=trigger,
        duck=None if trigger is None else duck_shape(trigger, frames),
        width=width_curve(composition, frames),
        voice=voice_curve(composition, frames),
        fade=_fade(min(frames, tail_frames + fading_frames(composition))),
        frames=frames,
        headroom_db=_headroom(_planned(composition, channels)),
        targets=targets_of(composition),
        sweep=sweep_of(composition, frames),
    )


def mix_stem(dry: Stereo, part: Part, desk: Desk) -> Stereo:
    """Return a part as it stands in the mix: shaped, placed, with its own reverberation and echoes, at its level.

    `dry` is used up: ten minutes of one stem are 200 MB, so every step works in place.
    """
    channel, role = channel_of(part, desk.plan), treatment(part.role)
    if not _shape(dry, channel, role):
        dry[:] = 0.0
        return dry
    place(dry, channel.pan, channel.width, mono_below_hz=role.mono_below_hz, spread=role.spread)
    if desk.sweep is not None and (channel.opens or channel.thins):
        sweep_stem(dry, desk.sweep, opens=channel.opens, thins=channel.thins)
    if desk.duck is not None and channel.duck_db > 0:
        duck(dry, desk.duck, channel.duck_db)
    if channel.delay_db is not None:
        echo(dry, desk.delay_seconds, desk.plan.delay_feedback, float(_gain(channel.delay_db)))
    if channel.reverb_db is not None:
        # Echoes sound in the room too.
        reverberate(dry, desk.plan.reverb_seconds, float(_gain(channel.reverb_db)))
    _fade_out(dry, desk.fade)
    if desk.targets is not None:
        ride_stem(dry, desk.targets, _TUNE_HAND if part.role in _TUNE else _HAND)
    _automate(dry, channel, desk)
    _level(dry, channel.lufs + desk.headroom_db)
    return dry


def _shape(stem: Stereo, channel: Channel, role: Treatment) -> bool:
    """High-pass, equalise and compress in place; say whether there is any sound."""
    cut = (highpass(channel.highpass_hz),) if channel.highpass_hz > 0 else ()
    tone = equalise(stem, (*cut, *role.equaliser))
    loudness = gated_loudness(hops_of(tone.energies[0]))
    if loudness <= SILENCE:
        return False
    compression = replace(role.compression, threshold_db=loudness + role.compression.threshold_db)
    sweep(stem, compression_curve(tone.loudest, compression))
    if role.sibilance is not None:
        _de_ess(stem, replace(role.sibilance, threshold_db=loudness + role.sibilance.threshold_db))
    return True


def _de_ess(stem: Stereo, sibilance: Compression) -> None:
    """Turn down what hisses above the band of the words, in place; what does not is put together again unchanged."""
    hiss = filtered(stem, (gentle_highpass(_HISS_HZ),))
    stem -= hiss
    compress(hiss, sibilance)
    stem += hiss


def _automate(stem: Stereo, channel: Channel, desk: Desk) -> None:
    """Let the stem follow the song: wider in choruses, back where the vocal sings."""
    if desk.voice is not None and channel.voice_db > 0:
        turn(stem, np.float32(-channel.voice_db) * desk.voice)
    if channel.width > 0:
        widen(stem, desk.width)


def _level(stem: Stereo, lufs: float) -> None:
    """Bring the stem to its loudness and keep its rare peaks within reach of it; silence stays silence."""
    loudness = integrated_loudness(stem)
    if loudness <= SILENCE:
        stem[:] = 0.0
        return
    gain, ceiling = float(_gain(min(_MAX_GAIN_DB, lufs - loudness))), float(_gain(lufs + _PEAK_OVER_LOUDNESS_DB))
    if not hold_peaks(stem, ceiling, _LOOKAHEAD_SECONDS, _RELEASE_SECONDS, gain=gain):
        return
    missed = lufs - integrated_loudness(stem)
    if missed > _MISSED_LU:
        hold_peaks(stem, ceiling, _LOOKAHEAD_SECONDS, _RELEASE_SECONDS, gain=float(_gain(min(missed * 1.3, 6.0))))


def _planned(composition: UnifiedComposition, sounding: Sequence[Channel]) -> list[Channel]:
    """Every channel of the plan, also one whose part was taken out: the others keep the room they had."""
    named = {channel.part for channel in composition.mix.channels}
    return [*composition.mix.channels, *(channel for channel in sounding if channel.part not in named)]


def _headroom(channels: Sequence[Channel]) -> float:
    power = sum(10 ** (channel.lufs / 10) for channel in channels)
    return min(0.0, _PLANNED_SUM_LUFS - 10 * float(np.log10(power))) if power > 0 else 0.0


def _fade(frames: int) -> Curve:
    return ((1 + np.cos(np.linspace(0, np.pi, frames))) / 2).astype(np.float32)


def _fade_out(stem: Stereo, fade: Curve) -> None:
    if fade.size:
        stem[-fade.size :] *= fade[:, None]


def _gain(decibels: float) -> np.float32:
    return np.float32(10 ** (decibels / 20))
