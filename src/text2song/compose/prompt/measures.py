"""Exact figures in words: beats per minute and durations."""

from __future__ import annotations

import re
from dataclasses import dataclass

from text2song.compose.prompt.lexicon import grammar
from text2song.compose.prompt.words import Span, Words
from text2song.domain.rational import Fraction
from text2song.domain.request import BPM, DURATION_SECONDS, InvalidRequestError

_NUMBER = r"(\d+(?:[.,]\d+)?)"
_BEATS = r"(?:bpm|bmp|bpms|b\.p\.m|beats (?:per|a) min(?:ute)?|b \. p \. m)"
#: Musics that are called by their tempo: "140 dubstep", "174 dnb".
_TEMPO_NAMED = (
    r"(?:(?:deep|dark|liquid|hard|tech|minimal|melodic|acid|uk|deep|lofi|lo fi|jungle|half time) )?"
    r"(?:dubstep|dnb|d and b|drum and bass|drum|techno|house|trance|garage|jungle|hardstyle|trap|drill|grime|psytrance"
    r"|hardcore|breaks|breakbeat|footwork|hip hop|boom bap|disco|edm|riddim)"
)
_BPM = (
    re.compile(rf"\b{_NUMBER} (?:~|to|or|and) {_NUMBER} {_BEATS}\b"),
    re.compile(rf"(?<!\S){_NUMBER} {_BEATS}\b"),
    re.compile(
        r"(?<!\S)(?:bpm|tempo|♩|q)"
        r"(?: (?:of|is|at|around|about|to|roughly|approximately|approx|circa|set|marking|range|the|=|:|~|be))*"
        rf" {_NUMBER}(?: ~ {_NUMBER})?(?!\S| (?:sec|min|bars?|%))"
    ),
    re.compile(
        r"\bat ([4-9]\d|1\d\d|2[0-2]\d)(?!\S| (?:sec|min|bars?|years?|hours?|am|pm|o'clock|degrees|mph|hz|st|th)\b)"
    ),
    re.compile(r"(?:^|(?<=[,;|.] ))([6-9]\d|1\d\d|2[01]\d)(?= [,;|.]|$)"),
    re.compile(rf"(?:^|(?<=[,;|.] ))([6-9]\d|1\d\d|2[01]\d)(?= {_TEMPO_NAMED}\b)"),
    re.compile(r"(?<!of )(?<!the )(?<!in )(?<!highway )(?<!route )(?<!about )(?<!version )(?<=\S )([89]\d|1\d\d)$"),
)
_UNIT = r"(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?)"
_DURATION = (
    re.compile(rf"(?<!\S){_NUMBER} (?:minutes?|mins?|m) (?:and )?{_NUMBER} (?:seconds?|secs?|s)\b"),
    re.compile(rf"(?<!\S){_NUMBER} (?:~|to|or) {_NUMBER} {_UNIT}\b"),
    re.compile(rf"(?<!\S){_NUMBER} (?:full )?{_UNIT}\b"),
)
_WORDED = (
    (re.compile(r"\b(?:a|1) minute and a half\b"), 90.0),
    (re.compile(r"\bhalf a minute\b|\bhalf minute\b"), 30.0),
    (re.compile(r"\b(?:a )?couple (?:of )?minutes\b"), 120.0),
    (re.compile(r"\b(?:a|1) quarter of an hour\b"), 900.0),
    (re.compile(r"\bhalf an hour\b"), 1800.0),
    (re.compile(r"(?<=\bfor )an hour\b|(?<=\blasting )an hour\b|\ban hour(?= long\b| of\b)"), 3600.0),
    (re.compile(r"\b(?:a|one) minute(?= long\b|s? of\b)"), 60.0),
)
_CLOCK = re.compile(r"(?<!\S)(\d{1,2}):(\d{2})(?!\S)")
_SHORT = re.compile(r"(?<!\S)(\d{2,3})s(?!\S)")
_COMPACT = re.compile(r"(?<!\S)(\d{1,2}) ?m ?(\d{2})s(?!\S)")
#: "303s" are machines, not seconds (808 and 909 are too long to be taken for a length).
_MACHINES = frozenset({303})
_MOMENT_WORDS = frozenset({"at", "from", "after", "until", "by", "around"})
_LENGTH_WORDS = grammar("length_words")
_ERA_WORDS = grammar("era_words")


def read_bpm(words: Words) -> tuple[Fraction, str] | None:
    """Return the tempo that the words state, and those words; raises `InvalidRequestError` outside 30–300."""
    for pattern in _BPM:
        for match, span in words.find(pattern):
            figures = [Fraction(figure.replace(",", ".")) for figure in match.groups() if figure]
            value = sum(figures, Fraction(0)) / len(figures)
            said = words.use(span)
            if not BPM[0] <= value <= BPM[1]:
                low, high = BPM
                message = f"“{said}” is out of range: a tempo is {low:g}–{high:g} beats per minute"
                raise InvalidRequestError(message, field="prompt")
            return value, said
    return None


@dataclass(frozen=True, slots=True)
class StatedLength:
    """A length that the words state."""

    #: Within what a song may last.
    seconds: float
    words: str
    #: What was wished when no song may last so, in words for people; else empty.
    beyond: str = ""


def read_duration(words: Words) -> StatedLength | None:
    """Return the length that the words state; one that no song may have becomes the nearest that it may.

    A field out of its limits is refused, since whoever sets it can set another; "an hour of lofi" says plainly what the
    music should be, and gets the longest song there is, with a word about it.
    """
    found = _worded(words) or _figures(words) or _short(words) or _worded(words, moments=True)
    if found is None:
        return None
    seconds, span = found
    said = words.use(span)
    low, high = DURATION_SECONDS
    nearest = min(max(seconds, low), high)
    return StatedLength(nearest, said, "" if nearest == seconds else f"{said} (a song lasts {low:g}–{high:g} seconds)")


def _worded(words: Words, *, moments: bool = False) -> tuple[float, Span] | None:
    """Read lengths in words and clock figures; `moments` also takes "at 0:26", a moment in the song, for its length."""
    for pattern, seconds in _WORDED:
        for _, span in words.find(pattern):
            return seconds, span
    for pattern in (_CLOCK, _COMPACT):
        for match, span in words.find(pattern):
            if not moments and words.at(span.start - 1) in _MOMENT_WORDS:
                continue
            return 60.0 * int(match[1]) + int(match[2]), span
    return None


def _figures(words: Words) -> tuple[float, Span] | None:
    for pattern in _DURATION:
        for match, span in words.find(pattern):
            if pattern is _DURATION[0]:
                return 60 * _value(match[1]) + _value(match[2]), span
            figures = [_value(figure) for figure in match.groups()[:-1]]
            return sum(figures) / len(figures) * _scale(match.groups()[-1]), span
    return None


def _short(words: Words) -> tuple[float, Span] | None:
    """Read "90s": a duration beside words of length or in a list of figures, else a decade for the era reader."""
    for match, span in words.find(_SHORT):
        number = int(match[1])
        near = {words.at(span.start - 1), words.at(span.end)}
        decade = number % 10 == 0 and number <= 90
        if near & _ERA_WORDS or number in _MACHINES or number > DURATION_SECONDS[1]:
            continue
        if not decade or near & _LENGTH_WORDS or words.at(span.start - 1) == "for" or _in_figures(words, span):
            return float(number), span
    return None


def _in_figures(words: Words, span: Span) -> bool:
    """Whether "60s" stands alone between commas in a prompt that lists figures, as in "100 bpm, A minor, 60s"."""
    alone = words.breaks(span.start - 1) and words.breaks(span.end)
    return alone and ("bpm" in words.line or "tempo" in words.line or words.at(span.start) in {"20s", "30s", "40s"})


def _value(figure: str) -> float:
    return float(figure.replace(",", "."))


def _scale(unit: str) -> float:
    return {"s": 1.0, "m": 60.0, "h": 3600.0}[unit[0]]
