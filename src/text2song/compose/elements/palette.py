"""Who is in the band: one instrument per place of the style's palette, the user's wishes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from types import MappingProxyType

from text2song.compose.decisions import Decisions
from text2song.compose.elements.patterns import table
from text2song.compose.style import Style
from text2song.domain.context import CompositionContext, Source, Vocals
from text2song.domain.instruments import InstrumentInfo, instrument
from text2song.domain.score import Role

#: The places of a band, in the order they are filled; the name becomes the part's name.
PLACES: Mapping[str, Role] = MappingProxyType(
    {
        "drums": Role.DRUMS,
        "bass": Role.BASS,
        "chords": Role.CHORDS,
        "lead": Role.LEAD,
        "pad": Role.PAD,
        "arpeggio": Role.ARPEGGIO,
        "counter": Role.COUNTER,
        "percussion": Role.DRUMS,
        "effects": Role.EFFECTS,
    }
)
#: The share of a place's palette from which an instrument counts as at home there.
_AT_HOME = 0.2
#: In a palette: the place may stay empty.
NOBODY = "none"
#: A song has at least this many parts unless the user forbids them.
PARTS_LEAST = 6


@dataclass(frozen=True, slots=True)
class Player:
    """One member of the band."""

    name: str
    role: Role
    instrument: InstrumentInfo
    #: Whether the user named the instrument.
    asked: bool = False


def cast_players(context: CompositionContext, style: Style, decisions: Decisions) -> tuple[Player, ...]:
    """Return the band, asked instruments in fitting places and the style's own in the rest."""
    palette = style.table("palette")
    band = _asked(context, palette)
    for place in PLACES:
        if place not in band and not _place_excluded(place, context.without):
            found = _chosen(place, _pool(place, palette, context, band), decisions, "instrument")
            band |= {} if found is None else {place: found}
    for place in ("pad", "counter", "arpeggio", "chords"):
        if sum(player.role is not Role.EFFECTS for player in band.values()) >= PARTS_LEAST:
            break
        band |= _spare(place, context, band, decisions)
    band |= _second_hands(band, context.without)
    return tuple(band[name] for name in sorted(band, key=_rank))


def excluded(info: InstrumentInfo, without: Sequence[str]) -> bool:
    """Return whether the user does not want to hear the instrument."""
    if info.id in without or info.family in without:
        return True
    if info.percussion:
        return "drums" in without or "percussion" in without
    return info.electronic and "synth" in without


def _rank(name: str) -> tuple[int, str]:
    return (list(PLACES).index(name.partition("-")[0]), name)


def _place_excluded(place: str, without: Sequence[str]) -> bool:
    drumless = PLACES[place] is Role.DRUMS and ("drums" in without or "percussion" in without)
    return drumless or place in without or str(PLACES[place]) in without


def _second_hands(band: Mapping[str, Player], without: Sequence[str]) -> dict[str, Player]:
    """Let asked instruments play tune and chords too where nobody else may: a solo piano has two hands."""
    soloists = [player for player in band.values() if player.asked and not player.instrument.percussion]
    missing = [place for place in ("lead", "chords") if place not in band and not _place_excluded(place, without)]
    return {
        place: Player(place, PLACES[place], soloist.instrument, asked=True)
        for place, soloist in zip(missing, cycle(soloists), strict=False)
    }


def _asked(context: CompositionContext, palette: Mapping[str, object]) -> dict[str, Player]:
    band: dict[str, Player] = {}
    insisted = _insisted(context)
    for name in dict.fromkeys(context.instruments):
        info = instrument(name)
        if (excluded(info, context.without) and not insisted) or (
            name == "voice_lead" and context.vocals is Vocals.SUNG
        ):
            continue
        usual = dict.fromkeys(_places_for(info, palette))
        # "String quartet, no bass" has a cello, but nobody who plays the bass line.
        wanted = [place for place in usual if not _place_excluded(place, context.without)] or list(usual)
        place = next((place for place in wanted if place not in band), _next_name(_second_choice(wanted), band))
        band[place] = Player(place, PLACES[place.partition("-")[0]], info, asked=True)
    return band


def _insisted(context: CompositionContext) -> bool:
    """Whether the user set the instruments and only words exclude any: the congas set for “no drums” are heard."""
    sources = (context.sources.get("instruments"), context.sources.get("without"))
    asked, denied = (reading.source if reading else None for reading in sources)
    return asked is Source.USER and denied is not Source.USER


def _places_for(info: InstrumentInfo, palette: Mapping[str, object]) -> Iterator[str]:
    """Yield the places an instrument can take: where the style has it, then where its kind usually sits."""
    shares = {place: _share(info.id, palette.get(place, ())) for place in PLACES}
    yield from sorted((place for place in PLACES if shares[place] >= _AT_HOME), key=lambda place: -shares[place])
    usual = table("grooves", "places")
    yield from usual["instrument"].get(info.id, usual["family"].get(info.family, ["chords"]))


def _share(name: str, pool: object) -> float:
    rows = pool if isinstance(pool, list) else []
    total = sum(float(weight) for _, weight in rows)
    return sum(float(weight) for other, weight in rows if other == name) / total if total else 0.0


def _second_choice(wanted: Sequence[str]) -> str:
    """Return the place that takes one more player: there is one bass and one tune, so further ones play against it."""
    return next((place for place in wanted if place not in ("lead", "bass")), "counter")


def _next_name(place: str, band: Mapping[str, Player]) -> str:
    count = 2
    while f"{place}-{count}" in band:
        count += 1
    return f"{place}-{count}"


def _pool(
    place: str, palette: Mapping[str, object], context: CompositionContext, band: Mapping[str, Player]
) -> list[tuple[str, float]]:
    """Return the instruments that may take a place; the general ones when the style's are all unwanted."""
    used = {player.instrument.id for player in band.values()}
    own = palette.get(place, [])
    if not own:
        return []
    for rows in (own, table("grooves", "places")["spare"].get(place, [])):
        fitting = [
            (str(name), float(weight))
            for name, weight in (rows if isinstance(rows, list) else [])
            if name == NOBODY or (name not in used and not excluded(instrument(name), context.without))
        ]
        if any(name != NOBODY for name, _ in fitting):
            return fitting
    return []


def _chosen(place: str, pool: Sequence[tuple[str, float]], decisions: Decisions, kind: str) -> Player | None:
    if not pool:
        return None
    name = decisions.decide(f"arrangement/{kind}/{place}", [name for name, _ in pool], [weight for _, weight in pool])
    return None if name == NOBODY else Player(place, PLACES[place.partition("-")[0]], instrument(name))


def _spare(
    place: str, context: CompositionContext, band: Mapping[str, Player], decisions: Decisions
) -> dict[str, Player]:
    """Return one more player for a small band, on a general instrument."""
    if _place_excluded(place, context.without):
        return {}
    rows = table("grooves", "places")["spare"][place]
    name = place if place not in band else _next_name(place, band)
    found = _chosen(name, _pool(place, {place: rows}, context, band), decisions, "spare")
    return {} if found is None else {name: found}
