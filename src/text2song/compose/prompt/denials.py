"""Which of the phrases found in a prompt are denied: "no drums", "keep the synths out", "vocals: none", "drumless".

A denial is a cue (lexicon/denials.toml), the first thing it reaches, and the list that goes on from there. A negation
before a word of removal turns it into a wish ("can't do without strings"); a denial that holds for a moment of the song
only ("no drums until the chorus") leaves the thing in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from text2song.compose.prompt.cues import words_of
from text2song.compose.prompt.denial_desk import Desk, Phrase
from text2song.compose.prompt.denial_frames import deny_around, deny_back, deny_before
from text2song.compose.prompt.denial_lists import closes, fills_sentence, joint
from text2song.compose.prompt.lexicon import Lexicon, grammar
from text2song.compose.prompt.lexicon_rows import Entry, Kind
from text2song.compose.prompt.words import Span, Words

_THROUGH = grammar("passed_over_by_denials")
_STOPS = grammar("stop_denials")
_DETERMINERS = frozenset({"the", "any", "those", "that", "these", "my", "your", "all", "this", "a"})
_SENTENCE_ENDS = frozenset(".;!?\n|")
#: Kinds that colour the sound behind them rather than being denied with it: "no rock drums".
_COLOURS = frozenset({Kind.GENRE, Kind.HINT, Kind.ERA, Kind.ARTIST, Kind.SCENE, Kind.LANGUAGE})
_ADJECTIVES = 2
_SILENCE = Entry(Kind.VOCALS, "none")
#: Effects that happen once in a song, as words.toml names them.
_MOMENTS = frozenset({"key change", "fade-out", "abrupt ending", "big finish"})
_QUOTES = frozenset("\"“”«»(['‘’")
#: "No guitar solos" and "no drum fills" leave the guitar and the drums.
_FIGURES = grammar("figures_of_instruments")


@dataclass(frozen=True, slots=True)
class Denied:
    """Indices of the denied phrases, and of those among them that only a manner of is denied: "no harsh vocals"."""

    whole: frozenset[int]
    manner: frozenset[int]
    #: Phrases that say no more than which sound is denied, and ask for nothing: the rock of "no rock drums".
    colours: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Cue:
    span: Span
    #: Denies a sound over adjectives.
    flat: bool = True
    #: Denies everything up to the end of the sentence.
    lists: bool = False
    sounds_only: bool = False


def denied(words: Words, phrases: Sequence[Phrase], lexicon: Lexicon) -> Denied:
    """Return which of the phrases, in the order of the words, are denied; marks the cues' words as used."""
    desk = Desk(words, phrases)
    _set_undone_apart(desk)
    index = 0
    while index < len(words.tokens):
        cue = _cue(desk, index)
        index = cue.span.end if cue else index + 1
        if cue:
            _deny_after(desk, cue)
    _deny_after_silence(desk)
    deny_around(desk)
    deny_before(desk, lexicon)
    deny_back(desk)
    inside = {index for phrase in phrases for index in range(phrase.span.start, phrase.span.end)}
    words.used.update(desk.void - inside)
    return Denied(frozenset(desk.gone), frozenset(desk.manner), frozenset(desk.colours - desk.gone))


def _set_undone_apart(desk: Desk) -> None:
    for index in range(len(desk.words.tokens)):
        undone = desk.words.here(desk.cues.undo, index)
        if undone is not None and index not in desk.void and not desk.in_phrase(undone):
            desk.void.update(range(undone.start, undone.end))


def _cue(desk: Desk, index: int) -> _Cue | None:
    words, patterns = desk.words, desk.cues
    if index in desk.void or index in words.used:
        return None
    cue: _Cue | None = None
    flat, mild = words.here(patterns.flat, index), words.here(patterns.mild, index)
    if span := words.here(patterns.lists, index):
        cue = _Cue(span, lists=True)
    elif flat is not None and (mild is None or mild.end <= flat.end):
        cue = _Cue(flat)
    elif (span := words.here(patterns.maybe, index)) and _leads(desk, span):
        cue = _Cue(span, sounds_only=True)
    elif mild is not None:
        cue = _Cue(mild, flat=False)
    elif _is_minus(desk, index) or _is_preferred(desk, index):
        cue = _Cue(Span(index, index + 1), flat=False)
    if cue is None or desk.in_phrase(cue.span):
        return None
    cue = replace(cue, span=_before_phrase(desk, cue.span))
    if (words.here(patterns.removal, index) or cue.sounds_only) and desk.negated(index):
        desk.void.update(range(index, cue.span.end))
        return None
    return cue


def _before_phrase(desk: Desk, span: Span) -> Span:
    """Cut a cue short of a phrase that begins in it: the "a" of "not a cappella" is no article."""
    for index in range(span.start + 1, span.end):
        thing = desk.starts.get(index)
        if thing is not None and desk.phrases[thing].span.end > span.end:
            return Span(span.start, index)
    return span


def _is_minus(desk: Desk, index: int) -> bool:
    """ "piano, -drums", as one searches the web; a dash that begins a line is a bullet."""
    tokens = desk.words.tokens
    if not 0 < index < len(tokens) - 1 or tokens[index].text != "–" or tokens[index - 1].text == "\n":
        return False
    thing = desk.starts.get(index + 1)
    return tokens[index].end == tokens[index + 1].start and thing is not None and desk.phrases[thing].is_sound


def _is_preferred(desk: Desk, index: int) -> bool:
    """ "I prefer harp over piano", "prefer guitars to synths": what comes after is not wanted."""
    words = desk.words
    if words.at(index) not in {"over", "to"} or index not in desk.ends or index + 1 not in desk.starts:
        return False
    return any(
        words.at(back) in {"prefer", "preferring", "preferred", "favor", "favour"} for back in range(index - 5, index)
    )


def _deny_after_silence(desk: Desk) -> None:
    """Go on from "no words", which the lexicon knows as one phrase: "no words or drums", "no words until the end"."""
    for index, phrase in enumerate(desk.phrases):
        if phrase.entries[0] != _SILENCE or phrase.span.end - phrase.span.start < 2:
            continue
        cue = _Cue(phrase.span)
        things = _following(desk, index, cue)
        while more := _following(desk, things[-1], cue) if things else []:
            things = [*things, *more]
        desk.gone.update(things)
        if desk.momentary(phrase.span.start, desk.behind((things or [index])[-1])):
            desk.gone.add(index)


def _leads(desk: Desk, verb: Span) -> bool:
    """Whether "drop", "cut", "lose" removes here: where a wish begins, and before what is removed."""
    words = desk.words
    begins = words.breaks(verb.start - 1) or bool(words.here(desk.cues.lead, verb.start - 1))
    # "Soft rock with harp lose the drums", as typed without commas.
    begins = begins or (verb.start in desk.ends and words.at(verb.start) != "hold" and words.at(verb.end) == "the")
    return begins and (words.at(verb.end) in _DETERMINERS or verb.end in desk.starts)


def _deny_after(desk: Desk, cue: _Cue) -> None:
    things, end = _listed(desk, cue) if cue.lists else _reached(desk, cue)
    if not things:
        return
    undone = desk.words.here(desk.cues.behind, end)
    if undone is not None and not desk.words.at(cue.span.start).endswith("n't"):
        undone = None  # only "don't want the drums left out" is a double negation
    if undone is not None or (desk.momentary(cue.span.start, end) and not _of_a_moment(desk, things)):
        desk.void.update(range(cue.span.start, undone.end if undone else cue.span.end))
        return
    desk.gone.update(things)
    desk.words.used.update(range(cue.span.start, cue.span.end))


def _of_a_moment(desk: Desk, things: Sequence[int]) -> bool:
    """ "No key change at the end": what only ever happens for a moment is denied there as anywhere."""
    return all(_MOMENTS & {entry.name for entry in desk.phrases[thing].entries} for thing in things)


def _listed(desk: Desk, cue: _Cue) -> tuple[list[int], int]:
    """Everything to the end of the sentence: "avoid: drums, bass"."""
    end = cue.span.end
    while end < len(desk.words.tokens) and desk.words.at(end) not in _SENTENCE_ENDS:
        if desk.words.at(end) == "," and desk.words.at(end + 2) in {":", "="}:
            break  # "no: drums, yes: piano"
        end += 1
    inside = range(cue.span.end, end)
    return [index for start, index in desk.starts.items() if start in inside], end


def _reached(desk: Desk, cue: _Cue) -> tuple[list[int], int]:
    things = _reach(desk, cue.span.end, cue)
    if not things:
        return [], cue.span.end
    while more := _following(desk, things[-1], cue):
        things = [*things, *more]
    return things, desk.behind(things[-1])


def _reach(desk: Desk, index: int, cue: _Cue) -> list[int]:
    """Return the thing a denial reaches from a token on, with the moods that colour it; empty when it reaches none."""
    words = desk.words
    got: list[int] = []
    passed, degree = 0, False
    index = _behind_parts(desk, index)
    while not words.breaks(index):
        thing, word = desk.starts.get(index), words.at(index)
        if thing is not None:
            if desk.phrases[thing].is_sound:
                return [] if degree else _sound(desk, thing, got, passed)
            if cue.sounds_only or (passed and not got and not _is_genre(desk, thing, passed)):
                return []
            got.append(thing)
            index = desk.phrases[thing].span.end
            if cue.flat:
                continue
            return got
        if index in words.used or index in desk.void:
            return got
        if word in _THROUGH and not passed and not got:
            degree = degree or word in words_of("undo", "degrees")
        elif not cue.flat or passed == _ADJECTIVES or word in _STOPS:
            return got
        else:
            passed += 1
        index += 1
    return got


def _behind_parts(desk: Desk, index: int) -> int:
    """Return the token behind "any kind of" and "a hint of", or behind the quotation mark of `no "drums"`."""
    if desk.words.at(index) in _QUOTES and index + 1 in desk.starts:
        index += 1
    while (part := desk.words.here(desk.cues.part, index)) is not None:
        desk.words.used.update(range(part.start, part.end))
        index = part.end
    return index


def _sound(desk: Desk, thing: int, before: list[int], passed: int) -> list[int]:
    """Return a sound with the moods before it; of a voice with an adjective only that manner is denied."""
    if desk.words.at(desk.phrases[thing].span.end) in _FIGURES and Kind.VOCALS not in desk.phrases[thing].kinds:
        return before
    kinds = [desk.phrases[each].kinds for each in before]
    if (passed or kinds) and Kind.VOCALS in desk.phrases[thing].kinds:
        desk.manner.add(thing)
    coloured = [each for each, kind in zip(before, kinds, strict=True) if _COLOURS & kind]
    desk.colours.update(coloured)
    return [*(each for each in before if each not in coloured), thing]


def _is_genre(desk: Desk, thing: int, passed: int) -> bool:
    """ "no generic pop": a genre is denied over one adjective."""
    return passed == 1 and Kind.GENRE in desk.phrases[thing].kinds


def _following(desk: Desk, last: int, cue: _Cue) -> list[int]:
    """Return the next things of the list that began with a denied one, empty where it ends."""
    words, index = desk.words, desk.behind(last)
    word, after = words.at(index), words.at(index + 1)
    wide = _Cue(cue.span)
    skipped = joint(desk, index)
    if skipped is not None:
        return _reach(desk, index + skipped, wide)
    determiner = words.at(cue.span.end)
    again = determiner in _DETERMINERS and after == determiner
    if word == "," and (again or closes(desk, index) or fills_sentence(desk, cue.span, index)):
        return _alike(desk, last, _reach(desk, index + (2 if after == "and" else 1), wide))
    if word == "and" and (again or fills_sentence(desk, cue.span, index)):
        return _alike(desk, last, _reach(desk, index + (2 if after == "or" else 1), wide))
    plain = desk.starts.get(index + 1)  # "and soft piano" begins a wish of its own
    single = plain is not None and desk.phrases[plain].span.end == index + 2
    return _alike(desk, last, [plain]) if word == "and" and single and plain is not None else []


def _alike(desk: Desk, last: int, things: list[int]) -> list[int]:
    return things if things and desk.phrases[last].alike(desk.phrases[things[-1]]) else []
