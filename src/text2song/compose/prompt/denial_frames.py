"""Denials around and behind the thing: "keep the synths out", "drums: none", "drum-free"."""

from __future__ import annotations

import re

from text2song.compose.prompt.denial_desk import Desk
from text2song.compose.prompt.lexicon import Lexicon, grammar
from text2song.compose.prompt.words import Span

_SENTENCE_ENDS = frozenset(".;!?\n|")
_THROUGH = grammar("passed_over_by_denials")
_STOPS = grammar("stop_denials")
_AROUND = 10
_ADJECTIVES = 3
#: "fade the drums out" and "belt the vocals out" remove nothing.
_NO_REMOVAL = frozenset({"fade", "fades", "fading", "bring", "brings", "belt", "belts", "rock", "blast", "come", "let"})
#: After these "free" is no suffix: "drums, free jazz".
_FREE_OF_ITS_OWN = frozenset(
    {"jazz", "form", "improv", "improvisation", "flowing", "time", "spirited", "rhythm", "tempo"}
)


def deny_around(desk: Desk) -> None:
    """Deny what stands between a verb and its particle."""
    for index in range(len(desk.words.tokens)):
        for verb, particle in desk.cues.around:
            begun = desk.words.here(verb, index)
            if begun is not None and index not in desk.void:
                _enclose(desk, begun, particle)


def _enclose(desk: Desk, verb: Span, particle: re.Pattern[str]) -> None:
    words = desk.words
    inside: list[int] = []
    plain, index = 0, verb.end
    while index < min(verb.end + _AROUND, len(words.tokens)):
        closed = words.here(particle, index)
        if closed is not None and inside:
            if desk.negated(verb.start) or desk.momentary(verb.start, closed.end):
                desk.void.update(range(verb.start, closed.end))
                return
            desk.gone.update(thing for thing in inside if desk.phrases[thing].is_sound)
            words.used.update(range(verb.start, verb.end))
            words.used.update(range(closed.start, closed.end))
            return
        thing = desk.starts.get(index)
        word = words.at(index)
        if thing is None:
            plain += word not in _THROUGH and word not in {"and", "or", ",", "both", "completely", "well", "entirely"}
            if plain > _ADJECTIVES or (words.breaks(index) and word != ",") or _stops(word):
                return
            index += 1
        else:
            inside.append(thing)
            index = desk.phrases[thing].span.end


def _stops(word: str) -> bool:
    return word in _STOPS and word not in {"and", "all", "the"}


def deny_back(desk: Desk) -> None:
    """Deny the sound named last in the sentence before "none of those", "spare me that"."""
    words = desk.words
    for index in range(len(words.tokens)):
        cue = words.here(desk.cues.back, index)
        if cue is None or not _ends(desk, cue.end) or desk.negated(index) or index in desk.void:
            continue
        last = _named_last(desk, index)
        if last is None or desk.momentary(index, cue.end):
            continue
        run = [last]
        while (before := _joined(desk, run[-1])) is not None:
            run.append(before)
        desk.gone.update(run)
        words.used.update(range(cue.start, cue.end))


def _ends(desk: Desk, index: int) -> bool:
    return desk.words.breaks(index) or desk.words.at(index) in {"please", "pls", "thanks", "thank", "at", "here", "ta"}


def _named_last(desk: Desk, index: int) -> int | None:
    """Return the last sound before a token, in its own sentence and not far away."""
    for back in range(index, max(-1, index - _AROUND), -1):
        thing = desk.ends.get(back)
        if thing is not None and desk.phrases[thing].is_sound:
            return thing
        if desk.words.at(back - 1) in _SENTENCE_ENDS:
            return None
    return None


def deny_before(desk: Desk, lexicon: Lexicon) -> None:
    """Deny what a cue behind it speaks of, and what "-free" and "-less" are hung on."""
    for index, phrase in enumerate(desk.phrases):
        if _lacking(desk, phrase.span, lexicon):
            desk.gone.add(index)
        elif phrase.is_sound and index not in desk.gone:
            _spoken_of(desk, index)


def _spoken_of(desk: Desk, last: int) -> None:
    words, phrase = desk.words, desk.phrases[last]
    cue = words.here(desk.cues.behind, phrase.span.end) or words.here(desk.cues.behind, desk.behind(last))
    if cue is None or desk.void & set(range(cue.start, cue.end)):
        return
    run = [last]
    while (before := _joined(desk, run[-1])) is not None:
        run.append(before)
    start = desk.phrases[run[-1]].span.start
    led = set() if words.breaks(start - 1) else {words.at(start - 1), words.at(start - 2)}
    if led & _NO_REMOVAL or desk.negated(start) or desk.momentary(start, cue.end):
        return
    desk.gone.update(run)
    words.used.update(range(cue.start, cue.end))


def _joined(desk: Desk, thing: int) -> int | None:
    """Return the phrase that "drums and bass: none" joins before a thing."""
    back = desk.phrases[thing].span.start - 1
    while desk.words.at(back) in {"the", "any"}:
        back -= 1
    before = desk.ends.get(back) if desk.words.at(back) in {"and", "or", "/"} else None
    if before is None or not desk.phrases[before].is_sound:
        return None
    return before


def _lacking(desk: Desk, span: Span, lexicon: Lexicon) -> bool:
    """ "drumless", "drum-less", "drum-free", "a vocal free version"."""
    words = desk.words
    word = words.at(span.start)
    if (word,) not in lexicon.phrases and lessened(word) and span.end - span.start == 1:
        return True
    hung = words.at(span.end)
    if hung not in {"free", "less"} or not words.at(span.end - 1):
        return False
    joined = words.text[words.tokens[span.end].start - 1] == "-"
    apart = hung == "free" and words.at(span.end + 1) not in _FREE_OF_ITS_OWN and span.end not in desk.starts
    return joined or apart


def lessened(word: str) -> str:
    """Return the word that "-less" is hung on: "drumless" speaks of drums, "voiceless" of a voice; else ""."""
    stem = word.removesuffix("less")
    return stem if stem != word and len(stem) >= 3 else ""
