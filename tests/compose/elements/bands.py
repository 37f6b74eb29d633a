"""Whole songs for tests: every element of a composition run in order."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from tests.compose.elements.songs import context

from text2song.compose.decisions import Decisions
from text2song.compose.element import ElementGenerator
from text2song.compose.elements.accompaniment import AccompanimentElement
from text2song.compose.elements.arrangement import ArrangementElement
from text2song.compose.elements.bass import BassElement
from text2song.compose.elements.drums import DrumsElement
from text2song.compose.elements.feel import FeelElement
from text2song.compose.elements.harmony import HarmonyElement
from text2song.compose.elements.melody import MelodyElement
from text2song.compose.elements.mix import MixElement
from text2song.compose.elements.structure import StructureElement
from text2song.compose.style import load_style
from text2song.domain.composition import UnifiedComposition
from text2song.domain.context import CompositionContext, Vocals
from text2song.domain.score import TempoMap

PLAN: tuple[ElementGenerator, ...] = (StructureElement(), ArrangementElement(), HarmonyElement())
WRITTEN: tuple[ElementGenerator, ...] = (
    *PLAN,
    MelodyElement(),
    BassElement(),
    DrumsElement(),
    AccompanimentElement(),
)
ALL: tuple[ElementGenerator, ...] = (*WRITTEN, FeelElement(), MixElement())


def composed(asked: CompositionContext, elements: tuple[ElementGenerator, ...] = ALL) -> UnifiedComposition:
    """Return the composition that the elements make of a context."""
    style, decisions = load_style(asked.style), Decisions(asked.seed)
    song = UnifiedComposition(asked, asked.time_signature, TempoMap.constant(asked.bpm))
    for element in elements:
        song = element.generate(song, style, decisions)
    return song


def asked(style: str, seed: int = 0, seconds: float = 90.0, *, metre: str = "4/4", **wishes: Any) -> CompositionContext:
    """Return an instrumental context with the given wishes."""
    return replace(context(style, seed, seconds, metre=metre), **({"vocals": Vocals.INSTRUMENTAL} | wishes))


@cache
def band(style: str, seed: int = 0, *, sung: bool = False, seconds: float = 90.0) -> UnifiedComposition:
    """Return one full song per style and seed, composed once per test run."""
    return composed(asked(style, seed, seconds, vocals=Vocals.SUNG if sung else Vocals.INSTRUMENTAL))
