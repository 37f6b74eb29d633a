"""Grooves written in an uneven metre itself, for styles that have none of their own there."""

from __future__ import annotations

from types import MappingProxyType

from text2song.compose.elements.patterns import Groove, table
from text2song.compose.metre import counted_groups
from text2song.domain.theory import TimeSignature


def metric_grooves(family: str, metre: TimeSignature) -> tuple[Groove, ...]:
    """Return the grooves of a family of kits ("rock", "electronic", …) in a metre and its groups, if there are any."""
    counted = "+".join(map(str, counted_groups(metre)))
    return tuple(
        Groove(
            name=row["name"],
            groups=tuple(row["for"]),
            weight=1.0,
            bars=1,
            lanes=MappingProxyType(row["lanes"]),
            turn=MappingProxyType(row.get("turn", {})),
            metres=(row["metre"],),
        )
        for row in table("idioms", "metres")["groove"]
        if row["metre"] == metre.name and row["groups"] == counted and family in row["families"]
    )
