"""Range arithmetic against a slow and obvious reading of RFC 9110, for every header of a small grammar."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.api.ranges import (
    MAX_RANGES,
    Entity,
    PreconditionError,
    UnsatisfiableRangeError,
    check_preconditions,
    not_modified,
    requested_ranges,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
NUMBER = st.one_of(st.just(""), st.integers(0, 30).map(str))


def bytes_meant(first: str, last: str, length: int) -> list[int]:
    """Return the offsets that one range means, byte by byte."""
    if first:
        return [at for at in range(length) if at >= int(first) and (not last or at <= int(last))]
    return [at for at in range(length) if at >= length - int(last)]


@given(first=NUMBER, last=NUMBER, length=st.integers(0, 25))
def test_one_range_means_the_bytes_it_says(first: str, last: str, length: int) -> None:
    entity = Entity(length, '"x"', NOW)
    meant = bytes_meant(first, last, length) if first or last else []
    try:
        found = requested_ranges({"range": f"bytes={first}-{last}"}, entity)
    except UnsatisfiableRangeError:
        assert meant == []
        return
    assert found is not None
    ((start, stop),) = found
    assert list(range(start, stop)) == meant


@given(st.text(max_size=40))
def test_no_header_breaks_it(value: str) -> None:
    entity = Entity(10, '"x"', NOW)
    for header in ("range", "if-range", "if-none-match", "if-modified-since"):
        headers = {"range": "bytes=0-1", header: value}
        not_modified(headers, entity)
        try:
            found = requested_ranges(headers, entity)
        except UnsatisfiableRangeError:
            continue
        assert found is None or all(0 <= start < stop <= 10 for start, stop in found)


def test_a_hundred_thousand_ranges_cost_little() -> None:
    entity = Entity(10**6, '"x"', NOW)
    headers = [f"bytes={','.join(['0-0'] * 100_000)}", "bytes=" + "," * 100_000, "bytes=" + "9" * 500_000]
    for header in headers:
        started = time.process_time()
        try:
            assert requested_ranges({"range": header}, entity) is None
        except UnsatisfiableRangeError:
            assert "," not in header
        assert time.process_time() - started < 0.05
    assert len(requested_ranges({"range": f"bytes={','.join(['0-0'] * MAX_RANGES)}"}, entity) or ()) == MAX_RANGES


def test_preconditions() -> None:
    entity = Entity(10, '"x"', NOW)
    for good in (
        {},
        {"if-match": '"x"'},
        {"if-match": '"y", "x"'},
        {"if-match": "*"},
        {"if-unmodified-since": entity.last_modified},
        {"if-unmodified-since": "nonsense"},
        {"if-match": '"x"', "if-unmodified-since": "Fri, 02 Jan 1970 03:04:05 GMT"},
    ):
        check_preconditions(good, entity)
    for bad in ({"if-match": '"y"'}, {"if-match": 'W/"x"'}, {"if-unmodified-since": "Fri, 02 Jan 1970 03:04:05 GMT"}):
        with pytest.raises(PreconditionError):
            check_preconditions(bad, entity)


def test_dates_have_whole_seconds() -> None:
    entity = Entity(10, '"x"', NOW)
    assert entity.last_modified == "Fri, 02 Jan 2026 03:04:05 GMT"
    assert not_modified({"if-modified-since": entity.last_modified}, entity)
    assert requested_ranges({"range": "bytes=0-1", "if-range": entity.last_modified}, entity) == ((0, 2),)
