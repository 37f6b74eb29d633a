"""Keys and metres in words: "A minor", "in F#", "key of D", "6/8", "in 7"."""

from __future__ import annotations

import re

from text2song.compose.prompt.lexicon import grammar, lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.signatures import read_signature
from text2song.compose.prompt.words import Span, Words
from text2song.domain.theory import MODES, Key, TimeSignature, UnknownTimeSignatureError

_MODES = (
    "harmonic minor|melodic minor|natural minor|major|maj|minor|min"
    "|dorian|phrygian|lydian|mixolydian|locrian|aeolian|ionian"
)
_SIGN = r"(?:#|b|sharp|flat)"
_FULL = re.compile(rf"(?<!\S)([a-g])( ?{_SIGN})?(?: –)? ?({_MODES})(?: (?:key|scale|mode))?(?!\S)")
_SHORT = re.compile(rf"(?<!\S)([a-g])( ?{_SIGN})?(m)(?!\S)")
_BARE = re.compile(
    r"(?:\bkey(?: signature| note)?(?: (?:of|is|should be|must be|to be|will be|set to|maybe|perhaps|:|=|–|\(|\[))*"
    rf"|\bin(?: the key of)?) ([a-g])( ?{_SIGN})?(?!\S)"
)
_NAMED = re.compile(
    rf"(?<!\S)(?:transposed to|tuned to|cent(?:red|ered) (?:on|around)"
    rf"|(?:tonic|tonality|tonal cent(?:re|er)|root)(?: note)?(?: is| of| on| :)?) ([a-g])( ?{_SIGN})?(?!\S)"
)
_HOME = re.compile(
    rf"(?<!\S)([a-g])( ?{_SIGN})? (?:is|as|being|for)(?: the| our| my| its)*"
    r" (?:home|tonic|root|key note|keynote|tonal cent(?:re|er))(?: (?:note|key|base|chord))?(?!\S)"
)
_AT_HOME = re.compile(rf"(?<!\S)home(?: (?:note|key|base|chord))? (?:is|on|in|of|:|=) ([a-g])( ?{_SIGN})?(?!\S)")
#: A mode that speaks of the tonic before it: "root note D, minor", "F is home and it's minor".
_TAIL = re.compile(
    r"(?: (?:,|–|\(|and|but|it|is|in|key|mode|:))+ (major|minor)"
    r"(?= (?:[,.;:!?)\n–]|obviously|of course|naturally|please|mode|key|feel|tonality)(?: |$)|$)"
)
#: After a letter that is a key by itself or by its neighbours: the clause ends, or other figures follow.
_SHUT = r"(?= [,;|./)\]\n!?–\"”]| (?:please|pls|at \d|@ \d|\d+ ?bpm|\d+:\d\d|\d+ ?min)|$)"
_SIGNED = re.compile(rf"(?:^|(?<=[,;|./(\[\n:–\"“] )|(?<=bpm ))([a-g]) ?({_SIGN}){_SHUT}")
_LONE = re.compile(rf"(?:^|(?<=[,;|/\n(\[–.] )|(?<=bpm ))([a-g])(){_SHUT}")
_HOUR = re.compile(r"(?:\d|1[0-2])(?:[:.]\d\d)?")
#: What makes a list of figures of a prompt, in which a lone capital is a key.
_FIGURES = re.compile(r"\b(?:bpm|tempo)\b|\d:\d\d|\d (?:min|mins|minutes|sec|seconds)\b")
_MODE_FIRST = re.compile(rf"(?<!\S)({_MODES}) key(?: of| in| ,| :)? ([a-g])( ?{_SIGN})?(?!\S)")
_RELATIVE = re.compile(
    rf"(?<!\S)relative (major|minor)(?: key)? (?:of|to) ([a-g])( ?{_SIGN})?(?: (?:major|minor|maj|min))?(?!\S)"
)
_MODE_ONLY = re.compile(
    rf"(?<!\S)(?:in (?:a )?)?({_MODES})(?: (?:key|scale|mode|tonality|chords|feel))?(?!\S)"
    r"(?! (?:lift|change|league|label))"
)
_METRE = re.compile(r"(?<!\S)(?:in )?(\d{1,2}/\d{1,2})(?: (?:time|metre|meter|groove|feel|beat))?(?: signature)?(?!\S)")
#: How a metre is counted: "(3+2+2)" and "3-2-2", as the tokens have it.
_GROUPED = r"(?: (?:as|in|grouped|counted|like))*(?: \()? (\d(?: (?:and|~) \d)+)(?: \))?(?!\S)"
_GROUPED_METRE = re.compile(_METRE.pattern.removesuffix(r"(?!\S)") + _GROUPED)
_COUNTED = re.compile(r"\bin (3|5|7|6)(?= (?:time|[,.;])|$)(?: time)?")
#: What leads to a key, what speaks of people, modes that are plain words too, kinds of words that a mode may colour.
_LEADS = frozenset(
    {"in", "key", "of", "the", "is", ":", "=", "–", "(", "[", "signature", "should", "must", "be", "note", "set", "to"}
    | {"will", "maybe", "perhaps"}
)
_ABOUT_PEOPLE = frozenset({"about", "for", "as", "by", "to", "from", "like", "with", "against", "of"})
_JOINTS = grammar("behind_keys")
_COMMON = frozenset({"major", "minor"})
_MUSIC = frozenset({Kind.GENRE, Kind.INSTRUMENT, Kind.GENERIC, Kind.MOOD, Kind.TEMPO, Kind.PACE, Kind.HINT})
#: "Asia Minor", "drum major".
_NAMED_BY_MODE = frozenset({"asia", "ursa", "canis", "leo", "drum", "sergeant", "sgt", "tom", "alexander"})
#: Instruments named with their pitch: "an E-flat clarinet".
_TRANSPOSING = grammar("transposing_instruments")
#: Nouns that a mode may colour.
_MUSICAL = grammar("coloured_by_modes")


def read_key(words: Words) -> tuple[Key | None, str, str]:
    """Return (key, mode, words): the key stated, or the mode alone ("in a minor key"), or (None, "", "")."""
    related = _related(words)
    if related is not None:
        return related
    for pattern in (_FULL, _SHORT, _HOME, _AT_HOME, _BARE, _NAMED, _SIGNED, _LONE):
        for match, span in words.find(pattern):
            if _states(words, span, pattern):
                letter, sign, *mode = match.groups()
                found = mode[0] if mode else _mode_behind(words, span)
                return _key(letter, sign, found), "", words.use(_widened(words, span))
    for match, span in words.find(_MODE_ONLY):
        mode_name = Key.parse(f"C {_mode_name(match[1])}").mode
        if mode_name in MODES and _is_mode(words, span, mode_name):
            return None, mode_name, words.use(span)
    return None, "", ""


def _states(words: Words, span: Span, pattern: re.Pattern[str]) -> bool:
    """Whether what the pattern found is a key; a lone capital is one in a list of figures: "techno, 110 bpm, C"."""
    if pattern in {_NAMED, _SIGNED}:
        return True
    if pattern in {_HOME, _AT_HOME}:
        letter = span.start if pattern is _HOME else span.end - 1
        return words.tokens[letter].capital or words.tokens[span.end - 1].capital
    if pattern is not _LONE:
        return _is_key(words, span, pattern is _FULL)
    return words.tokens[span.start].capital and bool(_FIGURES.search(words.line))


def _related(words: Words) -> tuple[Key, str, str] | None:
    """Read "the relative minor of C" and "minor key of D"."""
    for match, span in words.find(_RELATIVE):
        tonic = _key(match[2], match[3], "").tonic
        return Key((tonic - 3 if match[1] == "minor" else tonic + 3) % 12, match[1]), "", words.use(span)
    for match, span in words.find(_MODE_FIRST):
        return _key(match[2], match[3], match[1]), "", words.use(span)
    return read_signature(words)


def _key(letter: str, sign: str | None, mode: str) -> Key:
    sign = {"sharp": "#", "flat": "b"}.get((sign or "").strip(), (sign or "").strip())
    return Key.parse(f"{letter.upper()}{sign} {_mode_name(mode)}".strip())


def _mode_behind(words: Words, span: Span) -> str:
    """Read "root note D, minor" and "in C and it's minor": a mode that speaks of the tonic before it."""
    tail = _TAIL.match(words.line, max(0, len(words.before(span.end)) - 1))
    return tail[1] if tail else ""


def _is_mode(words: Words, span: Span, mode: str) -> bool:
    """Tell "minor, slow" and "a minor ballad" from "a minor problem" and "nothing major"."""
    if mode not in {"major", "minor"} or span.end > span.start + 1:
        return True
    before = [words.at(back) for back in (span.start - 2, span.start - 1)]
    if before[1] in {"nothing", "something", "anything", "no"} or _NAMED_BY_MODE & set(before):
        return False
    following = words.at(span.end)
    entries = lexicon().phrases.get((following,), ())
    return words.breaks(span.end) or following in _MUSICAL or any(entry.kind in _MUSIC for entry in entries)


def read_metre(words: Words) -> tuple[TimeSignature, str] | None:
    """Return the metre stated in figures and those words; a fraction that is no metre is left alone."""
    for match, span in words.find(_GROUPED_METRE):
        try:
            signature = TimeSignature.parse(match[1]).grouped(re.sub(" (?:and|~) ", "+", match[2]))
        except UnknownTimeSignatureError:
            continue
        return signature, words.use(span)
    for match, span in words.find(_METRE):
        try:
            signature = TimeSignature.parse(match[1])
        except UnknownTimeSignatureError:
            continue
        return signature, words.use(span)
    for match, span in words.find(_COUNTED):
        figure = {"3": "3/4", "5": "5/4", "6": "6/8", "7": "7/8"}[match[1]]
        return TimeSignature.parse(figure), words.use(span)
    return None


def _is_key(words: Words, span: Span, full: bool) -> bool:
    """Tell "a minor key" and "I am" from keys: by a capital, by "in" or "key", or by standing alone."""
    first = span.start
    while words.at(first) in _LEADS:
        first += 1
    pitched = words.at(span.end) in _TRANSPOSING
    if _is_in_a_name(words, first, span.end, full) or (_is_noun_colour(words, first, span.end) if full else pitched):
        return False
    signed = words.at(first + 1) in {"sharp", "flat", "#", "b"} and words.at(first) != "a"
    return signed or "#" in words.at(first) or _stands_as_one(words, span, first, full)


def _stands_as_one(words: Words, span: Span, first: int, full: bool) -> bool:
    """Judge letters without a sign by how they are written and by what stands around."""
    written = words.text[words.tokens[first].start : words.tokens[span.end - 1].end]
    if words.at(first) == "a" and words.at(span.end - 1) in {"key", "scale", "mode"} and not written[0].isupper():
        return False
    if full and words.at(first) != "a":
        return True
    if written[0].isupper() and (full or words.at(first) != "a" or first > span.start or len(written) > 1):
        return words.at(first) != "am" or written == "Am" or words.at(first - 1) == "key"
    if not full and words.at(span.end - 1) != "m":
        return words.at(span.start) == "key" or words.breaks(span.end)  # "in d" ends its clause, "in a hurry" does not
    led = first > span.start or words.at(span.start - 1) in {"in", "key", "of", ":", "=", "bpm"} or _keyed(words, first)
    alone = words.breaks(span.start - 1) and words.breaks(span.end)
    closed = full and _ends_as_keys_do(words, span.end) and words.at(first - 1) not in _ABOUT_PEOPLE
    return closed or (alone if not full and not led else led or alone)


def _keyed(words: Words, index: int) -> bool:
    """Whether "key" stands a few words before: "the key should be a minor"."""
    return any(words.at(back) in {"key", "scale", "tonality"} for back in range(index - 4, index))


def _ends_as_keys_do(words: Words, index: int) -> bool:
    """Whether a clause or another figure follows: "a minor, 120 bpm", "a minor at 90"; not "a minor quarrel"."""
    following, behind = words.at(index), words.at(index + 1)
    figure = following[:1].isdigit() or (following in {"at", "@", "in"} and behind[:1].isdigit())
    return words.breaks(index) or figure or following in {"please", "pls", "bpm"}


def _is_in_a_name(words: Words, first: int, end: int, full: bool) -> bool:
    """ "FM radio", "at 2 am", "In A Silent Way", "D-Day"."""
    letter = words.tokens[first]
    last = words.tokens[end - 1]
    if words.text[last.end - 1] == "M" and words.at(end - 1) not in {"min", "minor"} and not words.text.isupper():
        return first == 0 or words.at(first - 1) not in {"in", "key", ":", "of", "="}
    if words.at(first) == "am" and _HOUR.fullmatch(words.at(first - 1)):
        return True
    if full:
        return False
    titled = letter.capital and letter.text == "a" and end < len(words.tokens) and words.tokens[end].capital
    hung = words.text[last.end : last.end + 1] == "-" and words.text[last.end + 1 : last.end + 2].isalpha()
    return (titled and first > 0 and words.tokens[first - 1].capital) or hung


def _is_noun_colour(words: Words, first: int, end: int) -> bool:
    """Whether "A minor quibble" begins a sentence: "a" is an article where a plain noun follows the mode."""
    if words.at(first) != "a" or end > first + 2 or not words.breaks(first - 1) or words.at(end - 1) not in _COMMON:
        return False
    following = words.at(end)
    if not following[:1].isalpha() or following in _MUSICAL or following in _JOINTS:
        return False
    entries = lexicon().phrases.get((following,), ())
    return not any(entry.kind in _MUSIC for entry in entries)


def _widened(words: Words, span: Span) -> Span:
    """Take in "in the key of" before the key, so that those words count as understood."""
    start = span.start
    while words.at(start - 1) in {"in", "key", "of", "the", ":", "="} and start > 0:
        start -= 1
    return Span(start, span.end)


def _mode_name(mode: str) -> str:
    return {"maj": "major", "min": "minor", "m": "minor", "natural minor": "minor"}.get(mode, mode)
