"""Keys by their signature: "three sharps (major)", "a minor key with two flats"."""

from __future__ import annotations

import re

from text2song.compose.prompt.words import Span, Words
from text2song.domain.theory import Key

_SIGNATURE = re.compile(
    r"(?<!\S)(?:(major|minor)(?: key| mode)?(?: (?:,|with|of|and|has))* )?(no|[1-7]) (sharp|flat)s?"
    r"(?: (?:or|and) (?:sharp|flat)s?)?"
    r"(?: (?:in|at|on) the (?:key )?(?:signature|clef|stave|staff))?"
    r"(?:(?: (?:,|\(|–|and|in|it|is|:|a|the|so))* (major|minor)"
    r"(?= (?:[,.;:!?)\n–|]|key|mode|scale|obviously|please)(?: |$)|$))?(?!\S)"
)
#: What makes a signature of a bare count: "key signature of four flats".
_SIGNED_BY = re.compile(r"(?:^|\s)(?:key|signature|keysignature|armature)(?: (?:of|with|has|is|:|=|,))* $")
#: A fifth, and from a major key down to its relative minor, in semitones.
_FIFTH, _RELATIVE = 7, -3


def read_signature(words: Words) -> tuple[Key, str, str] | None:
    """Return (key, "", words) of a count of sharps or flats with a mode, or named as a signature; else None.

    Without a mode it is the major key: "two flats" beside no such word are homes, and no key at all.
    """
    for match, span in words.find(_SIGNATURE):
        before, count, sign, behind = match.groups()
        mode = behind or before or ""
        if not mode and not _SIGNED_BY.search(words.before(span.start)) and "signature" not in match[0]:
            continue
        if count == "no" and not mode:
            continue
        steps = (0 if count == "no" else int(count)) * (1 if sign == "sharp" else -1)
        tonic = (_FIFTH * steps + (_RELATIVE if mode == "minor" else 0)) % 12
        return Key(tonic, mode or "major"), "", words.use(Span(span.start, span.end))
    return None
