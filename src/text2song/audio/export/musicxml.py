"""Lead sheet in MusicXML 4.0: the tune with its words, the chords above it, bar by bar."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from xml.etree import ElementTree

from text2song.audio.export.midi import fifths_of
from text2song.audio.export.notation import DIVISIONS, LENGTHS, Symbol, written
from text2song.domain.composition import ChordSpan, UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.lyrics import Syllable
from text2song.domain.rational import Fraction
from text2song.domain.score import Part, Role
from text2song.domain.theory import FLAT_NAMES, SHARP_NAMES, Key

_DOCTYPE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
    ' "http://www.musicxml.org/dtds/partwise.dtd">\n'
)

#: Chord quality of `domain.theory` to the kind-value of MusicXML and the degrees added to it.
_KINDS: MappingProxyType[str, tuple[str, tuple[tuple[int, int, str], ...]]] = MappingProxyType(
    {
        "": ("major", ()),
        "m": ("minor", ()),
        "dim": ("diminished", ()),
        "aug": ("augmented", ()),
        "5": ("power", ()),
        "sus2": ("suspended-second", ()),
        "sus4": ("suspended-fourth", ()),
        "6": ("major-sixth", ()),
        "m6": ("minor-sixth", ()),
        "7": ("dominant", ()),
        "maj7": ("major-seventh", ()),
        "m7": ("minor-seventh", ()),
        "mmaj7": ("major-minor", ()),
        "m7b5": ("half-diminished", ()),
        "dim7": ("diminished-seventh", ()),
        "7sus4": ("suspended-fourth", ((7, -1, "add"),)),
        "add9": ("major", ((9, 0, "add"),)),
        "madd9": ("minor", ((9, 0, "add"),)),
        "9": ("dominant-ninth", ()),
        "maj9": ("major-ninth", ()),
        "m9": ("minor-ninth", ()),
        "11": ("dominant-11th", ()),
        "m11": ("minor-11th", ()),
        "13": ("dominant-13th", ()),
        "7b9": ("dominant", ((9, -1, "add"),)),
        "7#9": ("dominant", ((9, 1, "add"),)),
        "7#11": ("dominant", ((11, 1, "add"),)),
        "maj7#11": ("major-seventh", ((11, 1, "add"),)),
        "69": ("major-sixth", ((9, 0, "add"),)),
        "m69": ("minor-sixth", ((9, 0, "add"),)),
        "9sus4": ("suspended-fourth", ((7, -1, "add"), (9, 0, "add"))),
        "7b13": ("dominant", ((13, -1, "add"),)),
        "7#5": ("augmented-seventh", ()),
        "maj13": ("major-13th", ()),
    }
)
#: The parts that may carry the tune, the first that has notes is written.
_TUNES = (Role.VOCAL, Role.LEAD, Role.COUNTER, Role.ARPEGGIO, Role.CHORDS, Role.PAD, Role.BASS)


def musicxml_bytes(composition: UnifiedComposition) -> bytes:
    """Return the lead sheet of a composition: the sung or leading line, chord symbols, lyrics and section marks."""
    score = ElementTree.Element("score-partwise", version="4.0")
    _child(_child(score, "work"), "work-title", composition.context.title or "Song")
    identification = _child(score, "identification")
    _child(identification, "creator", "Text2Song Studio (AI-generated)", type="composer")
    _child(_child(identification, "encoding"), "software", "Text2Song Studio")
    tune = tune_of(composition)
    listed = _child(_child(score, "part-list"), "score-part", id="P1")
    _child(listed, "part-name", "Tune" if tune is None else instrument(tune.instrument).name.capitalize())
    part = _child(score, "part", id="P1")
    pages = written(() if tune is None else tune.notes, composition.time_signature, max(1, composition.bars))
    syllables = _syllables(composition, tune)
    for number, page in enumerate(pages):
        _measure(part, number, page, composition, syllables)
    ElementTree.indent(score)
    return (_DOCTYPE + ElementTree.tostring(score, encoding="unicode") + "\n").encode()


def tune_of(composition: UnifiedComposition) -> Part | None:
    """Return the part that is written: the first role that carries tunes and has notes; None for drums alone."""
    for role in _TUNES:
        for part in composition.parts:
            if part.role is role and part.notes and not instrument(part.instrument).percussion:
                return part
    return None


def _measure(
    part: ElementTree.Element,
    number: int,
    page: Sequence[Symbol],
    composition: UnifiedComposition,
    syllables: dict[int, Syllable],
) -> None:
    measure = _child(part, "measure", number=str(number + 1))
    if number == 0:
        _attributes(measure, composition)
        _tempo(measure, composition)
    for change in composition.keys:
        if number and number * composition.time_signature.bar == change.start:
            _key(_child(measure, "attributes"), change.key)
    for section in composition.sections:
        if section.start_bar == number:
            kind = _child(_child(measure, "direction", placement="above"), "direction-type")
            _child(kind, "rehearsal", section.name.replace(".", " ").capitalize())
    start = number * composition.time_signature.bar
    chords = [span for span in composition.harmony if start <= span.start < start + composition.time_signature.bar]
    whole_bar_rest = len(page) == 1 and page[0].pitch is None
    for index, symbol in enumerate(page):
        last = index + 1 == len(page)
        due = [span for span in chords if last or _divisions(span.start) < symbol.start + symbol.length]
        chords = [span for span in chords if span not in due]
        for span in due:
            flats = composition.key_at(span.start).flats
            _harmony(measure, span, _divisions(span.start) - symbol.start, flats=flats)
        _note(measure, symbol, composition, None if symbol.tied_from else syllables.get(symbol.start), whole_bar_rest)
    if number == max(1, composition.bars) - 1:
        _child(_child(measure, "barline", location="right"), "bar-style", "light-heavy")


def _attributes(measure: ElementTree.Element, composition: UnifiedComposition) -> None:
    attributes = _child(measure, "attributes")
    _child(attributes, "divisions", str(DIVISIONS))
    _key(attributes, composition.key_at(Fraction(0)))
    time = _child(attributes, "time")
    metre = composition.time_signature
    # Groups are written as the sum they are (MusicXML 4.0, "beats").
    _child(time, "beats", "+".join(map(str, metre.groups or (metre.numerator,))))
    _child(time, "beat-type", str(composition.time_signature.denominator))
    clef = _child(attributes, "clef")
    tune = tune_of(composition)
    pitches = [note.pitch for note in tune.notes] if tune else [72]
    low = sum(pitches) < 56 * len(pitches)
    _child(clef, "sign", "F" if low else "G")
    _child(clef, "line", "4" if low else "2")


def _key(attributes: ElementTree.Element, key: Key) -> None:
    element = _child(attributes, "key")
    _child(element, "fifths", str(fifths_of(key)))
    _child(element, "mode", key.mode.removeprefix("harmonic ").removeprefix("melodic "))


def _tempo(measure: ElementTree.Element, composition: UnifiedComposition) -> None:
    bpm = float(composition.tempo.bpm)
    direction = _child(measure, "direction", placement="above")
    metronome = _child(_child(direction, "direction-type"), "metronome")
    _child(metronome, "beat-unit", "quarter")
    _child(metronome, "per-minute", f"{bpm:g}")
    _child(direction, "sound", tempo=f"{bpm:g}")


def _harmony(measure: ElementTree.Element, span: ChordSpan, offset: int, *, flats: bool) -> None:
    chord = span.chord
    harmony = _child(measure, "harmony")
    _step(harmony, "root", chord.root, flats=flats)
    kind, degrees = _KINDS[chord.quality]
    _child(harmony, "kind", kind).set("text", chord.quality)
    if chord.bass is not None and chord.bass != chord.root:
        _step(harmony, "bass", chord.bass, flats=flats)
    for value, alter, change in degrees:
        degree = _child(harmony, "degree", **{"print-object": "no"})
        _child(degree, "degree-value", str(value))
        _child(degree, "degree-alter", str(alter))
        _child(degree, "degree-type", change)
    if offset:
        _child(harmony, "offset", str(offset))


def _step(parent: ElementTree.Element, kind: str, pitch_class: int, *, flats: bool) -> None:
    letter, alter = _spelled(pitch_class, flats=flats)
    element = _child(parent, kind)
    _child(element, f"{kind}-step", letter)
    if alter:
        _child(element, f"{kind}-alter", str(alter))


def _note(
    measure: ElementTree.Element,
    symbol: Symbol,
    composition: UnifiedComposition,
    syllable: Syllable | None,
    whole_bar_rest: bool,
) -> None:
    note = _child(measure, "note")
    if symbol.pitch is None:
        _child(note, "rest", **({"measure": "yes"} if whole_bar_rest else {}))
    else:
        _pitch(note, symbol.pitch, flats=composition.key_at(Fraction(symbol.start, DIVISIONS)).flats)
    _child(note, "duration", str(symbol.length))
    for tie, present in (("stop", symbol.tied_from), ("start", symbol.tied_to)):
        if present:
            _child(note, "tie", type=tie)
    _child(note, "voice", "1")
    if not whole_bar_rest:
        _length(note, symbol.length)
    if symbol.tied_from or symbol.tied_to:
        notations = _child(note, "notations")
        for tie, present in (("stop", symbol.tied_from), ("start", symbol.tied_to)):
            if present:
                _child(notations, "tied", type=tie)
    if syllable is not None and symbol.pitch is not None:
        _lyric(note, syllable, composition)


def _pitch(note: ElementTree.Element, number: int, *, flats: bool) -> None:
    letter, alter = _spelled(number % 12, flats=flats)
    pitch = _child(note, "pitch")
    _child(pitch, "step", letter)
    if alter:
        _child(pitch, "alter", str(alter))
    _child(pitch, "octave", str(number // 12 - 1))


def _length(note: ElementTree.Element, length: int) -> None:
    kind, dots, triplet = LENGTHS[length]
    _child(note, "type", kind)
    for _ in range(dots):
        _child(note, "dot")
    if triplet:
        modification = _child(note, "time-modification")
        _child(modification, "actual-notes", "3")
        _child(modification, "normal-notes", "2")


def _lyric(note: ElementTree.Element, syllable: Syllable, composition: UnifiedComposition) -> None:
    lyric = _child(note, "lyric", number="1")
    _child(lyric, "syllabic", _syllabic(syllable, composition))
    _child(lyric, "text", syllable.text)


def _syllabic(syllable: Syllable, composition: UnifiedComposition) -> str:
    """Return single, begin, middle or end: where in its word the syllable stands."""
    lines = () if composition.lyrics is None else composition.lyrics.lines
    line = next(line.syllables for line in lines if syllable in line.syllables)
    place = line.index(syllable)
    begins = place == 0 or line[place - 1].ends_word
    if begins:
        return "single" if syllable.ends_word else "begin"
    return "end" if syllable.ends_word else "middle"


def _syllables(composition: UnifiedComposition, tune: Part | None) -> dict[int, Syllable]:
    """Return the syllables of a sung tune by the written place of the note they begin on."""
    if tune is None or tune.role is not Role.VOCAL or composition.lyrics is None:
        return {}
    pages = written(tune.notes, composition.time_signature, max(1, composition.bars))
    heads = [symbol.start for page in pages for symbol in page if symbol.pitch is not None and not symbol.tied_from]
    found: dict[int, Syllable] = {}
    for line in composition.lyrics.lines:
        for syllable in line.syllables:
            place = _divisions(syllable.start)
            head = _nearest(heads, place)
            # A note moves by less than an eighth when it is written down.
            if abs(head - place) < DIVISIONS // 2:
                found.setdefault(head, syllable)
    return found


def _nearest(places: Sequence[int], wanted: int) -> int:
    return min(places, key=lambda place: abs(place - wanted), default=wanted)


def _spelled(pitch_class: int, *, flats: bool) -> tuple[str, int]:
    name = (FLAT_NAMES if flats else SHARP_NAMES)[pitch_class]
    return name[0], {"": 0, "#": 1, "b": -1}[name[1:]]


def _divisions(position: Fraction) -> int:
    return round(position * DIVISIONS)


def _child(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    if text:
        child.text = text
    return child
