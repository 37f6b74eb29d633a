from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from tests.audio.songs import small_song

from text2song.audio.export.musicxml import _KINDS, musicxml_bytes, tune_of
from text2song.audio.export.notation import DIVISIONS
from text2song.domain.composition import ChordSpan, KeyChange, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Role
from text2song.domain.theory import QUALITIES, Chord, Key, TimeSignature

#: The order in which MusicXML 4.0 wants the children of each element that the lead sheet uses.
_ORDER = {
    "score-partwise": ["work", "identification", "part-list", "part"],
    "attributes": ["divisions", "key", "time", "clef"],
    "note": [
        *("pitch", "rest", "duration", "tie", "voice", "type", "dot", "time-modification", "notations", "lyric"),
    ],
    "harmony": ["root", "kind", "bass", "degree", "offset"],
    "pitch": ["step", "alter", "octave"],
    "direction": ["direction-type", "sound"],
    "lyric": ["syllabic", "text"],
}


def _parsed(composition: UnifiedComposition) -> ElementTree.Element:
    return ElementTree.fromstring(musicxml_bytes(composition))  # noqa: S314 - our own bytes


def _texts(root: ElementTree.Element, path: str) -> list[str]:
    return [element.text or "" for element in root.iterfind(path)]


def test_children_come_in_the_order_of_the_standard() -> None:
    for element in _parsed(small_song()).iter():
        order = _ORDER.get(element.tag)
        if order is not None:
            places = [order.index(child.tag) for child in element]
            assert places == sorted(places), element.tag


@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8", "5/4", "7/8"])
def test_every_measure_is_full(metre: str) -> None:
    signature = TimeSignature.parse(metre)
    root = _parsed(small_song(4, time_signature=signature))
    measures = root.findall("part/measure")
    assert [measure.get("number") for measure in measures] == ["1", "2", "3", "4"]
    for measure in measures:
        assert sum(int(text) for text in _texts(measure, "note/duration")) == signature.bar * DIVISIONS


def test_the_tune_the_words_and_the_chords() -> None:
    root = _parsed(small_song())
    first = root.find("part/measure")
    assert first is not None
    assert _texts(first, "note/pitch/step") == ["A", "C", "D", "B"]
    assert _texts(first, "note/lyric/text") == ["Hold", "the", "morn", "ing"]
    assert _texts(first, "note/lyric/syllabic") == ["single", "single", "begin", "end"]
    assert _texts(root, "part/measure/harmony/root/root-step") == ["A", "F", "C", "G"]
    assert _texts(root, "part/measure/harmony/kind") == ["minor", "major", "major", "dominant"]
    assert _texts(root, ".//rehearsal") == ["Verse 1", "Chorus 1"]


def test_a_chord_inside_a_note_has_an_offset() -> None:
    song = small_song(1)
    (vocal,) = (replace(part, notes=(Note(Fraction(0), 69, Fraction(4), 90),)) for part in song.parts[-1:])
    chords = tuple(ChordSpan(Chord(9, "m"), Fraction(beat), Fraction(2), "i", "verse.1") for beat in (0, 2))
    root = _parsed(replace(song, parts=(vocal,), harmony=chords))
    assert _texts(root, ".//harmony/offset") == [str(2 * DIVISIONS)]


@pytest.mark.parametrize("quality", sorted(QUALITIES))
def test_every_chord_quality_can_be_written(quality: str) -> None:
    assert quality in _KINDS
    song = small_song(1)
    chords = (ChordSpan(Chord(10, quality, bass=5), Fraction(0), Fraction(4), "i", "verse.1"),)
    root = _parsed(replace(song, harmony=chords, context=replace(song.context, key=Key.parse("F major"))))
    assert _texts(root, ".//root-step") == ["B"]
    assert _texts(root, ".//root-alter") == ["-1"]
    assert _texts(root, ".//bass-step") == ["F"]


def test_sharps_and_flats_follow_the_key() -> None:
    song = small_song(1)
    for key, letters in (("E major", ["G", "1"]), ("Ab major", ["A", "-1"])):
        (vocal,) = (replace(part, notes=(Note(Fraction(0), 68, Fraction(4), 90),)) for part in song.parts[-1:])
        root = _parsed(replace(song, parts=(vocal,), context=replace(song.context, key=Key.parse(key))))
        assert [*_texts(root, ".//pitch/step"), *_texts(root, ".//pitch/alter")] == letters


def test_the_voice_comes_before_other_tunes() -> None:
    song = small_song()
    found = tune_of(song)
    assert found is not None
    assert found.role is Role.VOCAL
    drums = replace(song, parts=song.parts[:1])
    assert tune_of(drums) is None
    assert len(_parsed(drums).findall("part/measure/note/rest")) == 4


def test_words_with_markup_are_escaped() -> None:
    song = replace(small_song(), context=replace(small_song().context, title='<b>&"'))
    assert _texts(_parsed(song), "work/work-title") == ['<b>&"']


def test_a_modulation_is_a_change_of_signature_where_it_begins() -> None:
    song = small_song()
    bar = song.time_signature.bar
    moved = replace(song, keys=(KeyChange(bar, Key.parse("Eb major")),))
    measures = _parsed(moved).findall("part/measure")
    signatures = [measure.findtext("attributes/key/fifths") for measure in measures]
    assert signatures[1] == "-3"
    assert signatures[0] not in (None, "-3")
    assert not any(signatures[2:])


def test_groups_are_written_as_a_sum() -> None:
    song = replace(small_song(), time_signature=TimeSignature(4, 4, (2, 2)))
    assert _texts(_parsed(song), ".//time/beats")[:1] == ["2+2"]
    assert _texts(_parsed(small_song()), ".//time/beats")[:1] == ["4"]
