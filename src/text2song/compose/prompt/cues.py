"""The words with which people say no, from lexicon/denials.toml: what stands before, behind or around a thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from text2song.compose.prompt.lexicon import table


@dataclass(frozen=True, slots=True)
class Cues:
    """Every pattern matches whole words of the folded line from where it is tried."""

    #: What only looks like a denial: "not only", "no shortage of".
    undo: re.Pattern[str]
    #: Denies all that follows to the end of the sentence: "avoid: …".
    lists: re.Pattern[str]
    #: Denies a sound over adjectives: "no crashing drums".
    flat: re.Pattern[str]
    #: Denies what comes next alone: "not happy".
    mild: re.Pattern[str]
    #: "Any kind of", "a hint of" on the way to a thing.
    part: re.Pattern[str]
    #: Means the opposite after a negation: "can't do without".
    removal: re.Pattern[str]
    #: Verbs that remove only where a wish begins: "drop the drums".
    maybe: re.Pattern[str]
    lead: re.Pattern[str]
    nay: re.Pattern[str]
    behind: re.Pattern[str]
    #: Verb, and what follows the thing: "keep … out".
    around: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    #: Denies the sound named before it: "so none of those".
    back: re.Pattern[str]
    #: "Only", "nothing but" before a sound, "and nothing else" behind it.
    alone_before: re.Pattern[str]
    alone_after: re.Pattern[str]
    #: What may follow a thing and says no more of it.
    after: re.Pattern[str]
    #: What leaves a thing out of a moment only: behind it, and (searched to the end) before the denial.
    moment_after: re.Pattern[str]
    moment_before: re.Pattern[str]


@cache
def cues() -> Cues:
    """Return the patterns."""
    data = table("denials")
    pieces = _pieces(data["pieces"])

    def of(lines: Sequence[str]) -> re.Pattern[str]:
        # Longer patterns first, since an alternation takes the first that fits.
        written = sorted((_filled(line, pieces) for line in lines), key=len, reverse=True)
        return re.compile(rf"(?:{'|'.join(written)})(?= |$)")

    pairs = tuple((of([verb]), of([behind + data["around"]["not_after"]])) for verb, behind in data["around"]["pairs"])
    before = "|".join(_filled(line, pieces) for line in _lines(data["limits"]["before"]))
    return Cues(
        undo=of(_lines(data["undo"]["cues"])),
        lists=of(_lines(data["flat"]["lists"])),
        flat=of(_lines(data["flat"]["cues"])),
        mild=of(_lines(data["flat"]["mild"])),
        part=of(["{part}"]),
        removal=of(_lines(data["flat"]["removals"])),
        maybe=of(["{maybe_remove}"]),
        lead=of(["{lead}"]),
        nay=of(["{nay}"]),
        behind=of(_lines(data["behind"]["cues"])),
        around=pairs,
        back=of(_lines(data["back"]["cues"])),
        alone_before=of(_lines(data["alone"]["before"])),
        alone_after=of(_lines(data["alone"]["after"])),
        after=of(_lines(data["after"]["words"])),
        moment_after=of(_lines(data["limits"]["after"])),
        moment_before=re.compile(rf"(?:{before}) ?$"),
    )


@cache
def words_of(group: str, name: str) -> frozenset[str]:
    """Return a closed set of words of denials.toml."""
    return frozenset(table("denials")[group][name].split())


def _pieces(raw: dict[str, str]) -> dict[str, str]:
    """Fill pieces into the pieces below them."""
    done: dict[str, str] = {}
    for name, text in raw.items():
        done[name] = _filled(text, done)
    return done


def _filled(text: str, pieces: dict[str, str]) -> str:
    for name, piece in pieces.items():
        text = text.replace("{" + name + "}", piece)
    return text


def _lines(text: Any) -> list[str]:
    return [line for line in str(text).splitlines() if line]
