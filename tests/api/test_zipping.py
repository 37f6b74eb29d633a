"""The zip made while it is sent opens with the standard library, byte for byte and to the length foretold."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.api.zipping import StoredZip

WHEN = datetime(2026, 11, 21, 13, 37, 42, tzinfo=UTC)
NAMES = st.lists(st.sampled_from(["a.flac", "b/c.flac", "ü – d.flac", "e", "f.wav"]), unique=True, max_size=5)


@given(names=NAMES, data=st.data())
def test_members_come_back(names: list[str], data: st.DataObject) -> None:
    contents = [data.draw(st.binary(max_size=100)) for _ in names]
    planned = StoredZip([(name, len(content)) for name, content in zip(names, contents, strict=True)], WHEN)
    pieces = planned.stream(lambda index: [contents[index][:50], contents[index][50:]], zlib.crc32)
    whole = b"".join(pieces)
    assert len(whole) == planned.bytes
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == names
        assert [archive.read(name) for name in names] == contents
        assert all(info.date_time == (2026, 11, 21, 13, 37, 42) for info in archive.infolist())


def test_too_large_an_archive_is_refused() -> None:
    with pytest.raises(ValueError, match="ZIP64"):
        StoredZip([("a", 2**32)], WHEN)
