"""Signed URLs: the example of the specification to the letter."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from text2song.storage.signing import MAX_SECONDS, Credentials, presigned_url

# The example keys that Amazon's documentation prints.
EXAMPLE = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


def test_the_example_of_the_specification() -> None:
    url = presigned_url(
        "https://examplebucket.s3.amazonaws.com/test.txt",
        EXAMPLE,
        seconds=86_400,
        now=datetime(2013, 5, 24, tzinfo=UTC),
    )
    signature = parse_qs(urlsplit(url).query)["X-Amz-Signature"]
    assert signature == ["aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"]


def test_every_part_is_signed() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    base = ("https://a.test/b/c", EXAMPLE)
    urls = {
        presigned_url(*base, seconds=60, now=now),
        presigned_url(*base, seconds=61, now=now),
        presigned_url(*base, seconds=60, now=now, method="PUT"),
        presigned_url(*base, seconds=60, now=now, query={"response-content-type": "audio/flac"}),
        presigned_url("https://a.test/b/d", EXAMPLE, seconds=60, now=now),
        presigned_url("https://b.test/b/c", EXAMPLE, seconds=60, now=now),
    }
    assert len({parse_qs(urlsplit(url).query)["X-Amz-Signature"][0] for url in urls}) == 6
    assert all(EXAMPLE.secret_key not in url for url in urls)
    assert EXAMPLE.secret_key not in repr(EXAMPLE)


@pytest.mark.parametrize("seconds", [0, -1, MAX_SECONDS + 1])
def test_lives_that_no_store_grants(seconds: int) -> None:
    with pytest.raises(ValueError, match="seconds"):
        presigned_url("https://a.test/b", EXAMPLE, seconds=seconds)
