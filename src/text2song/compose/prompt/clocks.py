"""Lengths as cue sheets and other languages write them, in figures: "00:02:40", ":30", "une minute vingt"."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

#: Hours, minutes, seconds and perhaps frames of a film.
_TIMECODE = re.compile(r"(?<![\w:.])0?([01]):([0-5]\d):([0-5]\d)(?:[:;]\d{2})?(?![\w:])")
#: Lengths of commercials, as the trade writes them; not behind a name that the colon belongs to: "tempo :60".
_SPOT = re.compile(
    r"(?:^|(?<=[\s(/~\[\"“*–]))(?<!bpm )(?<!tempo )(?<!speed )(?<!click )(?<!pulse )(?<!metronome )"
    r":(06|10|15|20|30|45|60|90)"
    r"(?![\w:]|\.\d)",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:une|una|un|um|uma|ein|eine|einer|een)(?= min(?:ute|uto|uut)\b)", re.IGNORECASE)


def in_figures(text: str) -> str:
    """Return the text with such lengths as "2:40" or in digits.

    >>> in_figures("runtime 00:02:40"), in_figures("radio spot :30"), in_figures("une minute vingt")
    ('runtime 2:40', 'radio spot 0:30', 'a minute 20')
    """
    text = _SPOT.sub(r"0:\1", _TIMECODE.sub(_minutes, text))
    ahead, behind = _patterns()
    text = ahead.sub(lambda match: _numbers()[match[0].casefold()], text)
    text = behind.sub(lambda match: f"{match[1]} {_numbers()[match[2].casefold()]}", text)
    return _ONE.sub("a", text)


def _minutes(match: re.Match[str]) -> str:
    return f"{60 * int(match[1]) + int(match[2])}:{match[3]}"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of a number before minutes or seconds, and of one behind minutes."""
    # Longer numbers first, since an alternation takes the first that fits.
    names = "|".join(re.escape(name) for name in sorted(_numbers(), key=lambda name: (-len(name), name)))
    return (
        re.compile(rf"\b(?:{names})(?= (?:min\b|minut|minuut|se[cgk]))", re.IGNORECASE),
        re.compile(rf"\b(minut\w{{1,2}})(?: (?:et|y|e|und|en))? ({names})\b(?! minut)", re.IGNORECASE),
    )


@cache
def _numbers() -> dict[str, str]:
    """Return digits by number word, from lexicon/numbers.toml."""
    file = resources.files("text2song.compose.prompt").joinpath("lexicon", "numbers.toml")
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: str(value) for table in tables.values() for name, value in table.items()}
