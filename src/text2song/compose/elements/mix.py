"""The mix plan: how loud, where and how wet each part sits, from its role and the style's `[mix]` table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import log10
from types import MappingProxyType
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.elements.endings import fade_beats
from text2song.compose.elements.mood import mood_of
from text2song.compose.elements.production import Production, production_of
from text2song.compose.style import Style
from text2song.domain.composition import FADE, OCTAVES_DB, Channel, MixPlan, PartPlan, UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.rational import Fraction
from text2song.domain.score import Role

#: Per place: loudness (LUFS), pan, width, high-pass (Hz), reverb and delay sends (dB), ducking (dB).
PLACES: Mapping[str, tuple[float, float, float, float, float | None, float | None, float]] = MappingProxyType(
    {
        "drums": (-23.5, 0.0, 1.0, 0.0, -22.0, None, 0.0),
        "percussion": (-31.0, 0.35, 1.0, 250.0, -18.0, None, 0.0),
        "bass": (-23.7, 0.0, 0.4, 0.0, None, None, 0.0),
        "vocal": (-24.0, 0.0, 1.0, 90.0, -15.0, -20.0, 0.0),
        "double": (-33.0, 0.6, 1.0, 140.0, -14.0, None, 0.0),
        "harmony": (-32.0, -0.45, 1.0, 140.0, -13.0, None, 0.0),
        "oohs": (-34.0, 0.0, 1.4, 160.0, -10.0, None, 0.0),
        "lead": (-24.0, 0.05, 1.0, 130.0, -15.0, -18.0, 0.0),
        "chords": (-28.0, -0.35, 1.3, 120.0, -17.0, None, 0.0),
        "pad": (-31.0, 0.0, 1.6, 180.0, -13.0, None, 0.0),
        "arpeggio": (-30.0, 0.45, 1.4, 200.0, -15.0, -16.0, 0.0),
        "counter": (-31.0, -0.5, 1.3, 180.0, -13.0, None, 0.0),
        "effects": (-32.0, 0.0, 1.5, 200.0, -12.0, None, 0.0),
    }
)
#: How far each place steps back while the vocal sings, dB.
VOICE_DB: Mapping[str, float] = MappingProxyType(
    {"lead": 3.0, "chords": 2.0, "pad": 2.0, "arpeggio": 2.5, "counter": 3.0, "effects": 2.0}
)
#: Whose sound opens through a build-up, and who loses the ground at its end, where the style sweeps.
OPENING = frozenset({"pad", "chords", "arpeggio", "counter"})
THINNING = OPENING | {"drums", "percussion", "bass", "lead"}
#: Breaths shorter than this, in quarter notes, are no rest from singing.
_BREATH = Fraction(3, 2)
#: The hiss of the record that production words ask for, dBFS.
_VINYL_DB = -54.0
#: A send of this level or less, dB, is off.
_OFF_DB = -60.0
#: What all stems together come to before the master, and the quietest a stem may be.
SUM_LUFS = -20.0
QUIETEST_LUFS = -38.0
#: Where the vocal leads, an instrument's tune steps back.
_UNDER_VOCAL_DB = -2.0
#: How far pads stay behind a tune.
_PAD_BEHIND_DB = 6.2


class MixElement:
    """Fills `composition.mix`; needs the arrangement."""

    name = "mix"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with its mix plan, without the parts that found nothing to play."""
        composition = _audible(composition)
        table = style.table("mix")
        side = decisions.decide("mix/side", (-1, 1))
        wishes = production_of(composition.context)
        sung = any(plan.role is Role.VOCAL for plan in composition.arrangement)
        plans = composition.arrangement
        channels = tuple(_channel(plan, table, side=side, sung=sung, crowd=_crowd(plans, plan)) for plan in plans)
        wished = _behind_the_tune(tuple(_wished(channel, wishes) for channel in channels), plans)
        air = float(table.get("air_db", 0.0)) + wishes.air_db + mood_of(composition.context).air_db
        plan = _plan(_levelled(wished), table, wishes, _sung(composition), air)
        fade = fade_beats(composition.context, composition.bars) if composition.ending == FADE else Fraction(0)
        return replace(composition, mix=replace(plan, fade_beats=fade))


def _audible(composition: UnifiedComposition) -> UnifiedComposition:
    """Leave out parts without a note, such as answers to a singer who never rests: a stem of silence helps nobody."""
    silent = {part.name for part in composition.parts if not part.notes}
    parts = tuple(part for part in composition.parts if part.name not in silent)
    return replace(
        composition,
        parts=parts,
        arrangement=tuple(plan for plan in composition.arrangement if plan.name not in silent),
    )


def _behind_the_tune(channels: tuple[Channel, ...], plans: tuple[PartPlan, ...]) -> tuple[Channel, ...]:
    """Keep pads so far behind whoever has the tune that a tone beside it hides nothing."""
    roles = {plan.name: plan.role for plan in plans}
    tunes = [channel.lufs for channel in channels if roles[channel.part] in (Role.VOCAL, Role.LEAD)]
    if not tunes:
        return channels
    most = min(tunes) - _PAD_BEHIND_DB
    return tuple(
        replace(channel, lufs=min(channel.lufs, most)) if roles[channel.part] is Role.PAD else channel
        for channel in channels
    )


def _levelled(channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
    """Move all channels together so that their powers add up to `SUM_LUFS`, whatever the size of the band."""
    if not channels:
        return ()
    total = 10 * log10(sum(10 ** (channel.lufs / 10) for channel in channels))
    trim = min(max(SUM_LUFS - total, -4.0), 4.0)
    return tuple(replace(channel, lufs=round(max(channel.lufs + trim, QUIETEST_LUFS), 2)) for channel in channels)


def _wished(channel: Channel, wishes: Production) -> Channel:
    """Return the channel as the production words want it."""
    place = channel.part.partition("-")[0]
    level = {"bass": wishes.bass_db, "drums": wishes.drums_db}.get(place, 0.0)
    pumps = wishes.duck_db if place in ("bass", "pad", "chords", "arpeggio") else 0.0
    return replace(
        channel,
        lufs=channel.lufs + level,
        width=min(channel.width * wishes.width, 2.0),
        reverb_db=_sent(channel.reverb_db, wishes.send_db),
        delay_db=_sent(channel.delay_db, wishes.delay_db),
        duck_db=min(max(channel.duck_db + pumps, 0.0), 10.0),
    )


def _sent(level: float | None, more: float) -> float | None:
    """Return a send with so many decibels more; None where it is off, or so many less switch it off."""
    return None if level is None or more <= _OFF_DB else level + more


def _sung(composition: UnifiedComposition) -> tuple[tuple[Fraction, Fraction], ...]:
    """Return when there is singing, phrase by phrase."""
    spans: list[tuple[Fraction, Fraction]] = []
    notes = sorted(
        (note for part in composition.parts if part.role is Role.VOCAL for note in part.notes),
        key=lambda note: note.start,
    )
    for note in notes:
        end = note.start + note.duration
        if spans and note.start - spans[-1][1] < _BREATH:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((note.start, end))
    return tuple(spans)


def _plan(
    channels: tuple[Channel, ...],
    table: Mapping[str, Any],
    wishes: Production,
    sung: tuple[tuple[Fraction, Fraction], ...],
    air: float,
) -> MixPlan:
    return MixPlan(
        channels=channels,
        reverb_seconds=min(float(table.get("reverb_seconds", 1.8)) * wishes.reverb, 8.0),
        delay_beats=Fraction(str(table.get("delay_beats", "3/4"))),
        delay_feedback=float(table.get("delay_feedback", 0.35)),
        lufs=float(table.get("lufs", -14.0)),
        air_db=min(max(air, -5.0), 4.0),
        bands_db=tuple(float(level) for level in table.get("bands_db", OCTAVES_DB)),
        crest_db=min(max(float(table.get("crest_db", 12.5)) + wishes.crest_db, 8.0), 16.0),
        chorus_width=float(table.get("chorus_width", 1.3)),
        wow_cents=min(max(float(table.get("wow_cents", 0.0)) + wishes.wow_cents, 0.0), 8.0),
        vinyl_db=_surface(table, wishes),
        sung=sung,
        sweep_hz=float(table.get("sweep_hz", 0.0)),
        thin_hz=float(table.get("thin_hz", 0.0)),
    )


def _surface(table: Mapping[str, Any], wishes: Production) -> float | None:
    """Return where an old record's hiss lies, None for a clean one."""
    if wishes.vinyl < 0 or ("vinyl_db" not in table and not wishes.vinyl):
        return None
    return float(table.get("vinyl_db", _VINYL_DB)) + 3.0 * wishes.vinyl


def _crowd(plans: tuple[PartPlan, ...], plan: PartPlan) -> int:
    """Return how many parts of the same place come before this one."""
    place = plan.name.partition("-")[0]
    same = [other.name for other in plans if other.name.partition("-")[0] == place]
    return same.index(plan.name)


def _channel(plan: PartPlan, table: Mapping[str, Any], *, side: int, sung: bool, crowd: int) -> Channel:
    place = plan.name.partition("-")[0]
    lufs, pan, width, highpass, reverb, delay, duck = PLACES[place]
    own = table.get(place, {})
    lufs = float(own.get("lufs", lufs)) + (_UNDER_VOCAL_DB if sung and plan.role is Role.LEAD else 0.0)
    # A second player of a place stands on the other side and a little back.
    spread = pan if crowd == 0 else -pan or 0.4
    sweeps = float(table.get("sweep_hz", 0.0)) > 0
    return Channel(
        part=plan.name,
        lufs=lufs - crowd,
        pan=round(side * float(own.get("pan", spread)), 3),
        width=_width(plan, float(own.get("width", width))),
        highpass_hz=float(own.get("highpass_hz", highpass)),
        reverb_db=_send(own, "reverb_db", reverb),
        delay_db=_send(own, "delay_db", delay),
        duck_db=float(own.get("duck_db", duck)),
        voice_db=float(own.get("voice_db", VOICE_DB.get(place, 0.0))) if sung else 0.0,
        opens=place in OPENING and sweeps,
        thins=place in THINNING and sweeps,
    )


def _width(plan: PartPlan, width: float) -> float:
    return min(width, 0.6) if plan.role is Role.BASS and not instrument(plan.instrument).electronic else width


def _send(own: Mapping[str, Any], name: str, usual: float | None) -> float | None:
    """Return a send level; the style switches one off with −60 or less."""
    value = own.get(name, usual)
    return None if value is None or float(value) <= _OFF_DB else float(value)
