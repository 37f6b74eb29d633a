"""Timed lyrics: one line per sung line, in the LRC format that players show."""

from __future__ import annotations

from text2song.domain.composition import UnifiedComposition
from text2song.domain.lyrics import LyricLine


def lrc_bytes(composition: UnifiedComposition, *, words: bool = False) -> bytes:
    """Return the lyrics with the time of each line, UTF-8; with `words` each word is timed too (enhanced LRC).

    Lines that were not set to music are spread evenly over their section. Without lyrics the header stands alone.
    """
    context = composition.context
    header = [f"[ti:{_plain(context.title)}]", f"[length:{_stamp(composition.seconds)}]", "[re:Text2Song Studio]"]
    timed = sorted(_timed(composition), key=lambda item: item[0])
    body = [f"[{_stamp(start)}]{_words(line, composition) if words else _plain(line.text)}" for start, line in timed]
    return ("\n".join([*header, *body]) + "\n").encode()


def _timed(composition: UnifiedComposition) -> list[tuple[float, LyricLine]]:
    lines = () if composition.lyrics is None else composition.lyrics.lines
    unset = [line for line in lines if not line.syllables]
    found = []
    for line in lines:
        if line.syllables:
            found.append((composition.tempo.seconds(line.syllables[0].start), line))
        elif (start := _spread(line, unset, composition)) is not None:
            found.append((start, line))
    return found


def _spread(line: LyricLine, unset: list[LyricLine], composition: UnifiedComposition) -> float | None:
    """Return where a line without notes stands: its share of the way through its section; None without a section."""
    section = next((section for section in composition.sections if section.name == line.section), None)
    if section is None:
        return None
    # By identity: a refrain may hold the same line twice.
    neighbours = [other for other in unset if other.section == line.section]
    place = next(index for index, other in enumerate(neighbours) if other is line)
    start = composition.section_start(section)
    length = section.bars * composition.time_signature.bar
    return composition.tempo.seconds(start + length * place / len(neighbours))


def _words(line: LyricLine, composition: UnifiedComposition) -> str:
    if not line.syllables:
        return _plain(line.text)
    out, begins = "", True
    for syllable in line.syllables:
        stamp = f"<{_stamp(composition.tempo.seconds(syllable.start))}>" if begins else ""
        out += stamp + _plain(syllable.text) + (" " if syllable.ends_word else "")
        begins = syllable.ends_word
    return out.rstrip()


def _stamp(seconds: float) -> str:
    """Minutes, seconds and hundredths.

    >>> _stamp(83.456)
    '01:23.46'
    """
    hundredths = round(max(0.0, seconds) * 100)
    return f"{hundredths // 6000:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"


def _plain(text: str) -> str:
    """One line, without what the format would read as a tag."""
    return " ".join(text.split()).replace("[", "(").replace("]", ")")
