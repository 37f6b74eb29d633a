import json
import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.domain.composition import Section, SectionKind
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.score import Note, Part, Role
from text2song.domain.serial import UnreadableError, digest, from_json, from_plain, to_json, to_plain

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


@dataclass(frozen=True)
class Odd:
    """Everything that JSON can hold and canonical writing may get wrong."""

    zeta: object
    alpha: object = None


class Level(IntEnum):
    HIGH = 3


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | fractions
    | st.sampled_from(Role)
    | st.just(Level.HIGH)
    | st.builds(np.float64, st.floats(-1e9, 1e9)),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.builds(Odd, inner, inner)
    ),
)


@given(values)
def test_writing_at_once_is_writing_the_plain_value(value: object) -> None:
    plain = json.dumps(to_plain(value), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    assert to_json(value) == (plain + "\n").encode()


@pytest.mark.parametrize("value", [math.nan, math.inf, (1.0, -math.inf), Odd({"a": math.nan}), np.float64("nan")])
def test_what_is_no_number_is_not_written(value: object) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(value)


@pytest.mark.parametrize(
    ("kind", "plain", "error", "words"),
    [
        (int, True, TypeError, "expected int, got bool"),
        (float, True, TypeError, "expected float, got bool"),
        (float, "1", TypeError, "expected float, got str"),
        (str, None, TypeError, "expected str, got NoneType"),
        (Fraction, [], TypeError, "Rational"),
        (Fraction, "half", ValueError, "half"),
        (Role, "tuba", ValueError, "tuba"),
        (tuple[int, ...], "12", TypeError, "expected a list, got str"),
        (tuple[int, str], [1], ValueError, "expected 2 items, got 1"),
        (dict[str, int], [], TypeError, "expected an object, got list"),
        (Section, [], TypeError, "expected an object for Section, got list"),
        (Section, {"b": 1, "a": 2}, ValueError, "Section has no field 'a'"),
    ],
)
def test_a_wrong_value_is_named(kind: Any, plain: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        from_plain(kind, plain)


@pytest.mark.parametrize(
    ("kind", "plain", "value"),
    [
        (float, 3, 3.0),
        (int | None, None, None),
        (Any, [1, "a"], [1, "a"]),
        (Fraction, 3, Fraction(3)),
        (Fraction, 0.5, Fraction(1, 2)),
        (tuple[int, str], [1, "a"], (1, "a")),
        (dict[str, float], {"a": 1}, {"a": 1.0}),
    ],
)
def test_a_plain_value_becomes_one_of_its_kind(kind: Any, plain: Any, value: Any) -> None:
    found = from_plain(kind, plain)
    assert found == value
    assert type(found) is type(value)


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
