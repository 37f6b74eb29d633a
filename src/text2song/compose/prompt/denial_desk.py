"""What the readers of denials share: the phrases where they stand, and what surrounds a denial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from text2song.compose.prompt.cues import Cues, cues, words_of
from text2song.compose.prompt.lexicon import grammar
from text2song.compose.prompt.lexicon_rows import Entry, Kind
from text2song.compose.prompt.words import Span, Words

_BRIDGES = grammar("bridges_of_negations")
_EXCEPTIONS = frozenset({"except", "other", "apart", "aside", "save", "besides", "but"})
_SOUNDS = frozenset({Kind.INSTRUMENT, Kind.GENERIC, Kind.VOCALS})
#: Kinds that one denial may cover together.
_SORTS = MappingProxyType(
    {Kind.GENERIC: Kind.INSTRUMENT, Kind.VOCALS: Kind.INSTRUMENT, Kind.SCENE: Kind.MOOD, Kind.HINT: Kind.GENRE}
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase can mean, and where it stands."""

    entries: tuple[Entry, ...]
    span: Span

    @property
    def kinds(self) -> frozenset[Kind]:
        """Every kind of meaning it has."""
        return frozenset(entry.kind for entry in self.entries)

    @property
    def is_sound(self) -> bool:
        """Whether it is an instrument or a voice; the guitar of a "guitar solo" is not denied with the solo."""
        return bool(self.kinds & _SOUNDS) and Kind.SECTION not in self.kinds

    def alike(self, other: Phrase) -> bool:
        """Whether both are of one sort: "no drums and soft piano" denies only the drums."""
        own, its = ({_SORTS.get(kind, kind) for kind in each.kinds} for each in (self, other))
        return bool(own & its)


class Desk:
    """One prompt while its denials are read."""

    def __init__(self, words: Words, phrases: Sequence[Phrase]) -> None:
        self.words = words
        self.phrases = phrases
        self.cues: Cues = cues()
        #: Index of the phrase that begins, and that ends, at a token.
        self.starts = {phrase.span.start: index for index, phrase in enumerate(phrases)}
        self.ends = {phrase.span.end: index for index, phrase in enumerate(phrases)}
        #: Tokens that deny nothing, whatever they look like.
        self.void: set[int] = set()
        #: Indices of the denied phrases, and of those of them that only a manner of is denied: "no harsh vocals".
        self.gone: set[int] = set()
        self.manner: set[int] = set()
        #: Indices of phrases that only say which sound is denied: the rock of "no rock drums".
        self.colours: set[int] = set()

    def in_phrase(self, span: Span) -> bool:
        """Whether a longer phrase of the lexicon begins here and is meant instead ("no wave")."""
        found = self.starts.get(span.start)
        return found is not None and self.phrases[found].span.end > span.end

    def behind(self, thing: int) -> int:
        """Return the first token behind a phrase that says more of it than "please" or "parts"."""
        end = self.phrases[thing].span.end
        while end not in self.starts and (more := self.words.here(self.cues.after, end)):
            end = more.end
        return end

    def closed_up(self, index: int) -> bool:
        """Whether a sign stands between words without a space: "drums/bass"."""
        sign, text = self.words.tokens[index], self.words.text
        return bool(text[sign.start - 1 : sign.start].strip() and text[sign.end : sign.end + 1].strip())

    def negated(self, index: int) -> bool:
        """ "don't skip", "can't do without": whether a negation before turns a word of removal round."""
        words = self.words
        for back in range(index - 1, max(-1, index - 7), -1):
            word = words.at(back)
            if words.breaks(back):
                return False
            if word in {"not", "never", "no", "nor", "cannot", "nothing"} or word.endswith("n't"):
                return True
            if word not in _BRIDGES:
                break
        return self._excepted(index)

    def _excepted(self, index: int) -> bool:
        """ "no percussion except a shaker": an exception from a denial is a wish."""
        back = index - 1
        while self.words.at(index) in _EXCEPTIONS and not self.words.breaks(back):
            if self.ends.get(back + 1) in self.gone:
                return True
            back -= 1
        return False

    def momentary(self, start: int, end: int) -> bool:
        """Whether a denial from `start` to `end` holds for a moment of the song only: "no drums until the chorus"."""
        words = self.words
        if words.here(self.cues.moment_after, end) or self.cues.moment_before.search(words.before(start)):
            return True
        holds = start
        while words.at(holds - 1) in words_of("limits", "holds"):
            holds -= 1
        section = self.ends.get(holds)
        if section is None or (holds == start and words.at(start) not in {"without", "sans"}):
            return False
        named = {entry.name for entry in self.phrases[section].entries if entry.kind is Kind.SECTION}
        listed = any(Kind.SECTION in self.phrases[each].kinds for each in range(max(0, section - 2), section))
        return bool(named - {"solo"}) and not listed
