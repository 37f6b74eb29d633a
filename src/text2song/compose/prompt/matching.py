"""Finds the lexicon's phrases in a prompt, longest first, and says which of them are denied or only compared with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from text2song.compose.prompt.denial_desk import Phrase
from text2song.compose.prompt.denial_frames import lessened
from text2song.compose.prompt.denials import denied
from text2song.compose.prompt.lexicon import Lexicon
from text2song.compose.prompt.lexicon_rows import Entry, Kind
from text2song.compose.prompt.words import Span, Words


@dataclass(frozen=True, slots=True)
class Match:
    """One phrase found: what it can mean, where it stands, and how it is meant."""

    entries: tuple[Entry, ...]
    span: Span
    #: The words as written.
    words: str
    #: "no drums", "not happy", "drumless".
    denied: bool = False
    #: "slower than house": named, not asked for.
    compared: bool = False
    #: Denied over an adjective: "no harsh vocals" leaves other voices.
    manner: bool = False

    def names(self, kind: Kind) -> tuple[str, ...]:
        """Return the row names this phrase has for a kind."""
        return tuple(entry.name for entry in self.entries if entry.kind is kind)


def matches(words: Words, lexicon: Lexicon) -> list[Match]:
    """Return the phrases of the unused tokens in order; overlapping ones give way to the longer."""
    phrases = _phrases(words, lexicon)
    denials = denied(words, phrases, lexicon)
    for index in denials.colours:
        words.use(phrases[index].span)
    return [
        Match(
            phrase.entries,
            phrase.span,
            words.written(phrase.span),
            denied=index in denials.whole,
            compared=_compared(words, phrase.span.start),
            manner=index in denials.manner,
        )
        for index, phrase in enumerate(phrases)
        # The words of a denial paint nothing: "nobody sings", "leave the bass chair empty", "no rock drums".
        if (phrase.is_sound and index not in denials.colours) or words.free(phrase.span)
    ]


def _phrases(words: Words, lexicon: Lexicon) -> list[Phrase]:
    found: list[Phrase] = []
    index = 0
    while index < len(words.tokens):
        span, entries = _longest(words, index, lexicon)
        if entries:
            span, entries = _coloured(words, Phrase(entries, span), lexicon)
            found.append(Phrase(entries, span))
        index = span.end
    return found


def _coloured(words: Words, phrase: Phrase, lexicon: Lexicon) -> tuple[Span, tuple[Entry, ...]]:
    """ "Analog synth bass" is a synth bass with an analog sound: the last noun counts, what is left colours it."""
    span = phrase.span
    before = tuple(token.text for token in words.tokens[span.start : span.end - 1])
    colour = lexicon.phrases.get(before, ())
    if phrase.is_sound and colour and all(entry.kind is Kind.PRODUCTION for entry in colour):
        behind, entries = _longest(words, span.end - 1, lexicon)
        if behind.end > span.end and entries and Phrase(entries, behind).is_sound:
            return Span(span.start, span.end - 1), colour
    return span, phrase.entries


def used_by(found: Iterable[Match], kind: Kind) -> list[tuple[str, Match]]:
    """Return (row name, match) of every meaning of one kind, in order."""
    return [(name, match) for match in found for name in match.names(kind)]


def _longest(words: Words, index: int, lexicon: Lexicon) -> tuple[Span, tuple[Entry, ...]]:
    for length in range(min(lexicon.longest, len(words.tokens) - index), 0, -1):
        span = Span(index, index + length)
        if not words.free(span):
            continue
        key = tuple(token.text for token in words.tokens[span.start : span.end])
        entries = lexicon.phrases.get(key)
        if entries is None and length == 2:
            entries = lexicon.phrases.get(("".join(key),))
        if entries is None and length == 3 and key[1] == "of":
            entries = _turned(key, lexicon)
        if entries is None and length == 1:
            entries = lexicon.phrases.get((lessened(key[0]),))
        if entries is not None:
            return span, entries
    return Span(index, index + 1), ()


def _turned(key: tuple[str, ...], lexicon: Lexicon) -> tuple[Entry, ...] | None:
    """ "Flute of bamboo", "voice of woman": what other languages put behind, as English has it."""
    entries = lexicon.phrases.get((key[2], key[0]), ())
    return entries if entries and Phrase(entries, Span(0, 1)).is_sound else None


def _compared(words: Words, start: int) -> bool:
    """Whether "than" stands before: the phrase is a measure, not a wish."""
    index = start - 1
    while words.at(index) in {"a", "an", "the", "normal", "usual", "typical", "average", "most", "any"}:
        index -= 1
    measured = words.at(index) == "of" and words.at(index - 1) in {"speed", "tempo", "pace", "bpm"}
    if measured or (words.at(index) == "as" and words.at(index - 1) in {"fast", "quick", "slow"}):
        return True
    if words.at(index) != "than" or words.at(index - 1) == "rather":
        return False
    # "No other instruments than a piano" asks for one.
    return not any(words.at(back) == "other" for back in range(index - 3, index))
