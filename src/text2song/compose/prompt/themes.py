"""What a song is about, what it is called, and the words to be sung when the prompt carries them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from text2song.compose.prompt.lexicon import grammar
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.matching import Match
from text2song.compose.prompt.words import Span, Words
from text2song.domain.context import Source

_ABOUT = re.compile(
    r"(?<!\S)(?:all about|about|regarding|concerning|(?:telling|tells) the story of|the story of|dedicated to"
    r"|theme (?::|of)|themed around)(?!\S)"
)
_TITLE = re.compile(
    r"\b(?:called|titled|entitled|named|title\s*[:=]|title is)\s*[\"“”'‘«]([^\"“”'’»\n]{1,100})[\"“”'’»]", re.IGNORECASE
)
_LYRICS = re.compile(
    r"(?:^|[\s.,;])(?:with )?(?:these |the following )?lyrics\s*:\s*(?P<words>.+)\Z", re.IGNORECASE | re.DOTALL
)
#: "Lyrics: none" carries no lyrics.
_NO_LYRICS = re.compile(r"(?:no|none|off|n/?a|nope|without|-)\b[^\n]{0,3}(?=$|[\n,.;])", re.IGNORECASE)
_TITLE_MAX = 60
_MINOR_WORDS = grammar("minor_title_words")
#: Kinds that end a theme when "with", "in" or "at" leads to them.
_FEATURES = frozenset(
    {
        Kind.GENRE,
        Kind.INSTRUMENT,
        Kind.GENERIC,
        Kind.PRODUCTION,
        Kind.VOCALS,
        Kind.TEMPO,
        Kind.ERA,
        Kind.SECTION,
        Kind.ENERGY,
    }
)
_LEADS = grammar("leads_to_features")
_NEEDS = frozenset({"needs", "need", "requires", "require", "wants", "calls", "deserves"})
_PERSONS = grammar("persons")


def split_lyrics(prompt: str) -> tuple[str, str | None]:
    """Part a prompt from the lyrics it carries after "lyrics:"; None when it carries none."""
    match = _LYRICS.search(prompt)
    if match is None or not match["words"].strip() or _NO_LYRICS.match(match["words"].strip()):
        return prompt, None
    return prompt[: match.start()].rstrip(), match["words"].strip().strip('"“”')


def read_title(prompt: str) -> str:
    """Return the title given in quotes after "called" or "titled", "" when there is none."""
    match = _TITLE.search(prompt)
    return match[1].strip() if match else ""


def title_span(words: Words) -> Span:
    """Return the tokens of that title, which ask for nothing: a song called "Drums of War" need have none."""
    match = _TITLE.search(words.text)
    inside = [
        index for index, token in enumerate(words.tokens) if match and match.start(1) <= token.start < match.end(1)
    ]
    return Span(inside[0], inside[-1] + 1) if inside else Span(0, 0)


def read_theme(words: Words, found: Sequence[Match]) -> tuple[str, Span] | None:
    """Return what the song is about and where the words stand, the word "about" included."""
    for _, span in words.find(_ABOUT):
        end = span.end
        while not words.breaks(end) and end not in words.used and not _feature_ahead(words, end, span.end, found):
            end += 1
        theme = words.written(Span(span.end, end))
        if theme and not theme[0].isdigit():
            return theme, Span(span.start, end)
    return None


def titled(given: str | None, prompt: str, theme: str, feel: tuple[Sequence[str], str]) -> tuple[str, Source, str]:
    """Return (title, source, the words that decided): a field's, one in quotes, the theme, or of mood and genre."""
    if given:
        return given, Source.USER, ""
    quoted = read_title(prompt)
    if quoted:
        return quoted, Source.WORDS, quoted
    return made_title(theme, *feel), Source.WORDS if theme else Source.STYLE, theme


def made_title(theme: str, moods: Sequence[str], genre: str) -> str:
    """Make a title from the theme, or from mood and genre where there is none."""
    mood = [mood for mood in moods[:1] if mood not in genre]
    words = theme.split() if theme else [*mood, *genre.split()]
    while len(" ".join(words)) > _TITLE_MAX and len(words) > 1:
        words.pop()
    return " ".join(_capital(word, first=index == 0) for index, word in enumerate(words))[:_TITLE_MAX]


def _feature_ahead(words: Words, index: int, start: int, found: Sequence[Match]) -> bool:
    """Whether the theme ends here: "… with banjo", "… in the style of jazz", "… at 92 bpm"."""
    # "Our film about coral needs techno", but "a boy who needs a guitar".
    needs = words.at(index) in _NEEDS and words.at(index - 1) not in _PERSONS
    if index == start or not (needs or words.at(index) in _LEADS):
        return False
    reach = 4
    for ahead in range(index + 1, index + 1 + reach):
        if words.breaks(ahead):
            return False
        if ahead in words.used:
            return True
        if any(match.span.start == ahead and _is_feature(match) for match in found):
            return True
    return False


def _is_feature(match: Match) -> bool:
    return any(entry.kind in _FEATURES for entry in match.entries)


def _capital(word: str, *, first: bool) -> str:
    return word if word.lower() in _MINOR_WORDS and not first else word[:1].upper() + word[1:]
