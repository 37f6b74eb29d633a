"""Words of a prompt as tokens that know where they stood, whatever script they are written in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType

from text2song.compose.prompt.clocks import in_figures
from text2song.compose.prompt.keynames import in_english
from text2song.compose.prompt.numerals import merged_numerals

_TOKEN = re.compile(
    r"""
    \d{1,2}\s?/\s?\d{1,2}(?![\d/])        # 6/8
    | \d{1,2}:\d{2}(?!\d)                 # 2:30
    | ['’]?\d{2,4}['’]?s(?![^\W_])             # 80s, 1980's
    | \d+(?:[.,]\d+)?                     # 92, 2.5
    | (?<![^\W_])[A-Ga-g][#♯♭](?:maj|min|m)?(?![^\W_])  # F#, c♯m
    | [^\W\d_]\w*(?:['’´`ʼ][^\W_]+)*         # rock'n'roll, dx7, y2k
    | \n | [^\w\s]                        # line ends and punctuation, one sign each
    """,
    re.VERBOSE,
)
_REWRITES = (
    (re.compile(r"\b(?:w/o(?:ut)?|with out)\b", re.IGNORECASE), "without"),
    (re.compile(r"\bno(?=(?:vocals?|vox|drums|singing|lyrics|guitars?)\b)", re.IGNORECASE), "no "),
    (re.compile(r"\bw/(?=\s*\w)", re.IGNORECASE), "with "),
    (re.compile(r"\b(?:whitout|wihtout|whithout|wihout|withuot|witohut|wtihout|withput)\b", re.IGNORECASE), "without"),
    # Emphasis of mark-up, names with underscores, signs that say yes and no, "!drums".
    (re.compile(r"(?<!\S)[*_`]{1,3}(?=[^\s*_`])|(?<=[^\s*_`])[*_`]{1,3}(?=[\s,.;:!?)]|$)"), ""),
    (re.compile(r"(?<=[^\W_])_(?=[^\W_])"), " "),
    (re.compile(r"[❌🚫✗✖✘⛔]\ufe0f? ?"), " no "),
    (re.compile(r"[✅✔☑]\ufe0f? ?"), " yes "),
    (re.compile(r"(?<![\w!?.])!(?=[a-z])"), "no "),
    (re.compile(r"[‐‑‒−]"), "-"),
    (re.compile(r"[≈≃∼≅±]"), "~"),
    # The white keys are a scale, no instrument to be heard alone.
    (re.compile(r"\b(?:(?:all|only|just) )?(?:on )?(?:the )?white keys(?: only)?\b", re.IGNORECASE), "diatonic"),
    (re.compile(r"(?<=\ws)['’](?=\s)"), ""),
    # "2min 15s" and "1m45" are lengths.
    (re.compile(r"\b(\d{1,2}) ?m(?:ins?)?\.? ?([0-5]\d)(?: ?s(?:ecs?|econds?)?)?\b", re.IGNORECASE), r"\1:\2"),
    (re.compile(r"(\d) 1/2(?= (?:min|hour))", re.IGNORECASE), r"\1.5"),
    # "2'20\"" is a length; "4 kids" and "2 slow" are phone spelling; "in March" is a month.
    (re.compile(r"\b(\d{1,2})['’′] ?(\d{2})(?:[\"”″]|''|′′)"), r"\1:\2"),
    (re.compile(r"(?<![\w'’])([1-9])['’′]([0-5]\d)(?![\w'’′]| ?(?:tall|feet|inch))"), r"\1:\2"),
    # 15" is fifteen seconds, 7", 10" and 12" are records.
    (
        re.compile(r"(?<![\d:.'’′\"“])\b(?!(?:7|10|12)\b)(\d{1,3})(?:″|′′|''|\"(?=[^\"”]*(?:$|[\"“][^\"]*[\"”])))"),
        r"\1 seconds",
    ),
    (re.compile(r"\b4 (?=(?:my|me|kids|a|the|our|ur|his|her|your)\b)", re.IGNORECASE), "for "),
    (re.compile(r"\b(not) 2 (?=[a-z])", re.IGNORECASE), r"\1 too "),
    (re.compile(r"\b(in|last|this|since|until|early|late|mid|next) March\b"), r"\1 spring"),
    (re.compile(r"\bnite\b", re.IGNORECASE), "night"),
    (re.compile(r"\bluv\b", re.IGNORECASE), "love"),
    (re.compile(r"\bthru\b", re.IGNORECASE), "through"),
    (re.compile(r"(?<= )'?n'?(?= )", re.IGNORECASE), "and"),
)
#: "dont" and "wont", typed without the apostrophe.
_SHARES = MappingProxyType({"½": ".5", "¼": ".25", "¾": ".75"})
_FRACTIONS = re.compile(r"(\d*) ?([½¼¾])")
_APOSTROPHES = re.compile("[’´`ʼ]")
_BARE = re.compile(r"(do|does|did|is|are|was|were|wo|would|should|could|ca|must|has|have|had|ai)nt")
#: Signs that end a clause; "–" stands for a dash with spaces around it.
BREAKS = frozenset(',.;:!?()[]{}|–—/\n•…"“”«»>→')


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign: `text` folded for look-up, and its place in the prompt."""

    text: str
    start: int
    end: int
    #: Written with a capital, as names are.
    capital: bool = False

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number rather than a sign."""
        return self.text[0].isalnum()


def clean(prompt: str) -> str:
    """Return the prompt in NFKC with shorthand such as "w/o" written out; offsets below refer to this text."""
    text = in_figures(in_english(unicodedata.normalize("NFKC", _FRACTIONS.sub(_decimal, prompt))))
    for pattern, written in _REWRITES:
        text = pattern.sub(written, text)
    return text


def _decimal(match: re.Match[str]) -> str:
    """ "3½" is 3.5; NFKC would make 31/2 of it."""
    return f"{match[1]}{_SHARES[match[2]]}" if match[1] else f"0{_SHARES[match[2]]}"


def fold(word: str) -> str:
    """Return the look-up form: case, accents and typographic apostrophes removed; "’80s" and "80's" become "80s"."""
    decomposed = unicodedata.normalize("NFD", _APOSTROPHES.sub("'", word).casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character)) or word
    plain = plain.replace("♯", "#").replace("♭", "b")
    plain = plain.removeprefix("'") or plain
    plain = f"{plain[:-2]}n't" if _BARE.fullmatch(plain) else plain
    return plain.replace("'", "") if plain[0].isdigit() else plain.removesuffix("'s")


def tokenise(text: str) -> tuple[Token, ...]:
    """Return the tokens of a cleaned text; spelled numbers become digits ("two and a half" → "2.5")."""
    return merged_numerals(tuple(_tokens(text)), Token)


def phrase(text: str) -> tuple[str, ...]:
    """Return the look-up key of a lexicon phrase: exactly what the same words become in a prompt."""
    return tuple(token.text for token in tokenise(clean(text)) if token.is_word)


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        word, (start, end) = match.group(), match.span()
        if word in "-–—":
            word = _dash(text, start, end)
        if word == "+" and found and _is_joined(text, start, end):
            word = ","
        if word == "&" or (word == "+" and found):
            word = "and"
        if word:
            found.append(Token(fold(word).replace(" ", ""), start, end, word[0].isupper()))
    return found


def _dash(text: str, start: int, end: int) -> str:
    """A hyphen inside a word is nothing, between numbers a range, with space around it a break."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isdigit() and after.isdigit():
        return "~"
    apart = text[start] == "—" or not before.strip() or before in "([{" or not after.strip()
    return "–" if apart else ""


def _is_joined(text: str, start: int, end: int) -> bool:
    """ "-celesta +drums": a plus hung on the next word begins a wish."""
    return not text[start - 1 : start].strip() and bool(text[end : end + 1].strip())
