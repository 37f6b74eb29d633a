"""Who sings and how: the voice wished for or the style's own, and the delivery of the genre."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.elements.patterns import table
from text2song.compose.style import Style
from text2song.domain.context import CompositionContext
from text2song.domain.voices import VoiceInfo, voice, voices

_WORD = re.compile(r"[^\W_]+")
_DENIALS = frozenset({"no", "not", "without", "never"})
#: Who joins whom: the partner of a duet, and the colour of a harmony.
_PARTNERS: Mapping[str, str] = MappingProxyType(
    {"soprano": "tenor", "alto": "tenor", "tenor": "alto", "baritone": "soprano", "child": "alto"}
)
_SIBLINGS: Mapping[str, str] = MappingProxyType(
    {"soprano": "alto", "alto": "soprano", "tenor": "baritone", "baritone": "tenor"}
)


def habits(context: CompositionContext, style: Style) -> Mapping[str, Any]:
    """Return the row of `vocals.toml` for a song, with the usual figures under it."""
    rows = table("idioms", "vocals")
    usual = rows["usual"]
    return next((usual | rows[name] for name in _names(context, style) if name in rows), usual)


def _names(context: CompositionContext, style: Style) -> Iterator[str]:
    heaviest = max(context.genres, key=lambda genre: genre.weight) if context.genres else None
    if heaviest is not None:
        yield from (heaviest.name, *heaviest.parents)
    yield from (style.name, *style.parents)


def lead_voice(context: CompositionContext, style: Style, decisions: Decisions) -> VoiceInfo:
    """Return who leads: the voice the words name, else one of the wished kind, else one the style likes."""
    named = _asked("voice", context)
    if named is not None:
        return voice(named)
    pool = [(str(name), float(weight)) for name, weight in habits(context, style)["voices"]]
    if context.voice:
        kind = context.voice
        fitting = [(name, weight) for name, weight in pool if voice(name).kind == kind]
        pool = fitting or [(name, 1.0) for name, info in voices().items() if info.kind == kind] or pool
    chosen = decisions.decide("vocals/voice", [name for name, _ in pool], [weight for _, weight in pool])
    return voice(chosen)


def delivery_of(context: CompositionContext, style: Style) -> str:
    """Return how the song is sung: as the words say, as a choir sings, else as the genre does."""
    asked = _asked("delivery", context)
    if asked is not None:
        return asked
    return "choral" if context.voice == "choir" else str(habits(context, style)["delivery"])


def is_duet(context: CompositionContext) -> bool:
    """Return whether two singers are asked for."""
    return _asked("duet", context) is not None


def partner_of(lead: VoiceInfo) -> VoiceInfo:
    """Return who sings a duet with a voice."""
    return voice(_PARTNERS.get(lead.id, "alto"))


def sibling_of(lead: VoiceInfo) -> VoiceInfo:
    """Return whose colour a harmony has beside a voice: another of its kind where there is one."""
    return voice(_SIBLINGS.get(lead.id, lead.id))


def _asked(kind: str, context: CompositionContext) -> str | None:
    """Return what the prompt's words mean for a table of `vocals.toml`; a denied word means nothing."""
    # What is to be sung says nothing of how.
    said = context.prompt.partition(context.lyrics)[0] if context.lyrics else context.prompt
    words = [match[0] for match in _WORD.finditer(said.casefold().replace("'", "").replace("’", ""))]
    for phrase, meaning in table("idioms", "vocals")["words"][kind].items():
        parts = phrase.split()
        for start in range(len(words) - len(parts) + 1):
            if words[start : start + len(parts)] == parts and not _DENIALS & set(words[max(0, start - 2) : start]):
                return str(meaning)
    return None
