"""Half time and double time: the backbone of a groove at another rate under timekeepers that stay."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from text2song.compose.elements.patterns import Groove
from text2song.compose.elements.steps import OWN_METRE

#: Lanes that run through compound beats and keep their rate when the backbone changes its own.
TIMEKEEPERS = ("hat", "ride", "shaker", "tambourine", "pedal")
_ONE_BAR = 16
#: The strongest symbol of two steps that become one stands.
_STRONGER = "Xxog"


def paced(groove: Groove, pace: float) -> Groove:
    """Return the groove at 0.5 (half time) or 2 (double time) its pace; at any other pace as it is.

    In half time one bar of the backbone takes two, so a back beat on two and four falls on three alone; in double
    time it takes half a bar and comes twice.
    """
    if any(pattern.startswith(OWN_METRE) for pattern in groove.lanes.values()):
        # What is written in an uneven metre has no half of it.
        return groove
    if pace == 0.5:
        return replace(groove, bars=2 * groove.bars, lanes=_mapped(groove, slow=True), turn=MappingProxyType({}))
    if pace == 2.0:
        return replace(groove, lanes=_mapped(groove, slow=False), turn=MappingProxyType({}))
    return groove


def _mapped(groove: Groove, *, slow: bool) -> MappingProxyType[str, str]:
    change = _stretched if slow else _squeezed
    return MappingProxyType(
        {
            lane: (2 * pattern if slow else pattern) if lane in TIMEKEEPERS else change(pattern, groove.bars)
            for lane, pattern in ((lane, _whole(pattern, groove.bars)) for lane, pattern in groove.lanes.items())
        }
    )


def _whole(pattern: str, bars: int) -> str:
    """Return a lane without its marks and over all bars: lanes of a two-bar groove may be written as one."""
    plain = pattern.replace(" ", "").replace("|", "")
    return plain * bars if bars > 1 and len(plain) <= _ONE_BAR else plain


def _stretched(pattern: str, _: int) -> str:
    return "".join(symbol + "." for symbol in pattern)


def _squeezed(pattern: str, bars: int) -> str:
    """Return each bar at twice its rate, two times over."""
    size = len(pattern) // bars
    found = []
    for first in range(0, len(pattern), size):
        bar = pattern[first : first + size]
        half = "".join(_strongest(bar[place : place + 2]) for place in range(0, size, 2))
        found.append(half * 2)
    return "".join(found)


def _strongest(pair: str) -> str:
    return min(pair, key=lambda symbol: _STRONGER.find(symbol) % (len(_STRONGER) + 1))
