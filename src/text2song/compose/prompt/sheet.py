"""What one reading shares: the words, the phrases found, where each value came from, and what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType

from text2song.compose.prompt.lexicon import Lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.matching import Match, matches
from text2song.compose.prompt.text import Token
from text2song.compose.prompt.themes import read_theme, title_span
from text2song.compose.prompt.translation import translated
from text2song.compose.prompt.typos import repaired
from text2song.compose.prompt.words import Span, Words
from text2song.domain.context import Reading, Source

#: Inside "about …" only feelings are heard: a song about a guitar need not have one.
_HEARD_IN_THEME = frozenset({Kind.MOOD, Kind.SCENE, Kind.HINT})

#: Values that are decided with another one.
_GOES_WITH = MappingProxyType({"tempo_word": "bpm", "voice": "vocals"})


class Sheet:
    """The desk on which one prompt is read."""

    def __init__(self, prompt: str, lexicon: Lexicon) -> None:
        #: BCP 47 tag of the prompt's own language, "" for English and for what is not recognised.
        self.language = ""
        self.words = Words.of(prompt, self._put_right)
        self.words.use(title_span(self.words))
        self.found: list[Match] = []
        self.sources: dict[str, Reading] = {}
        self._lexicon = lexicon

    def _put_right(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        english, self.language = translated(tokens)
        return english if self.language else repaired(english)

    def match(self) -> None:
        """Find the lexicon's phrases among the words that figures left."""
        self.found = matches(self.words, self._lexicon)

    def take_theme(self) -> str:
        """Return what the song is about, "" when nothing says, and forget features named only in it."""
        read = read_theme(self.words, self.found)
        if read is None:
            return ""
        theme, span = read
        self.found = [kept for match in self.found if (kept := _outside(match, span)) is not None]
        self.words.use(span)
        self.note("theme", Source.WORDS, theme)
        return theme

    def only(self, match: Match, kind: Kind) -> None:
        """Let a match mean one thing alone: "in Turkish" is a language, not a music."""
        entries = tuple(entry for entry in match.entries if entry.kind is kind)
        self.found = [replace(each, entries=entries) if each is match else each for each in self.found]

    def note(self, field: str, source: Source, words: str = "") -> None:
        """Record where a field's value came from."""
        self.sources[field] = Reading(source, words)

    def sourced(self) -> dict[str, Reading]:
        """Return where every value came from; one without words of its own goes with the value that decided it."""
        followed = {field: self.sources[other] for field, other in _GOES_WITH.items() if other in self.sources}
        return {**followed, **self.sources}

    def take(self, field: str, used: Iterable[Match]) -> None:
        """Record that these matches decided a field; nothing is recorded when there are none."""
        taken = list(dict.fromkeys(used))
        for match in taken:
            self.words.use(match.span)
        if taken:
            self.note(field, Source.WORDS, ", ".join(dict.fromkeys(match.words for match in taken)))

    def compared_bounds(self, pace: Match, bounds: tuple[float, float, float]) -> tuple[float, float, float]:
        """Return the tempo range of the genre named after "slower than …", else `bounds`."""
        for match in self.found:
            names = match.names(Kind.GENRE)
            if match.compared and names and match.span.start > pace.span.start:
                low, high = self._lexicon.genres[names[0]].bpm
                self.words.use(match.span)
                return float(low), float(high), (low + high) / 2
        return bounds

    def leftover(self) -> tuple[str, ...]:
        """Return content words that changed nothing, as written and in order, each once."""
        left: dict[str, str] = {}
        for index, token in enumerate(self.words.tokens):
            said = token.is_word and index not in self.words.used
            if said and token.text not in self._lexicon.filler and not token.text.isdigit():
                left.setdefault(token.text, self.words.written(Span(index, index + 1)))
        return tuple(left.values())


def _outside(match: Match, theme: Span) -> Match | None:
    """Keep a match outside the theme whole, and of one inside it only its feelings."""
    if match.span.end <= theme.start or match.span.start >= theme.end:
        return match
    heard = tuple(entry for entry in match.entries if entry.kind in _HEARD_IN_THEME)
    return Match(heard, match.span, match.words) if heard else None
