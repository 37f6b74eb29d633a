"""Finds the lexicon's phrases in a prompt, longest first, and says which of them are denied or only compared with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from text2song.compose.prompt.lexicon import Lexicon, grammar
from text2song.compose.prompt.lexicon_rows import Entry, Kind
from text2song.compose.prompt.words import Span, Words

#: Words that deny what follows.
_NO = grammar("denials")
_INSTEAD = frozenset(
    {("instead", "of"), ("rather", "than"), ("free", "of"), ("devoid", "of"), ("anything", "but"), ("nothing", "like")}
)
#: Denials that take an adjective with them.
_FLATLY = grammar("flat_denials")
_SOUNDS = frozenset({Kind.INSTRUMENT, Kind.GENERIC})
#: Words a denial passes over on its way to what it denies.
_THROUGH = grammar("passed_over_by_denials")
#: "not just drums" and "no more than" deny nothing.
_UNDOES = grammar("undoers_of_denials")


#: Kinds that one denial may cover together.
_SORTS = MappingProxyType({Kind.GENERIC: Kind.INSTRUMENT, Kind.SCENE: Kind.MOOD, Kind.HINT: Kind.GENRE})


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

    def names(self, kind: Kind) -> tuple[str, ...]:
        """Return the row names this phrase has for a kind."""
        return tuple(entry.name for entry in self.entries if entry.kind is kind)


def matches(words: Words, lexicon: Lexicon) -> list[Match]:
    """Return the phrases of the unused tokens in order; overlapping ones give way to the longer."""
    found: list[Match] = []
    index = 0
    while index < len(words.tokens):
        span, entries = _longest(words, index, lexicon)
        if entries:
            denied = _lacking(words, span, lexicon) or _denied(words, span, entries, found)
            found.append(Match(entries, span, words.written(span), denied, _compared(words, span.start)))
        index = span.end
    return found


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
        if entries is None and length == 1:
            entries = lexicon.phrases.get((_lessened(key[0]),))
        if entries is not None:
            return span, entries
    return Span(index, index + 1), ()


def _lessened(word: str) -> str:
    """ "drumless" speaks of drums, "bassless" of bass."""
    stem = word.removesuffix("less")
    return stem if stem != word and len(stem) >= 3 else ""


def _lacking(words: Words, span: Span, lexicon: Lexicon) -> bool:
    """ "drumless", "drum-free"."""
    word = words.at(span.start)
    if (word,) not in lexicon.phrases and _lessened(word) and span.end - span.start == 1:
        return True
    after = words.at(span.end)
    return after == "free" and words.text[words.tokens[span.end].start - 1] == "-"


def _denied(words: Words, span: Span, entries: tuple[Entry, ...], before: list[Match]) -> bool:
    index = span.start - 1
    while not words.breaks(index) and words.at(index) in _THROUGH:
        index -= 1
    if words.at(index) in _UNDOES:
        return False
    if _is_denial(words, index) or _flatly_denied(words, span, entries):
        return True
    return _alike(entries, before) and _continues_denial(words, span, before)


def _flatly_denied(words: Words, span: Span, entries: tuple[Entry, ...]) -> bool:
    """ "no crashing drums", "without the cheesy vocal chops": a sound is denied over one adjective."""
    if not {entry.kind for entry in entries} & _SOUNDS or words.breaks(span.start - 1):
        return False
    index = span.start - 2
    while not words.breaks(index) and words.at(index) in _THROUGH:
        index -= 1
    return not words.breaks(index) and words.at(index) in _FLATLY and _is_adjective(words.at(span.start - 1))


def _is_adjective(word: str) -> bool:
    """Whether a word may colour a sound; words that begin something of their own may not."""
    return word not in {"and", "but", "with", "just", "only", "then", "plus"}


def _alike(entries: tuple[Entry, ...], before: list[Match]) -> bool:
    """Whether a phrase is of the same sort as the one before it: "no drums and soft piano" denies only the drums."""
    if not before:
        return False
    sorts = [{_SORTS.get(entry.kind, entry.kind) for entry in each} for each in (entries, before[-1].entries)]
    return bool(sorts[0] & sorts[1])


def _is_denial(words: Words, index: int) -> bool:
    pairs = {(words.at(index - 1), words.at(index)), (words.at(index), words.at(index + 1))}
    if pairs & _INSTEAD:
        return True
    return not words.breaks(index) and words.at(index) in _NO


def _continues_denial(words: Words, span: Span, before: list[Match]) -> bool:
    """ "no drums or bass", "without guitar and piano", "no drums, bass or guitar"."""
    if not before or not before[-1].denied:
        return False
    between = [words.at(index) for index in range(before[-1].span.end, span.start)]
    if between == ["and"]:
        return span.end == span.start + 1  # "and soft piano" begins a wish of its own
    if between in (["or"], ["nor"], ["or", "any"], [",", "or"]):
        return True
    return between == [","] and any(
        words.at(index) in {"or", "nor"} for index in range(span.start, min(span.start + 5, len(words.tokens)))
    )


def _compared(words: Words, start: int) -> bool:
    """Whether "than" stands before: the phrase is a measure, not a wish."""
    index = start - 1
    while words.at(index) in {"a", "an", "the", "normal", "usual", "typical", "average", "most", "any"}:
        index -= 1
    return words.at(index) == "than" and words.at(index - 1) != "rather"
