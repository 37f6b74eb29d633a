"""Sung words: are the lines that were asked for sung, in their order, and can the voice be heard on them?"""

from __future__ import annotations

from collections.abc import Sequence

from text2song.domain.composition import UnifiedComposition
from text2song.domain.context import Source, Vocals
from text2song.domain.lyrics import LyricLine
from text2song.evaluation.finding import Finding

#: A voice softer than this on a line is not heard, dB below the mix on the same stretch.
_UNDER_MIX_DB = 24.0
#: Lines told by name among those left out.
_TOLD = 12


def asked_lines(lyrics: str) -> tuple[str, ...]:
    """Return the lines of a lyric sheet that are words: no empty lines, no section tags in brackets.

    >>> asked_lines("[Verse 1]\\nHello\\n\\n(Chorus)\\nGood day\\n")
    ('Hello', 'Good day')
    """
    lines = (line.strip() for line in lyrics.splitlines())
    return tuple(line for line in lines if any(letter.isalnum() for letter in line) and not _is_tag(line))


def _is_tag(line: str) -> bool:
    if line.startswith("[") and line.endswith("]"):
        return True
    bare = line.strip("(){}:#* ").casefold().rstrip(" 0123456789x:")
    names = ("intro", "verse", "pre-chorus", "prechorus", "chorus", "hook", "bridge", "outro", "refrain", "solo")
    return bare in names


def line_spans(composition: UnifiedComposition, sample_rate: int) -> tuple[tuple[int, int], ...]:
    """Return the first frame of every sung line, and the one after its last."""
    spans = []
    for line in _sung_lines(composition):
        last = line.syllables[-1]
        first, end = (composition.tempo.seconds(at) for at in (line.syllables[0].start, last.start + last.duration))
        spans.append((int(first * sample_rate), int(end * sample_rate)))
    return tuple(spans)


def lyrics_finding(composition: UnifiedComposition, levels: Sequence[tuple[float, float]] | None) -> Finding:
    """Hold the sung lines against the asked ones.

    `levels` are the RMS of the voices and of the mix on each of the `line_spans`, None without any voice.
    """
    given = composition.context.lyrics
    sung = _sung_lines(composition)
    asked = asked_lines(given) if given else ()
    audible = sum(_is_heard(*level) for level in levels or ())
    measured: dict[str, object] = {"lines": len(sung), "audible": audible}
    reason = ""
    if asked and composition.context.vocals is Vocals.SUNG:
        unsung = _unsung(asked, sung)
        measured |= {"unsung": len(unsung), "unsung_lines": unsung[:_TOLD], "in_order": _in_order(asked, sung)}
        if not sung:
            reason = "none of the words are sung"
        elif not measured["in_order"]:
            reason = "the lines are not sung in their order"
    if not reason and sung and audible < len(sung):
        reason = f"{len(sung) - audible} of {len(sung)} sung lines cannot be heard"
    return Finding("lyrics", {"lines": len(asked) if given else None}, measured, reason)


def vocals_finding(composition: UnifiedComposition, voices: Sequence[str], audible: Sequence[str]) -> Finding:
    """Hold the wish for a singer, or for none, against the stems of voices (names, and those that are audible)."""
    context = composition.context
    wished = context.sources.get("vocals")
    binding = wished is not None and wished.source is not Source.STYLE
    reason = ""
    if context.vocals is Vocals.INSTRUMENTAL and voices:
        reason = "somebody sings in an instrumental"
    elif binding and context.vocals is Vocals.SUNG and _sung_lines(composition) and not audible:
        reason = "no voice can be heard"
    asked = {"vocals": context.vocals.value, "voice": context.voice}
    return Finding("vocals", asked, {"voices": list(voices), "audible": list(audible)}, reason)


def _sung_lines(composition: UnifiedComposition) -> tuple[LyricLine, ...]:
    lyrics = composition.lyrics
    return tuple(line for line in lyrics.lines if line.syllables) if lyrics is not None else ()


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def _unsung(asked: Sequence[str], sung: Sequence[LyricLine]) -> list[str]:
    """Return the asked lines that no sung line holds; a long line may be sung in pieces."""
    heard = {_plain(line.text) for line in sung}
    whole = f" {' '.join(_plain(line.text) for line in sung)} "
    return [line for line in asked if _plain(line) not in heard and f" {_plain(line)} " not in whole]


def _in_order(asked: Sequence[str], sung: Sequence[LyricLine]) -> bool:
    """Return whether the lines, each where it is first sung, follow the sheet; a chorus may come back anywhere."""
    places: dict[str, int] = {}
    for place, line in enumerate(asked):
        places.setdefault(_plain(line), place)
    seen: set[str] = set()
    last = -1
    for text in (_plain(line.text) for line in sung):
        if text not in places or text in seen:
            continue
        seen.add(text)
        if places[text] < last:
            return False
        last = places[text]
    return True


def _is_heard(voice: float, whole: float) -> bool:
    return voice > 0.0 and voice >= whole * 10 ** (-_UNDER_MIX_DB / 20)
