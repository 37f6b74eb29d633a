import time

from text2song.domain.ids import uuid7


def test_ids_are_version_7_and_sort_by_time() -> None:
    first = uuid7()
    time.sleep(0.003)
    second = uuid7()
    assert first.version == 7
    assert first.variant == "specified in RFC 4122"
    assert str(first) < str(second)


def test_ids_made_at_once_differ() -> None:
    assert len({uuid7() for _ in range(5000)}) == 5000


def test_ids_of_one_millisecond_sort_as_they_were_made() -> None:
    made = [uuid7() for _ in range(2000)]
    assert made == sorted(made)


def test_the_time_is_in_the_id() -> None:
    assert abs((uuid7().int >> 80) / 1000 - time.time()) < 5
