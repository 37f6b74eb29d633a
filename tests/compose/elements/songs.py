"""Small songs for tests: a context, a plain arrangement, and the pitched elements run over them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from tests.contexts import plain_context

from text2song.compose.decisions import Decisions
from text2song.compose.elements.harmony import HarmonyElement
from text2song.compose.elements.melody import MelodyElement
from text2song.compose.elements.structure import StructureElement
from text2song.compose.style import load_style
from text2song.domain.composition import PartPlan, UnifiedComposition
from text2song.domain.context import CompositionContext, Genre, Vocals
from text2song.domain.rational import Fraction
from text2song.domain.score import Role, TempoMap
from text2song.domain.theory import Key, TimeSignature

_SUNG_KINDS = ("verse", "prechorus", "chorus", "bridge", "build", "drop")


def context(
    style: str,
    seed: int = 0,
    seconds: float = 90.0,
    *,
    key: str | None = None,
    metre: str = "4/4",
    bpm: int | None = None,
) -> CompositionContext:
    """Return a context as the words "a <style> song" would give, in a key and mode that follow the seed."""
    found = load_style(style)
    modes = [mode for mode, _ in found.table("key")["modes"]]
    return plain_context(
        prompt=style,
        seed=seed,
        title="",
        genres=(Genre(style, (), 1.0, style),),
        bpm=Fraction(bpm or found.table("tempo")["usual"]),
        key=Key.parse(key) if key else Key(seed * 5 % 12, modes[seed % len(modes)]),
        time_signature=TimeSignature.parse(metre),
        duration_seconds=seconds,
        vocals=Vocals.SUNG,
    )


def structured(asked: CompositionContext) -> UnifiedComposition:
    """Return a composition with its sections."""
    empty = UnifiedComposition(asked, asked.time_signature, TempoMap.constant(asked.bpm))
    return StructureElement().generate(empty, load_style(asked.style), Decisions(asked.seed))


def arranged(song: UnifiedComposition, *, sung: bool = True) -> UnifiedComposition:
    """Return the composition with a voice (when sung) and a lead that plays everywhere."""
    everywhere = tuple(section.name for section in song.sections)
    words = tuple(section.name for section in song.sections if section.kind in _SUNG_KINDS)
    lead = PartPlan("lead", Role.LEAD, "synth_lead", everywhere, 60, 84)
    voice = PartPlan("vocal", Role.VOCAL, "voice_lead", words, 57, 74)
    return replace(song, arrangement=(lead, voice) if sung else (lead,))


def pitched(asked: CompositionContext, *, sung: bool = True) -> UnifiedComposition:
    """Return a composition with sections, chords and melody."""
    style = load_style(asked.style)
    decisions = Decisions(asked.seed)
    song = HarmonyElement().generate(arranged(structured(asked), sung=sung), style, decisions)
    return MelodyElement().generate(song, style, decisions)


@cache
def example(style: str, seed: int, *, sung: bool = True) -> UnifiedComposition:
    """Return one song per style and seed, composed once per test run."""
    return pitched(context(style, seed), sung=sung)
