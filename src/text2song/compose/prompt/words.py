"""The reader's working sheet: the tokens of one prompt, and which of them already have a meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from text2song.compose.prompt.text import BREAKS, Token, clean, tokenise


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `start` (included) to `end` (excluded)."""

    start: int
    end: int


@dataclass(slots=True)
class Words:
    """One prompt on the desk; it lives only while the prompt is read."""

    text: str
    tokens: tuple[Token, ...]
    #: Indices of tokens that already changed something.
    used: set[int] = field(default_factory=set)
    #: The folded tokens in one line, with the place of each, for patterns.
    line: str = ""
    _places: dict[int, int] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, prompt: str, repair: Callable[[Sequence[Token]], tuple[Token, ...]] = tuple) -> Words:
        """Return the sheet of a prompt, its tokens put right by `repair`."""
        text = clean(prompt)
        words = cls(text, repair(tokenise(text)))
        pieces: list[str] = []
        position = 0
        for index, token in enumerate(words.tokens):
            words._places[position] = index
            words._starts.append(position)
            pieces.append(token.text)
            position += len(token.text) + 1
        words.line = " ".join(pieces)
        return words

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Span]]:
        """Yield matches of whole, unused tokens in the folded line."""
        for match in pattern.finditer(self.line):
            span = self._span(match)
            if span is not None and self.free(span):
                yield match, span

    def here(self, pattern: re.Pattern[str], index: int) -> Span | None:
        """Return the tokens a pattern matches from this one on, used or not; None where it does not."""
        match = pattern.match(self.line, self._starts[index]) if 0 <= index < len(self.tokens) else None
        return None if match is None else self._span(match)

    def before(self, index: int) -> str:
        """Return the folded line up to a token."""
        return self.line[: self._starts[index]] if index < len(self.tokens) else self.line

    def free(self, span: Span) -> bool:
        """Whether no token of the span is used."""
        return self.used.isdisjoint(range(span.start, span.end))

    def use(self, span: Span) -> str:
        """Mark the span as used and return its words as written."""
        self.used.update(range(span.start, span.end))
        return self.written(span)

    def written(self, span: Span) -> str:
        """Return the words of a span as the person wrote them, spaces evened."""
        if span.start >= span.end:
            return ""
        text = self.text[self.tokens[span.start].start : self.tokens[span.end - 1].end]
        return " ".join(text.split())

    def breaks(self, index: int) -> bool:
        """Whether a clause ends at this token (or the prompt does)."""
        return not 0 <= index < len(self.tokens) or self.tokens[index].text in BREAKS

    def at(self, index: int) -> str:
        """Return the folded token, "" outside the prompt."""
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def _span(self, match: re.Match[str]) -> Span | None:
        start = self._places.get(match.start())
        if start is None or match.start() == match.end():
            return None
        stop = match.end()
        end = next((self._places[place] for place in (stop, stop + 1) if place in self._places), None)
        if end is None and stop >= len(self.line):
            end = len(self.tokens)
        return None if end is None else Span(start, end)
