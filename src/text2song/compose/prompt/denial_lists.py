"""How far a denial goes in a list: "no drums, bass or guitar", "avoid A, B and C", "no synths like strings"."""

from __future__ import annotations

from text2song.compose.prompt.denial_desk import Desk
from text2song.compose.prompt.lexicon import grammar
from text2song.compose.prompt.words import Span

_SENTENCE_ENDS = frozenset(".;!?\n|")
_STOPS = grammar("stop_denials")
_LIST_REACH = 10
_LIST_ENDS = frozenset({"or", "nor", "etc", "etcetera"})
_TAKING_LISTS = grammar("denials_taking_lists")
_LISTING = _TAKING_LISTS | grammar("denials_before_lists")
_ENSEMBLES = grammar("ensembles")
_LIST_WORDS = frozenset({",", "and", "the", "any", "a", "or", "please", "pls", "plz", "thanks", "at", "all"})
_EXAMPLES = frozenset({"like", "such", "including", "especially"})


def joint(desk: Desk, index: int) -> int | None:
    """Return how many tokens join the next thing to a denied one whatever follows it; None where nothing does."""
    words = desk.words
    word, after = words.at(index), words.at(index + 1)
    if word in {"or", "nor"} or (word == "/" and index + 1 in desk.starts and desk.closed_up(index)):
        return 1
    if word in _EXAMPLES and is_example(desk, index):
        return 1 + (after == "as")
    if index in desk.starts and runs_on(desk, index):
        return 0
    return 2 if word == "," and after in {"or", "nor"} else None


def is_example(desk: Desk, index: int) -> bool:
    """ "No melody instruments like piano or strings": whether a sound is named as an example."""
    thing = desk.starts.get(index + 1 + (desk.words.at(index + 1) == "as"))
    return thing is not None and desk.phrases[thing].is_sound


def runs_on(desk: Desk, index: int) -> bool:
    """Whether things follow without commas up to an "or": "no guitar saxophone or trumpet"."""
    while index in desk.starts:
        index = desk.phrases[desk.starts[index]].span.end
    return desk.words.at(index) in {"or", "nor"} and index + 1 in desk.starts


def closes(desk: Desk, index: int) -> bool:
    """Whether a list that goes on at this comma ends with "or": "no drums, bass or guitar"."""
    for ahead in range(index + 1, min(index + _LIST_REACH, len(desk.words.tokens))):
        word = desk.words.at(ahead)
        if word in _LIST_ENDS:
            return True
        if ahead not in desk.starts and (word in _STOPS or (desk.words.breaks(ahead) and word != ",")):
            return False
    return False


def fills_sentence(desk: Desk, cue: Span, index: int) -> bool:
    """Whether nothing but a list is left of the sentence: "a waltz without A, B and C", "avoid A, B, C".

    "A trio without drums, piano and bass" names its players.
    """
    words, verb = desk.words, desk.words.at(cue.start)
    before = _sentence_before(desk, cue.start)
    opens = words.breaks(cue.start - 1) or verb.endswith("n't")
    joined = words.at(cue.start - 1) in {"and", "please", "but", "to"}
    if verb not in _LISTING or before & _ENSEMBLES or ("," in before and not (opens or joined)):
        return False
    closed = False
    while index < len(words.tokens) and words.at(index) not in _SENTENCE_ENDS:
        thing, word = desk.starts.get(index), words.at(index)
        if thing is None and (word not in _LIST_WORDS or (closed and word == ",")):
            return False
        closed = closed or word == "and"
        index = index + 1 if thing is None else desk.phrases[thing].span.end
    return closed or (verb in _TAKING_LISTS and opens)


def _sentence_before(desk: Desk, index: int) -> frozenset[str]:
    start = index
    while start > 0 and desk.words.at(start - 1) not in _SENTENCE_ENDS:
        start -= 1
    return frozenset(desk.words.at(each) for each in range(start, index))
