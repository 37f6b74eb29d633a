from __future__ import annotations

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.edits.apply import edited
from text2song.compose.edits.targets import notes_in
from text2song.domain.composition import UnifiedComposition
from text2song.domain.edits import Edit, InvalidEditError
from text2song.domain.serial import digest, from_json, to_json


def _same_but(parent: UnifiedComposition, child: UnifiedComposition, part: str, section: str) -> None:
    for one, two in zip(parent.parts, child.parts, strict=True):
        for each in parent.sections:
            same = notes_in(parent, one, each.name) == notes_in(child, two, each.name)
            assert same == ((one.name, each.name) != (part, section)), (one.name, each.name)
    assert child.harmony is parent.harmony
    assert child.sections is parent.sections
    assert child.tempo is parent.tempo


@pytest.mark.parametrize("style", ["pop", "house", "jazz"])
@pytest.mark.parametrize("part", ["bass", "drums", "chords"])
def test_one_part_of_one_section_changes_and_nothing_else(style: str, part: str) -> None:
    parent = finished(style)
    section = max(parent.sections, key=lambda each: each.energy).name
    child = edited(parent, Edit(remake=(f"{section}/{part}",)))
    _same_but(parent, child, part, section)


def test_the_child_says_whose_it_is_and_reads_back() -> None:
    parent = finished()
    edit = Edit(remake=("bass",))
    child = edited(parent, edit, parent_id="0197")
    assert child.provenance.parent == digest(parent)
    assert child.provenance.parent_id == "0197"
    assert child.provenance.edits == (edit,)
    assert child.provenance.request == parent.provenance.request
    assert from_json(UnifiedComposition, to_json(child)) == child


def test_the_same_edit_gives_the_same_child_from_file_too() -> None:
    parent = finished("house")
    edit = Edit(remake=("drums",))
    read = from_json(UnifiedComposition, to_json(parent))
    assert digest(edited(parent, edit)) == digest(edited(read, edit))
    assert digest(edited(parent, edit)) != digest(edited(parent, Edit(remake=("drums",), seed=1)))


def test_edits_chain_and_each_differs_from_the_one_before() -> None:
    song = finished()
    versions = [song]
    for _ in range(3):
        versions.append(edited(versions[-1], Edit(remake=("chorus.1/bass",))))
    assert len({version.part("bass").notes for version in versions}) == 4
    assert [len(version.provenance.edits) for version in versions] == [0, 1, 2, 3]
    assert versions[3].provenance.parent == digest(versions[2])


def test_other_drums_keep_the_trigger_of_the_ducking() -> None:
    parent = finished("house")
    assert any(channel.duck_db for channel in parent.mix.channels)
    child = edited(parent, Edit(remake=("drums",)))
    assert child.kicks != parent.kicks
    assert child.mix.trigger == parent.kicks
    assert edited(child, Edit(remake=("drums",))).mix.trigger == parent.kicks


def test_a_section_made_anew_leaves_locked_parts_alone() -> None:
    parent = finished()
    child = edited(parent, Edit(remake=("chorus.1",), lock=("drums", "chorus.1/lead")))
    changed = {one.name for one, two in zip(parent.parts, child.parts, strict=True) if one != two}
    assert "bass" in changed
    assert not changed & {"drums", "lead"}


@pytest.mark.parametrize(("remake", "lock"), [("chorus.1/bass", "bass"), ("chorus.1", "chorus"), ("bass", "bass")])
def test_making_anew_what_is_locked_is_refused(remake: str, lock: str) -> None:
    with pytest.raises(InvalidEditError, match="locked"):
        edited(finished(), Edit(remake=(remake,), lock=(lock,)))


def test_new_words_are_sung_on_the_tune_that_was_there() -> None:
    parent = finished(sung=True)
    child = edited(parent, Edit(lyrics="[Verse]\nSun on the mountain today\nWe are driving out at dawn"))
    vocal, other = parent.part("vocal"), child.part("vocal")
    assert child.lyrics is not None
    assert {line.text for line in child.lyrics.lines if line.section == "verse.1"} == {
        "Sun on the mountain today",
        "We are driving out at dawn",
    }
    assert notes_in(parent, vocal, "chorus.1") == notes_in(child, other, "chorus.1")
    assert all(one is two for one, two in zip(parent.parts, child.parts, strict=True) if one.name != "vocal")
    starts = {note.start for note in notes_in(parent, vocal, "verse.1")}
    kept = [note.start in starts for note in notes_in(child, other, "verse.1")]
    assert sum(kept) / len(kept) > 0.7


def test_a_singer_made_anew_sings_the_words_of_the_song_as_it_is_now() -> None:
    parent = edited(finished(sung=True), Edit(lyrics="[Verse]\nSun on the mountain today"))
    child = edited(parent, Edit(remake=("verse.1/vocal",)))
    assert child.lyrics is not None
    assert {line.text for line in child.lyrics.lines if line.section == "verse.1"} == {"Sun on the mountain today"}
    assert notes_in(parent, parent.part("vocal"), "verse.1") != notes_in(child, child.part("vocal"), "verse.1")


@pytest.mark.parametrize(
    "edit",
    [
        Edit(bpm=90.0),
        Edit(energy=(0.8,)),
        Edit(moods=("sad",)),
        Edit(duration_seconds=90.0),
        Edit(extend="chorus"),
        Edit(remove=("drums",)),
        Edit(add=("pad=strings",)),
        Edit(instruments={"chords": "organ"}),
        Edit(remake=("chorus.1/harmony",)),
        Edit(remake=("bass",), bpm=100.0, add=("counter",), extend="chorus"),
    ],
)
def test_every_kind_of_edit_reads_back_and_is_edited_further(edit: Edit) -> None:
    parent = finished()
    child = edited(parent, edit)
    assert from_json(UnifiedComposition, to_json(child)) == child
    assert digest(edited(parent, edit)) == digest(child)
    again = edited(child, Edit(remake=("chorus.1/bass",)))
    assert again.provenance.edits == (edit, Edit(remake=("chorus.1/bass",)))


def test_an_edit_that_changes_nothing_says_so() -> None:
    parent = finished()
    with pytest.raises(InvalidEditError, match="how the song is already"):
        edited(parent, Edit(bpm=float(parent.context.bpm)))
    with pytest.raises(InvalidEditError, match="how the song is already"):
        edited(parent, Edit(key=parent.context.key.name))


def test_words_are_asked_for_where_words_are_to_change() -> None:
    with pytest.raises(InvalidEditError, match="give new ones"):
        edited(finished(sung=True), Edit(remake=("verse.1/lyrics",)))
