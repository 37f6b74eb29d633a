from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from tests.services.fakes import FakeProvider, run_next_job

from text2song.domain.edits import Edit, InvalidEditError
from text2song.domain.errors import NotFoundError
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.compositions import delete_composition, get_composition
from text2song.services.edits import UneditableError, submit_edit
from text2song.services.jobs import get_job
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.tasks.edit import ParentGoneError
from text2song.services.views import Status

EDIT = Edit(remake=("bass",))


def _song(studio: Studio, *, made: bool = True) -> UUID:
    accepted = submit(studio, LOCAL_OWNER, CompositionRequest("a tone", seed=7, title="Tone"), Options(), seeded=True)
    if made:
        run_next_job(studio, FakeProvider())
    return accepted.composition_id


def test_a_child_is_made_and_knows_its_parent(studio: Studio) -> None:
    parent_id = _song(studio)
    accepted = submit_edit(studio, LOCAL_OWNER, parent_id, EDIT)
    waiting = get_composition(studio, LOCAL_OWNER, accepted.composition_id)
    assert (waiting.parent_id, waiting.title, waiting.job.status) == (parent_id, "Tone", Status.QUEUED)
    run_next_job(studio, FakeProvider())
    child = get_composition(studio, LOCAL_OWNER, accepted.composition_id)
    assert child.job.status == Status.COMPLETE
    assert len(child.takes) == 1
    assert [edit["remake"] for edit in child.edits] == [["bass"]]
    assert get_composition(studio, LOCAL_OWNER, parent_id).edits == []


def test_a_child_has_children(studio: Studio) -> None:
    child = submit_edit(studio, LOCAL_OWNER, _song(studio), EDIT)
    run_next_job(studio, FakeProvider())
    grandchild = submit_edit(studio, LOCAL_OWNER, child.composition_id, Edit(bpm=90.0))
    run_next_job(studio, FakeProvider())
    found = get_composition(studio, LOCAL_OWNER, grandchild.composition_id)
    assert found.parent_id == child.composition_id
    assert [edit["bpm"] for edit in found.edits] == [None, 90.0]


def test_a_parent_that_goes_leaves_a_whole_child(studio: Studio) -> None:
    parent_id = _song(studio)
    accepted = submit_edit(studio, LOCAL_OWNER, parent_id, EDIT)
    run_next_job(studio, FakeProvider())
    delete_composition(studio, LOCAL_OWNER, parent_id)
    child = get_composition(studio, LOCAL_OWNER, accepted.composition_id)
    assert child.parent_id is None
    assert len(child.edits) == len(child.takes) == 1
    with pytest.raises(NotFoundError):
        submit_edit(studio, LOCAL_OWNER, parent_id, EDIT)
    submit_edit(studio, LOCAL_OWNER, accepted.composition_id, Edit(bpm=90.0))


def test_a_parent_that_goes_before_the_edit_is_made_is_said(studio: Studio) -> None:
    parent_id = _song(studio)
    accepted = submit_edit(studio, LOCAL_OWNER, parent_id, EDIT)
    delete_composition(studio, LOCAL_OWNER, parent_id)
    with pytest.raises(ParentGoneError, match="removed before"):
        run_next_job(studio, FakeProvider())
    assert get_job(studio, LOCAL_OWNER, accepted.job_id).status != Status.COMPLETE


def test_what_cannot_be_edited_is_refused(studio: Studio) -> None:
    with pytest.raises(UneditableError, match="not finished"):
        submit_edit(studio, LOCAL_OWNER, _song(studio, made=False), EDIT)
    run_next_job(studio, FakeProvider())
    with pytest.raises(NotFoundError):
        submit_edit(studio, LOCAL_OWNER, uuid4(), EDIT)
    parent_id = _song(studio)
    with pytest.raises(UneditableError, match="no take 2"):
        submit_edit(studio, LOCAL_OWNER, parent_id, EDIT, take=2)
    with pytest.raises(InvalidEditError, match="tuba") as caught:
        submit_edit(studio, LOCAL_OWNER, parent_id, Edit(remake=("tuba",)))
    assert caught.value.field == "remake"
