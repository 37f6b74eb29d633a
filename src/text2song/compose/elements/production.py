"""Production words ("dusty", "wall of sound", "no reverb") as changes to arrangement, feel and mix; all are data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from text2song.compose.elements.patterns import table
from text2song.domain.context import CompositionContext

_FACTORS = ("reverb", "width", "loose", "pace")
_SUMS = ("layers", "send_db", "delay_db", "air_db", "duck_db", "bass_db", "drums_db", "crest_db", "wow_cents", "vinyl")


@dataclass(frozen=True, slots=True)
class Production:
    """All production words of a context taken together; the defaults change nothing."""

    #: Added to the level from which places play.
    layers: float = 0.0
    #: Factors on the reverberation time, the stereo width and the freedom of timing.
    reverb: float = 1.0
    width: float = 1.0
    loose: float = 1.0
    #: Factor on the rate of the drums' backbone: 0.5 half time, 2 double time.
    pace: float = 1.0
    #: Decibels added to reverb sends, delay sends, the air shelf, ducking, and the bass's and drums' levels.
    send_db: float = 0.0
    delay_db: float = 0.0
    air_db: float = 0.0
    duck_db: float = 0.0
    bass_db: float = 0.0
    drums_db: float = 0.0
    #: Decibels added to how far peaks stand above the power of the master.
    crest_db: float = 0.0
    #: Cents by which a tape swings, and how worn the record is, 0 for new.
    wow_cents: float = 0.0
    vinyl: float = 0.0
    #: Swing ratio asked for; None leaves it to the style.
    swing: float | None = None
    #: The ending asked for, a name of `idioms/endings.toml` or "fade"; "" leaves it to the style.
    ending: str = ""
    #: An ending that is not wanted.
    unending: str = ""
    #: The chance that the last chorus stands in a higher key; None leaves it to the style.
    lift: float | None = None


def production_of(context: CompositionContext) -> Production:
    """Return what the production words of a context ask for; words without an effect here change nothing."""
    effects = table("idioms", "production")
    rows = [effects[word] for word in context.production if word in effects]
    swings = [float(row["swing"]) for row in rows if "swing" in row]
    lifts = [float(row["lift"]) for row in rows if "lift" in row]
    return Production(
        swing=swings[-1] if swings else None,
        lift=lifts[-1] if lifts else None,
        ending=next((str(row["ending"]) for row in rows if "ending" in row), ""),
        unending=next((str(row["unending"]) for row in rows if "unending" in row), ""),
        **{name: _product(rows, name) for name in _FACTORS},
        **{name: _sum(rows, name) for name in _SUMS},
    )


def _product(rows: list[dict[str, Any]], name: str) -> float:
    result = 1.0
    for row in rows:
        result *= float(row.get(name, 1.0))
    return result


def _sum(rows: list[dict[str, Any]], name: str) -> float:
    return sum(float(row.get(name, 0.0)) for row in rows)
