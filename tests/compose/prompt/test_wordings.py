"""A grammar of wordings of tempos, keys, lengths and denials, crossed with figures, things and places in a prompt."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.understanding import contained

from text2song.compose.prompt.understanding import understand
from text2song.domain.request import CompositionRequest, InvalidRequestError
from text2song.domain.theory import Key

WORDINGS: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "wordings.toml").read_text(encoding="utf-8"))
PLACES = (
    "{}",
    "indie folk with harp, {}, sad",
    "A happy pop song. {}. With a harp",
    "Ambient piece for my mum\n{}\nsoft pads",
    "rock ({}), slow",
)
TEMPOS = (("92", 92), ("120", 120), ("174", 174), ("ninety-two", 92), ("one twenty", 120), ("a hundred and ten", 110))
KEYS = (
    *(("A minor", "A minor"), ("Am", "A minor"), ("F# minor", "F# minor"), ("f sharp minor", "F# minor")),
    *(("C♯ minor", "C# minor"), ("Bbmaj", "Bb major"), ("b flat major", "Bb major"), ("Db Major", "Db major")),
    *(("E-minor", "E minor"), ("D dorian", "D dorian"), ("Eb min", "Eb minor"), ("G mjaor", "G major")),
)
TONICS = (("A", "A major"), ("C", "C major"), ("F#", "F# major"), ("B flat", "Bb major"), ("E♭", "Eb major"))
LENGTHS = (
    *(("3 minutes", 180), ("3min", 180), ("two and a half minutes", 150), ("2½ min", 150), ("2:30", 150)),
    *(("3m30s", 210), ("90 secs", 90), ("150 seconds", 150), ("a minute and a half", 90), ("2 minutes, 30 secs", 150)),
    *(("2-3 minutes", 150), ("half a minute", 30), ("3 mintues", 180), ("1'20", 80), ("120s", 120)),
)
THINGS = (
    "drums",
    "guitar",
    "piano",
    "vocals",
    "strings",
    "synths",
    "saxophone",
    "choir",
    "percussion",
    "flute",
    "trumpet",
)
HELD = ("harp", "celesta", "mandolin")
#: Words that hold a figure only when it is written in digits, hung on a sign or a unit.
HUNG = re.compile(r"#N#(?:bpm|ish|\+|\.\d|,\d|/)|[~≈@=/&+]#N#")


def crossed(
    group: str, values: tuple[tuple[str, Any], ...], times: int, step: int = 5
) -> Iterator[tuple[str, str, Any]]:
    """Yield (template, prompt, what is meant), every template with some of the values and places, turn by turn."""
    for index, template in enumerate(WORDINGS[group]):
        for turn in range(times):
            said, meant = values[(index + step * turn) % len(values)]
            if HUNG.search(template) and not said[-1:].isdigit() and group == "tempos":
                said, meant = values[turn % 3]
            place = PLACES[(index + turn) % len(PLACES)]
            yield template, place.format(template.replace("#N#", said)), meant


def read(prompt: str) -> dict[str, Any]:
    try:
        return understand(CompositionRequest(prompt))
    except InvalidRequestError:
        return {"refused": prompt}


@pytest.mark.parametrize(
    ("group", "values", "field", "like"),
    [
        ("tempos", TEMPOS, "bpm", float),
        ("keys", KEYS, "key", Key.parse),
        ("tonics", TONICS, "key", Key.parse),
        ("lengths", LENGTHS, "duration_seconds", float),
    ],
)
def test_a_figure_is_read_in_every_wording(
    group: str, values: tuple[tuple[str, Any], ...], field: str, like: Callable[[Any], object]
) -> None:
    misread = [
        (template, prompt)
        for template, prompt, meant in crossed(group, values, 3)
        if field not in (answer := read(prompt))
        or answer["sources"][field]["source"] != "words"
        or like(answer[field]) != like(meant)
    ]
    assert misread == []


def test_a_denied_thing_is_left_out_in_every_wording() -> None:
    things = tuple((thing, thing) for thing in THINGS)
    misread = [
        (template, prompt)
        for template, prompt, thing in crossed("denials", things, 3)
        if contained([thing], read(prompt).get("without", ())) != [True]
    ]
    assert misread == []


def test_a_thing_that_sounds_is_not_left_out() -> None:
    things = tuple((thing, thing) for thing in THINGS if thing != "vocals")
    misread = [
        (template, prompt)
        for template, prompt, thing in crossed("wishes", things, 2)
        if contained([thing], _whole(read(prompt).get("without", [thing]))) != [False]
    ]
    assert misread == []


def test_a_denial_goes_as_far_as_its_list() -> None:
    misread = []
    for index, row in enumerate(WORDINGS["lists"]):
        template, gone, kept = row.rsplit("|", 2)
        base = index % 4
        names = {"A": THINGS[base], "B": THINGS[base + 4], "C": THINGS[base + 7], "H": HELD[index % 3]}
        names = {letter: "organ" if name == "vocals" else name for letter, name in names.items()}
        prompt = re.sub(r"\b([ABCH])\b", lambda match, names=names: names[match[1]], template)  # type: ignore[misc]
        answer = read(("{}", "A happy song. {}. 120 bpm")[index % 2].format(prompt))
        denied = contained([names[each] for each in gone.split()], answer["without"])
        sounding = contained([names[each] for each in kept.split()], _whole(answer["without"]))
        if not all(denied) or any(sounding):
            misread.append((template, prompt, answer["without"]))
    assert misread == []


def _whole(without: list[str]) -> list[str]:
    """Leave out "other strings", which is what stays silent beside a violin that was asked for."""
    return [name for name in without if not name.startswith("other ")]
