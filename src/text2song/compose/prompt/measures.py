"""Durations in words and figures: "2 min 40", "a minute and a half", "0:30", "length: 90", "16 bars"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from text2song.compose.prompt.lexicon import grammar
from text2song.compose.prompt.words import Span, Words
from text2song.domain.request import DURATION_SECONDS

_NUMBER = r"(\d+(?:[.,]\d+)?)"
_MINUTES = r"(?:minutes?|mins?|m|mnt?s?|minuten|minuut|minutos?|minut[io])(?: \.)?"
_SECONDS = r"(?:seconds?|secs?|s|segundos?|second[io]|secondes?|sekunden?|seconden)(?: \.)?"
_HOURS = r"(?:hours?|hrs?|h)"
_UNIT = rf"({_SECONDS}|{_MINUTES}|{_HOURS})"
#: Behind a bare figure after minutes: it counts something else.
_COUNTING = r"(?:bpm|bars?|beats|pieces|strings?|voices?|verses?|takes?|people|players?|~|to|%|sec\w*|min\w*|hours?)"
_HALF = r"(?:and a half|and 1/2|(?:y|and) medi[oa]|et demie?|e mezz[oa]|e mei[ao]|und eine halbe|en een half|and half)"
_END = r"(?= |$)"
_CLOSED = (
    r"(?= (?:[,;.!?)\]/|–\n:]|long|in|of|total|please|pls|and|with|or so|max|song|track|piece|loop|jingle)(?: |$)|$)"
)
_OPEN = r"(?:^|(?<=[,;|.(\[/–:\n] ))"
_AROUND = (
    r"(?:about|around|roughly|approximately|approx|circa|ca|over|under|less than|for|lasting|lasts|exactly|only"
    r"|up to|max|maximum|at most|~)"
)
_LONG = r"(?:length|duration|runtime|run time|running time|playing time|total time|song length)"

_Read = Callable[[re.Match[str]], float]


def _value(figure: str) -> float:
    return float(figure.replace(",", "."))


def _scale(unit: str) -> float:
    return {"s": 1.0, "m": 60.0, "h": 3600.0}[unit[0]]


def _both(match: re.Match[str]) -> float:
    return 60 * _value(match[1]) + _value(match[2])


def _seconds_of(seconds: float) -> _Read:
    return lambda _: seconds


def _with_unit(match: re.Match[str]) -> float:
    figures = [_value(figure) for figure in match.groups()[:-1] if figure]
    return sum(figures) / len(figures) * _scale(match.groups()[-1])


def _two_clocks(match: re.Match[str]) -> float:
    return 30.0 * (int(match[1]) + int(match[3])) + 0.5 * (int(match[2]) + int(match[4]))


def _bare(match: re.Match[str]) -> float:
    """ "Length: 90" is in seconds, "length: 3" in minutes."""
    value = _value(match[1])
    return value if value >= _FEWEST_SECONDS else 60 * value


_FEWEST_SECONDS = 10
#: The first pattern that fits counts; each is a length wherever it stands unless a moment is meant.
_LENGTHS: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (re.compile(rf"(?<!\S)(?:a|1)(?: (?:full|whole|good|solid))* {_MINUTES} {_HALF}{_END}"), _seconds_of(90.0)),
    (re.compile(rf"(?<!\S){_NUMBER} {_MINUTES} {_HALF}{_END}"), lambda match: 60 * _value(match[1]) + 30),
    (re.compile(rf"(?<!\S){_NUMBER} (?:and |1 )?half {_MINUTES}{_END}"), lambda match: 60 * _value(match[1]) + 30),
    (
        re.compile(r"(?<!\S)(?:half a|half|1/2|1/2 a|a half|eine halbe|medio) (?:minute|min|minuto)\b"),
        _seconds_of(30.0),
    ),
    (re.compile(r"(?<!\S)(?:a |1 )?quarter of a minute\b"), _seconds_of(15.0)),
    (re.compile(r"(?<!\S)3 quarters of a minute\b"), _seconds_of(45.0)),
    (re.compile(r"(?<!\S)(?:a )?couple (?:of )?(?:minutes|mins|min)\b"), _seconds_of(120.0)),
    (re.compile(r"(?<!\S)(?:a|1) minute or (?:two|2)\b"), _seconds_of(90.0)),
    (re.compile(r"(?<!\S)(?:a|1) quarter of an hour\b"), _seconds_of(900.0)),
    (re.compile(r"(?<!\S)half (?:an |a )?hour\b"), _seconds_of(1800.0)),
    (re.compile(r"(?<!\S)(?:an|1|a) (?:(?:whole|full|entire|solid|good) )+hour\b"), _seconds_of(3600.0)),
    (
        re.compile(r"(?<=\bfor )an hour\b|(?<=\blasting )an hour\b|(?<!\S)(?:an )?hour(?= long\b)|\ban hour(?= of\b)"),
        _seconds_of(3600.0),
    ),
    (re.compile(rf"{_OPEN}an hour(?= [,;.!?)]|$)"), _seconds_of(3600.0)),
    (
        re.compile(rf"(?<!\S)a {_MINUTES} (?:and )?([1-5]\d)(?: {_SECONDS}{_END}|(?! {_COUNTING}(?: |$))(?= |$))"),
        lambda match: 60 + _value(match[1]),
    ),
    (re.compile(rf"(?<!\S){_NUMBER} {_MINUTES} (?:(?:,|and|&) )*{_NUMBER} {_SECONDS}{_END}"), _both),
    (re.compile(rf"(?<!\S){_NUMBER} {_MINUTES} (?:and )?([0-5]\d){_CLOSED}"), _both),
    (
        re.compile(rf"(?<!\S){_NUMBER} {_MINUTES} (05|1\d|20|25|30|35|40|45|50|55)(?! {_COUNTING}(?: |$))(?= |$)"),
        _both,
    ),
    (re.compile(r"(?<!\S)(\d{1,2}):(\d{2}) (?:~|to|–|or|and) (\d{1,2}):(\d{2})(?!\S)"), _two_clocks),
    (re.compile(r"(?<!\S)(\d{1,2}):(\d{2})(?!\S)"), _both),
    (re.compile(r"(?<!\S)(\d{1,2}) ?m ?(\d{2})s(?!\S)"), _both),
    (re.compile(r"(?<!\S)(\d) ([0-5]\d)(?= (?:long|in length|total)\b)"), _both),
    (re.compile(rf"(?<!\S){_NUMBER}(?: {_MINUTES})? (?:~|to|or|and|–) {_NUMBER}(?: full)? {_UNIT}{_END}"), _with_unit),
    (re.compile(rf"(?<!\S){_NUMBER}(?: ish| and)? (?:full |whole |solid )?{_UNIT}{_END}"), _with_unit),
    (re.compile(rf"(?<!\S){_LONG}(?: (?:of|is|:|=|about|around|~|be|should))* {_NUMBER}(?= [,;.!?)\n|/]|$)"), _bare),
    (
        re.compile(r"(?<!\S)(?:a|1)(?: (?:full|whole|solid|good|single))* minute(?= (?:long|or so)\b|s? of\b)"),
        _seconds_of(60.0),
    ),
    (re.compile(r"(?<!\S)(?:a|1) (?:full|whole|solid) minute\b"), _seconds_of(60.0)),
    (
        re.compile(r"(?<!\S)(?:a|1) minute (?:flat|dead|on the (?:dot|nose)|sharp|exactly|tops|all in)\b"),
        _seconds_of(60.0),
    ),
    (
        re.compile(
            r"(?<!\S)(?:dura|dure|dauert|duurt|dauer|duree|durata|duracion|duracao)(?: (?:de|di|von|:))?"
            rf" (?:a|1) {_MINUTES}{_CLOSED}"
        ),
        _seconds_of(60.0),
    ),
    (re.compile(rf"(?<!\S){_AROUND} (?:a|1) minute{_CLOSED}"), _seconds_of(60.0)),
    (re.compile(rf"{_OPEN}(?:a|1) minute(?= [,;.!?)]|$)"), _seconds_of(60.0)),
)
_BARS = re.compile(
    r"(?<!\S)(\d{1,3}) (?:bars?|measures?)(?: (?:of|in) (?=\d{1,2}/\d))?"
    r"(?=(?: (?:of |in )?\d{1,2}/\d{1,2}| \d{1,2}/\d{1,2})?"
    r"(?: (?:long|loop|loops|looped|looping|in length|total|at|in total|[,;.!?)]"
    r"|(?:then|and|before)(?: then)? (?:it|the loop|back|loops?|wraps?|ends?|stops?|repeats?))(?: |$)|$))"
)
#: What says in how many seconds a piece runs: "runs 40s", "running time: 90s".
_RUNS = re.compile(
    r"(?:^|\s)(?:for|runs?|lasts?|lasting|runtime|(?:run|running|playing|total) time|length|duration)"
    r"(?: (?:is|of|:|=|for|about|around|~|exactly|only))* $"
)
_SHORT = re.compile(r"(?<!\S)(\d{2,3})s(?!\S)")
#: "303s" are machines, not seconds (808 and 909 are too long to be taken for a length).
_MACHINES = frozenset({303})
#: A length of more hours than these is a time of day or a way of speaking: "24 hours".
_MOST_HOURS = 12
#: "At 0:26" is a moment, "clocking in at 3:30" a length.
_MOMENT_BEFORE = re.compile(
    r"(?:^|\s)(?:(?:for|in|during|over|within|at|after|until|by|from|through) )?(?:the |its |my |a )?"
    r"(?:first|last|next|final|opening|closing|after|until|till|every|within|another|from|by|at|at around"
    r"|at about|around the|wait|each|per|past|previous|about the) $"
)
_LASTS_AT = re.compile(
    r"(?:^|\s)(?:clocking|clocks|runs?|ends?|ending|finish(?:es)?|finale|stops?|over|done|it comes in|out|closes|cuts"
    r"|wraps?|cut (?:it|this|that))"
    r"(?: [^\s,.;:!?]+){0,4} (?:at|by|around) $"
)
_KEPT_AT = re.compile(
    r"(?:^|\s)(?:keep|cap|limit|leave|hold|stay|stays|put|set|max|maxes out|tops? out|topping out)"
    r"(?: (?:it|this|that|things|everything|(?:the|this|my) (?:song|track|piece|music|tune|length|duration|runtime)))?"
    r" (?:at|around|to|by) $"
)
_TO_LAST = re.compile(r"(?:^|\s)(?:it|to|should|must|will|can|which|that) last $")
_MOMENT_BEHIND = re.compile(
    r" (?:mark|in|into|later|ago|apart|before|after|walk|drive|ride|run|delay|fade|pause|silence|rest|break|gap"
    r"|crescendo|wait|notice|warning|to|it|i|he|she|you|we|they|by|breakdown|solo|build|buildup|tall|high|deep|wide|away"
    r"|of fame)(?: |$)"
)
_STILL_A_LENGTH = re.compile(r" (?:in (?:length|total|all|the|[a-g]\b|\d)|to (?:\d|a\b))")
_LENGTH_WORDS = grammar("length_words")
_ERA_WORDS = grammar("era_words")


@dataclass(frozen=True, slots=True)
class StatedLength:
    """A length that the words state."""

    #: Within what a song may last; 0 where it is stated in bars.
    seconds: float
    words: str
    #: What was wished when no song may last so, in words for people; else empty.
    beyond: str = ""
    bars: int = 0


def read_duration(words: Words) -> StatedLength | None:
    """Return the length that the words state; one that no song may have becomes the nearest that it may.

    A field out of its limits is refused, since whoever sets it can set another; "an hour of lofi" says plainly what the
    music should be, and gets the longest song there is, with a word about it.
    """
    found = _stated(words) or _short(words)
    if found is None:
        return _in_bars(words)
    seconds, span = found
    said = words.use(span)
    low, high = DURATION_SECONDS
    nearest = min(max(seconds, low), high)
    return StatedLength(nearest, said, "" if nearest == seconds else f"{said} (a song lasts {low:g}–{high:g} seconds)")


def _stated(words: Words) -> tuple[float, Span] | None:
    for pattern, read in _LENGTHS:
        for match, span in words.find(pattern):
            seconds = read(match)
            spoken = words.at(span.end - 1).startswith("h") and seconds > _MOST_HOURS * 3600
            if not spoken and not _is_moment(words, span):
                return seconds, span
    return None


def _is_moment(words: Words, span: Span) -> bool:
    """Tell "the first 30 seconds", "after a minute" and "at 0:26" from lengths."""
    before, behind = words.before(span.start), words.line[len(words.before(span.end)) - 1 :]
    if _LASTS_AT.search(before) or _KEPT_AT.search(before) or _TO_LAST.search(before):
        return False
    if _MOMENT_BEFORE.search(before):
        return not (before.endswith(("around the ", "about the ")) and behind.startswith(" mark"))
    return bool(_MOMENT_BEHIND.match(behind)) and not _STILL_A_LENGTH.match(behind)


def _in_bars(words: Words) -> StatedLength | None:
    """Read "16 bars at 120 bpm": a length that the tempo decides; not "12 bar blues" or "the first 8 bars"."""
    for match, span in words.find(_BARS):
        if not _is_moment(words, span) and words.at(span.start - 1) not in {"for", "of", "with"}:
            return StatedLength(0.0, words.use(span), bars=int(match[1]))
    return None


def _short(words: Words) -> tuple[float, Span] | None:
    """Read "90s": a duration beside words of length or in a list of figures, else a decade for the era reader."""
    for match, span in words.find(_SHORT):
        number = int(match[1])
        near = {words.at(span.start - 1), words.at(span.end)}
        decade = number % 10 == 0 and number <= 90
        era = bool(near & _ERA_WORDS) and decade and words.at(span.end) != "long"
        if era or number in _MACHINES or number > DURATION_SECONDS[1]:
            continue
        if not decade or near & _LENGTH_WORDS or _RUNS.search(words.before(span.start)) or _in_figures(words, span):
            return float(number), span
    return None


def _in_figures(words: Words, span: Span) -> bool:
    """Whether "60s" stands alone between commas in a prompt that lists figures, as in "100 bpm, A minor, 60s"."""
    alone = words.breaks(span.start - 1) and words.breaks(span.end)
    return alone and ("bpm" in words.line or "tempo" in words.line or words.at(span.start) in {"20s", "30s", "40s"})
