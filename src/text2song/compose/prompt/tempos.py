"""Beats per minute in words and figures: "120 bpm", "@ 138", "around 72", "180ish", "in the low 70s bpm"."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from text2song.compose.prompt.lexicon import grammar, lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.words import Span, Words
from text2song.domain.rational import Fraction
from text2song.domain.request import BPM, InvalidRequestError

#: A figure, or two hundreds as they are spoken: "one twenty", "one oh five".
_SPOKEN = r"[12] (?:(?:oh?|0) \d|[1-9]\d)(?! (?:min|sec))"
_NUMBER = rf"({_SPOKEN}|\d+(?:[.,]\d+)?)"
_BEATS = (
    r"(?:(?:(?:or so|ish|and|give or take|\.|\(|\[|full) )?"
    r"(?:bpms?|bmps?|pbm|bp m|b\.p\.m|b \. ?p \. ?m|bpmish|/ bpm|b / m(?:in)?)(?: (?:\)|\]))?"
    r"|(?:beats?|beets|bests) (?:per|pr|p|a|/|every|each|to the|to a|in a|in the)"
    r" (?:min(?:ute)?s?|minuet|mintue|minuite)"
    r"|beats? (?:perminute|permin)"
    r"|(?:pulsaciones|golpes|schlage|battements|coups|battiti|batidas|slagen) \S+ min\w*"
    r"|on the (?:metronome|click|clock)|to the (?:dotted )?(?:crotchet|quarter(?: note)?|minute|beat))"
)
_ABOUT = (
    r"(?:of|is|at|a|around|about|to|roughly|approximately|approx|circa|ca|c|set|marking|range|the|near|should|stays?|sits?"
    r"|somewhere|in|=|:|~|be|bpm|note|mark|track|equals?|exactly|maybe|like|say|between|from|target|must|close|under|over"
    r"|up|no|more|less|than|faster|slower|least|most|max|\.|\(|\[|\)|-|–|\n)"
)
#: A bare figure that can be a tempo, and what may stand behind one.
_BARE = rf"({_SPOKEN}|[4-9]\d|1\d\d|2[0-2]\d)"
_CLOSED = r"(?= (?:[,;|.()/\[\]!?–:\n\"]|or so|ish|with|and|but|for|in|feel|plus|then|like|over|please|pls)(?: |$)|$)"
_OPEN = r"(?:^|(?<=[,;|.(\[/–:\n\"] ))"
#: What a figure counts that is no tempo.
_OTHER = r"(?:sec|min|bars?|beats\b|measures|years?|hours?|days|am\b|pm\b|%|km|mph|kb|mb|hz|k\b|people|percent)"
#: Musics that are called by their tempo: "140 dubstep", "174 dnb".
_TEMPO_NAMED = (
    r"(?:(?:deep|dark|liquid|hard|tech|minimal|melodic|acid|uk|deep|lofi|lo fi|jungle|half time) )?"
    r"(?:dubstep|dnb|d and b|drum and bass|drum|techno|house|trance|garage|jungle|hardstyle|trap|drill|grime|psytrance"
    r"|hardcore|breaks|breakbeat|footwork|hip hop|boom bap|disco|edm|riddim)"
)
_NEAR = (
    r"(?:around|about|roughly|approximately|approx|circa|ca|c|~|near|nearly|almost|"
    r"say|something like|maybe|pushing)(?: \.)?"
)
_BOUND = rf"{_BARE}(?: {_BEATS})?(?= [,;.!)\n]| or| with| and|$)"
_UNNEGATED = r"(?<!\S)(?<!no )(?<!not )(?<!never )"
_MANNER = (
    r"(?:a|an|about|around|roughly|approximately|circa|exactly|~|steady|brisk|solid|constant|cool|chill|nice|comfortable"
    r"|relaxed|lazy|slow|fast|driving|bouncy|good|gentle|tempo|pace|speed|clip|of|like|say|something)"
)
#: "Slow it to 69", "bring the tempo down to 80", "push it up to 140".
_STEERED = (
    r"(?:slow|slowed|slowing|bring|brought|push|pushed|take|taken|crank|cranked|pull|drop|dropped|speed|lock|locked"
    r"|nudge|bump|ease|wind|knock|dial)"
    r"(?: (?:it|this|that|things|everything|(?:the|that) (?:tempo|beat|speed|groove|track|song|tune|pace|pulse)))"
    r"(?: (?:right|way|all the way|back|down|up|in))* (?:to|at|around|near)"
)
_FIRM = r"(?= (?:[,;|.()/!?–\n]|or so|ish|with|and|but|then|please)(?: |$)|$)"
_STEPS = r"(?:steps|strides|footsteps|footfalls|paces|pulses|heartbeats) (?:per|a|every|to the|to a|in a) min(?:ute)?"
_TENS = r"(?:(low|lower|mid|middle|high|higher|upper|early|late) )?(\d{1,2}0)s"

_WIDEST = 20

_Read = Callable[[re.Match[str]], Fraction | None]


def _value(figure: str) -> Fraction:
    hundreds, *rest = figure.replace(",", ".").split()
    return Fraction(hundreds) if not rest else 100 * Fraction(hundreds) + Fraction(rest[-1])


def _mean(match: re.Match[str]) -> Fraction:
    figures = [_value(figure) for figure in match.groups() if figure]
    if len(figures) == 2 and figures[1] >= 2 * figures[0]:
        return figures[0]  # "70/140 bpm" is one tempo counted in two ways
    return sum(figures, Fraction(0)) / len(figures)


def _digits(match: re.Match[str]) -> Fraction | None:
    """ "One-two-six bpm" is read out figure by figure; "take 1 5 4 bpm" and other tempos nobody plays are not."""
    value = Fraction("".join(figure for figure in match.groups() if figure))
    return value if BPM[0] <= value <= BPM[1] else None


def _near(match: re.Match[str]) -> Fraction | None:
    """ "170-174" is a tempo, "60-120" may be anything."""
    low, high = _value(match[1]), _value(match[2])
    return (low + high) / 2 if low < high <= low + _WIDEST else None


def _decade(match: re.Match[str]) -> Fraction:
    """ "The low 70s" are some 72, "the 70s" 75, "the high 70s" 78."""
    place = match[1] or ""
    return Fraction(int(match[2]) + (2 if place in {"low", "lower", "early"} else 5 if place[:3] in {"", "mid"} else 8))


def _below(match: re.Match[str]) -> Fraction:
    return Fraction(round(_value(match[1]) * Fraction(47, 50)))


def _above(match: re.Match[str]) -> Fraction:
    return Fraction(round(_value(match[1]) * Fraction(53, 50)))


_TEMPOS: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (
        re.compile(rf"{_UNNEGATED}(?:slower than|under|below|less than) {_BOUND}"),
        _below,
    ),
    (
        re.compile(rf"{_UNNEGATED}(?:faster than|over|above|more than) {_BOUND}"),
        _above,
    ),
    (re.compile(rf"(?<!\S)(?:([12]) )?(\d) (\d) {_BEATS}(?= |$)"), _digits),
    (re.compile(rf"\b{_NUMBER} {_BEATS} (?:(?:~|to|or|–|/) )?{_NUMBER} {_BEATS}(?= |$)"), _near),
    (re.compile(rf"\b{_NUMBER} (?:{_BEATS} )?(?:~|to|or|and|–|/) {_NUMBER} {_BEATS}(?= |$)"), _mean),
    (re.compile(rf"(?<!\S)(\d{{2,3}})/(\d{{2,3}}) {_BEATS}(?= |$)"), _mean),
    (
        re.compile(rf"(?<!\S)(?:bpm|tempo)(?: {_ABOUT})*+ (\d{{2,3}})(?: /|/| or) ?(\d{{2,3}})(?!\S| {_OTHER})"),
        _mean,
    ),
    (re.compile(rf"(?<!\S){_NUMBER}(?: ish)? {_BEATS}(?= |$)"), _mean),
    (re.compile(rf"(?<!\S){_BARE} (?:{_STEPS}|spm)(?= |$)"), _mean),
    (re.compile(rf"(?<!\S){_STEERED}(?: {_MANNER})* {_BARE}{_FIRM}"), _mean),
    (
        re.compile(
            rf"(?<!\S)(?:pulse|heartbeat|cadence|beat|pace|count)(?: (?:of|at|is|:|=))(?: {_MANNER})* {_BARE}{_CLOSED}"
        ),
        _mean,
    ),
    (re.compile(r"(?<!\S)([6-9]\d|1\d\d) (?:~|to) ([6-9]\d|1\d\d|2[01]\d)(?= [,;|.)\n]|$)"), _near),
    (re.compile(rf"(?<!\S){_TENS} (?:{_BEATS}|tempo)(?= |$)"), _decade),
    (re.compile(rf"(?<!\S)(?:bpm|tempo)(?: {_ABOUT})* {_TENS}(?= |$)"), _decade),
    (re.compile(r"\bin the (?:(low|lower|mid|middle|high|higher|upper) )(1\d0)s(?= |$)"), _decade),
    (
        re.compile(
            r"(?<!\S)(?:bpm|tempo|♩|q|(?:no|not) (?:faster|slower) than|quarter(?: note)?|crotchet|1/4|m \. m|mm"
            r"|metronome)"
            rf"(?: {_ABOUT})*(?: between)? {_NUMBER}(?: (?:~|and|to|–|or) {_NUMBER})?+(?!\S| {_OTHER})"
        ),
        _mean,
    ),
    (re.compile(rf"(?<!\S)(?:speed|pace|clocking in|clocks in|click)(?: {_ABOUT})*+ {_BARE}{_CLOSED}"), _mean),
    (re.compile(rf"(?<!\S)(?:bpm|tempo) , {_BARE}{_CLOSED}"), _mean),
    (re.compile(rf"(?<!\S)hundred {_BEATS}(?= |$)"), lambda _: Fraction(100)),
    (re.compile(rf"(?<!\S)the {_BARE} (?:mark|range|region|area|zone)(?= |$)"), _mean),
    (re.compile(rf"(?<!\S){_BARE} (?:tempo|speed|pace)(?= |$)"), _mean),
    (re.compile(rf"(?<!\S)@(?: {_NEAR})? {_BARE}(?!\S| (?:sec|min|bars?|years?|hours?|am|pm|%)\b)"), _mean),
    (re.compile(rf"\bat(?: {_MANNER})* {_BARE}{_CLOSED}"), _mean),
    (re.compile(rf"(?<!\S)(?<!\bfor )(?<!\babout )(?!about){_NEAR} {_BARE}{_CLOSED}"), _mean),
    (re.compile(rf"{_OPEN}(?:about|just) {_BARE}{_CLOSED}"), _mean),
    (re.compile(rf"(?<!\S){_BARE} ish(?= |$)"), _mean),
    (re.compile(rf"{_OPEN}([6-9]\d|1\d\d|2[01]\d)(?=(?: and)? (?:[,;|.)\]/–\n]|please|pls)(?: |$)|$)"), _mean),
    (re.compile(r"^([6-9]\d|1\d\d|2[01]\d)(?= with )"), _mean),
    (re.compile(rf"(?<!\S)([6-9]\d|1\d\d|2[01]\d)(?= {_TEMPO_NAMED}\b)"), _mean),
)
_LAST = re.compile(r"(?<=\S )([6-9]\d|1\d\d)(?= [,.;!\n]|$)")
#: Words before a bare figure that make it another number: "op. 128", "flight 180", "class of 99".
_COUNTED = grammar("numbered_things")


def read_bpm(words: Words, *, overruled: bool = False) -> tuple[Fraction, str] | None:
    """Return the tempo that the words state, and those words.

    Raises `InvalidRequestError` outside 30–300, unless a field has `overruled` the words.
    """
    for pattern, read in _TEMPOS:
        for match, span in words.find(pattern):
            value = read(match)
            if value is not None and not _is_counted(words, span):
                return _checked(words, value, span, overruled=overruled)
    for match, span in words.find(_LAST):
        if words.at(span.start - 1) in _calls_for_a_tempo() and words.at(span.start - 2) not in _COUNTED:
            return _checked(words, Fraction(match[1]), span, overruled=overruled)
    return None


def _checked(words: Words, value: Fraction, span: Span, *, overruled: bool) -> tuple[Fraction, str]:
    said = words.use(span)
    if not overruled and not BPM[0] <= value <= BPM[1]:
        low, high = BPM
        message = f"“{said}” is out of range: a tempo is {low:g}–{high:g} beats per minute"
        raise InvalidRequestError(message, field="prompt")
    return value, said


def _is_counted(words: Words, span: Span) -> bool:
    """Whether a bare figure counts or numbers something else, or belongs to a name."""
    if not words.at(span.start).isdigit() or span.end > span.start + 1:
        return False
    before = [words.at(index) for index in range(span.start - 2, span.start)]
    if words.at(span.start - 1) in {".", ":"}:
        return before[0] in _COUNTED
    return before[1] in _COUNTED


@cache
def _calls_for_a_tempo() -> frozenset[str]:
    """Return the words a bare figure at the end of a clause may follow: "grime instrumental 140", "deep house 122"."""
    kinds = {Kind.GENRE, Kind.TEMPO, Kind.PACE}
    names = {key[-1] for key, entries in lexicon().phrases.items() if entries[0].kind in kinds}
    return frozenset(names | {"beat", "beats", "instrumental", "speed", "groove", "mix"}) - _COUNTED
