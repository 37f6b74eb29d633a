"""A zip archive written as it is sent: members stored uncompressed, so the length is known before the first byte."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

# APPNOTE.TXT 6.3.10: general purpose bits 3 (sizes follow the data) and 11 (names are UTF-8), method 0 (stored).
_FLAGS = 0x0808
_VERSION = 20
_LOCAL = struct.Struct("<4s5H3L2H")
_DESCRIPTOR = struct.Struct("<4s3L")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class _Member:
    name: bytes
    bytes: int
    offset: int


class StoredZip:
    """The plan of an archive of less than 4 GiB; a studio's stems are far below."""

    def __init__(self, members: Sequence[tuple[str, int]], when: datetime) -> None:
        self._time = (when.hour << 11) | (when.minute << 5) | (when.second // 2)
        self._date = ((when.year - 1980) << 9) | (when.month << 5) | when.day
        self._members: list[_Member] = []
        offset = 0
        for name, length in members:
            encoded = name.encode()
            self._members.append(_Member(encoded, length, offset))
            offset += _LOCAL.size + len(encoded) + length + _DESCRIPTOR.size
        self._directory = offset
        #: Length of the whole archive.
        self.bytes = offset + sum(_CENTRAL.size + len(member.name) for member in self._members) + _END.size
        if self.bytes > 0xFFFF_FFFF:
            raise ValueError("the archive would need ZIP64")

    def stream(self, content: Callable[[int], Iterable[bytes]], crc32: Callable[[bytes, int], int]) -> Iterator[bytes]:
        """Yield the archive; `content` gives the bytes of the member at an index."""
        sums = []
        for index, member in enumerate(self._members):
            yield self._local(member)
            total = 0
            for chunk in content(index):
                total = crc32(chunk, total)
                yield chunk
            sums.append(total)
            yield _DESCRIPTOR.pack(b"PK\x07\x08", total, member.bytes, member.bytes)
        for member, total in zip(self._members, sums, strict=True):
            yield self._central(member, total)
        count, length = len(self._members), self.bytes - _END.size - self._directory
        yield _END.pack(b"PK\x05\x06", 0, 0, count, count, length, self._directory, 0)

    def _local(self, member: _Member) -> bytes:
        # Sizes are known and written here as well: readers that cannot seek want them; the sum comes after the data.
        stamp = (self._time, self._date)
        head = _LOCAL.pack(
            b"PK\x03\x04", _VERSION, _FLAGS, 0, *stamp, 0, member.bytes, member.bytes, len(member.name), 0
        )
        return head + member.name

    def _central(self, member: _Member, crc: int) -> bytes:
        sizes = (crc, member.bytes, member.bytes)
        head = _CENTRAL.pack(
            b"PK\x01\x02",
            _VERSION,
            _VERSION,
            _FLAGS,
            0,
            self._time,
            self._date,
            *sizes,
            len(member.name),
            0,
            0,
            0,
            0,
            0,
            member.offset,
        )
        return head + member.name
