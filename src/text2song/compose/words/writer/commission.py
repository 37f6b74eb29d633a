"""What a composition asks of its writer: how many lines of how many syllables fit its bars, about what."""

from __future__ import annotations

import math
from collections.abc import Sequence

from text2song.compose.style import Style
from text2song.compose.words.writer.bank import diction
from text2song.compose.words.writer.plan import SongPlan, StanzaPlan
from text2song.domain.composition import Section, UnifiedComposition
from text2song.domain.context import Source

#: Bars a line may take, and the syllables that make a good line.
_BARS, _GOOD = (1, 2, 4), 9.5
#: Seconds of each line without syllables: the breath and the hold at its end.
_REST = 0.9
#: Syllables of a line, and of one in a short bar; syllables a second at most.
_LEAST, _MOST, _SHORT, _FASTEST = 9, 12, 6, 4.2


def song_plan(composition: UnifiedComposition, sections: Sequence[Section], style: Style) -> SongPlan:
    """Return the plan of a song whose `sections` are sung."""
    context = composition.context
    styles = (context.style, *style.parents) if style.name != context.style else (style.name, *style.parents)
    rate = float(diction(styles)["rate"])
    titled = context.sources.get("title")
    given = titled is not None and titled.source is not Source.STYLE
    title = context.title if given and context.title.lower() != context.theme.lower() else ""
    moods = context.sources.get("moods")
    return SongPlan(
        context.prompt,
        context.theme,
        title,
        context.valence,
        moods is not None and moods.source is not Source.STYLE,
        styles,
        tuple(StanzaPlan(section.name, section.kind, _counts(section, composition, rate)) for section in sections),
    )


def _counts(section: Section, composition: UnifiedComposition, rate: float) -> tuple[int, ...]:
    bar = composition.time_signature.bar
    start = composition.section_start(section)
    seconds = composition.tempo.seconds(start + bar) - composition.tempo.seconds(start)
    each = min(_BARS, key=lambda bars: (abs(math.log2(_syllables(bars * seconds, rate) / _GOOD)), bars))
    lines = max(1, section.bars // each)
    length = min(section.bars, each) * seconds
    most = max(_SHORT, min(_MOST, round((length - _REST / 2) * _FASTEST)))
    count = min(most, max(_LEAST, round(_syllables(length, rate))))
    return (count,) * lines


def _syllables(seconds: float, rate: float) -> float:
    return max(1.0, (seconds - _REST) * rate)
