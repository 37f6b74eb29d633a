"""Is a prompt read as a musician reads it? `python -m benchmarks.understanding [list …] [--misses] [--keep]`

The lists in `benchmarks/prompts` were written and labelled apart from the taxonomy. "development" was read at once;
"first", "strangers", "last", "fresh", "wordings", "street", "plain" and "people" were sealed one after the other, read
once, and only then used to find what the reader lacked. The tables of 2026-11-25 and 2026-11-26 hold the last seven at
first sight, later figures are higher. "wordings" is of unusual wordings, "street" and "plain" are of those of ordinary
users, "people" of five: a teenager, a film editor, a church musician, a DJ, one whose English is a second language.
A label is every answer a fair musician would accept. `--keep` stores the table under benchmarks/results.
"""

from __future__ import annotations

import csv
import datetime
import re
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from text2song.compose.prompt.understanding import understand
from text2song.domain.request import CompositionRequest, InvalidRequestError
from text2song.domain.theory import Key

HERE = Path(__file__).parent
Answer = dict[str, Any]
Case = dict[str, Any]


def main(lists: Iterable[str], *, misses: bool, keep: bool) -> int:
    """Print one table per list; return 0, as figures are for the reader to judge."""
    rows = [row for name in lists for row in measure(name, misses=misses)]
    for row in rows:
        print(f"{row['list']:12} {row['field']:15} {row['right']:>3} of {row['labelled']:>3}  {row['share']:.1%}")
    if keep:
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        with (HERE / "results" / f"understanding-{today}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        _plot(rows, HERE / "results" / f"understanding-{today}.png")
    return 0


def _plot(rows: list[dict[str, Any]], path: Path) -> None:
    """Draw the shares by field, one bar per list."""
    fields = list(dict.fromkeys(row["field"] for row in rows))
    lists = list(dict.fromkeys(row["list"] for row in rows))
    figure, axes = plt.subplots(figsize=(9, 3.2))
    for index, name in enumerate(lists):
        shares = {row["field"]: float(row["share"]) for row in rows if row["list"] == name}
        places = [place + 0.8 * (index / len(lists)) for place, field in enumerate(fields) if field in shares]
        axes.bar(places, [100 * share for share in shares.values()], 0.8 / len(lists), label=name)
    axes.set_xticks([place + 0.3 for place in range(len(fields))], fields, rotation=20, fontsize=8)
    axes.set_ylabel("read as labelled, %")
    axes.legend(fontsize=8, loc="lower left")
    figure.tight_layout()
    figure.savefig(path, dpi=70)
    plt.close(figure)


def measure(name: str, *, misses: bool = False) -> list[dict[str, Any]]:
    """Return right and labelled per field over one list of prompts."""
    cases = tomllib.loads((HERE / "prompts" / f"{name}.toml").read_text(encoding="utf-8"))["prompt"]
    right = dict.fromkeys(CHECKS, 0)
    labelled = dict.fromkeys(CHECKS, 0)
    for case in cases:
        answer = _read(case["text"])
        for field, check in CHECKS.items():
            if field not in case:
                continue
            units = check(case, answer) if answer else [False]
            right[field] += sum(units)
            labelled[field] += len(units)
            if misses and not all(units):
                print(f"{field}: {case['text']!r}\n   wanted {case[field]}, read {_shown(field, answer)}")
    return [
        {"list": name, "field": field, "right": right[field], "labelled": total, "share": right[field] / total}
        for field, total in labelled.items()
        if total
    ]


def _read(text: str) -> Answer:
    """Return the reading, empty where the prompt is refused ("one hour" of music): every label of it is then missed."""
    try:
        return understand(CompositionRequest(text))
    except InvalidRequestError:
        return {}


def _genre(case: Case, answer: Answer) -> list[bool]:
    """The heaviest genre or one of its parents is among the accepted answers."""
    top = max(answer["genres"], key=lambda each: each["weight"])
    return [bool(_plain([top["name"], *top["parents"]]) & _plain(case["genre"]))]


def _mood(case: Case, answer: Answer) -> list[bool]:
    return [bool(_plain(answer["moods"]) & _plain(case["mood"]))]


def _instruments(case: Case, answer: Answer) -> list[bool]:
    return contained(case["instruments"], answer["instruments"])


def contained(wishes: Iterable[str], names: Iterable[str]) -> list[bool]:
    """A wish counts where a name contains it or is contained in it: "guitar" and "electric guitar"."""
    heard = _plain(names)
    return [any(one in each or each in one for one in _plain([wish]) for each in heard) for wish in wishes]


def _without(case: Case, answer: Answer) -> list[bool]:
    return contained(case["without"], answer["without"])


def _effects(case: Case, answer: Answer) -> list[bool]:
    """Every denied effect is left out of the sound, or said to be not understood."""
    return contained(case["effects"], [*answer["without"], *answer["not_understood"]])


def _tempo(case: Case, answer: Answer) -> list[bool]:
    low, high = case["tempo"]
    return [low <= answer["bpm"] <= high]


def _key(case: Case, answer: Answer) -> list[bool]:
    return [Key.parse(case["key"]) == Key.parse(answer["key"])]


def _same(field: str, named: str | None = None) -> Callable[[Case, Answer], list[bool]]:
    def check(case: Case, answer: Answer) -> list[bool]:
        return [case[field] == answer[named or field]]

    return check


def _plain(names: Iterable[str]) -> set[str]:
    """Spellings that mean the same become the same: case, accents, hyphens, plural."""
    plain = (unicodedata.normalize("NFD", name.casefold()) for name in names)
    return {re.sub(r"[^a-z0-9]", "", name).rstrip("s") for name in plain}


def _shown(field: str, answer: Answer) -> object:
    named = {"genre": "genres", "mood": "moods", "tempo": "bpm", "duration": "duration_seconds"}.get(field, field)
    return answer.get(named, "nothing: refused")


CHECKS: dict[str, Callable[[Case, Answer], list[bool]]] = {
    "genre": _genre,
    "mood": _mood,
    "bpm": _same("bpm"),
    "tempo": _tempo,
    "key": _key,
    "time_signature": _same("time_signature"),
    "duration": _same("duration", "duration_seconds"),
    "instruments": _instruments,
    "without": _without,
    "effects": _effects,
    "vocals": _same("vocals"),
    "voice": _same("voice"),
    "language": _same("language"),
}

if __name__ == "__main__":
    words = sys.argv[1:]
    wanted = [word for word in words if not word.startswith("--")] or [
        "development",
        "first",
        "strangers",
        "last",
        "fresh",
        "wordings",
        "street",
        "plain",
        "people",
    ]
    sys.exit(main(wanted, misses="--misses" in words, keep="--keep" in words))
