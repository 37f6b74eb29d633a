import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.domain.composition import Section, SectionKind
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.score import Note, Part, Role
from text2song.domain.serial import UnreadableError, digest, from_json, to_json

fractions = st.fractions(min_value=0, max_value=1000, max_denominator=960)
notes = st.builds(
    Note, fractions, st.integers(0, 127), fractions, st.integers(1, 127), st.integers(-9999, 9999), st.text()
)


@given(st.builds(Part, st.text(), st.sampled_from(Role), st.text(), st.lists(notes).map(tuple)))
def test_a_part_comes_back_as_it_went(part: Part) -> None:
    assert from_json(Part, to_json(part)) == part


@given(
    st.builds(
        CompositionRequest,
        prompt=st.text(),
        duration_seconds=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        genres=st.lists(st.builds(GenreWeight, st.text(), st.floats(0, 1))).map(tuple),
    )
)
def test_a_request_comes_back_as_it_went(request: CompositionRequest) -> None:
    assert from_json(CompositionRequest, to_json(request)) == request


def test_json_is_canonical() -> None:
    section = Section("verse.1", SectionKind.VERSE, 4, 8, 0.5)
    expected = '{"bars":8,"energy":0.5,"kind":"verse","name":"verse.1","start_bar":4}\n'
    assert to_json(section) == expected.encode()
    assert digest(section) == digest(Section("verse.1", SectionKind.VERSE, 4, 8, 0.5))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"name":1,"kind":"verse","start_bar":0,"bars":1,"energy":0.5}',
        '{"name":"a","kind":"chant","start_bar":0,"bars":1,"energy":0.5}',
        '{"name":"a","kind":"verse","start_bar":true,"bars":1,"energy":0.5}',
        '{"name":"a","kind":"verse","start_bar":0,"bars":1,"energy":0.5,"extra":1}',
    ],
)
def test_what_is_not_a_section_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        from_json(Section, text)


def test_a_fraction_over_zero_is_refused() -> None:
    with pytest.raises(UnreadableError):
        from_json(Note, '{"start":"1/0","pitch":1,"duration":"1","velocity":1}')
