"""Vorbis comments, and where they stand: FLAC's metadata blocks (RFC 9639) and the second packet of an OGG stream."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator, Sequence

from text2song.audio.tags.song import AI_COMMENT, ARTIST, SOURCE_TYPE, SongTags

_STREAMINFO, _SEEKTABLE, _COMMENT, _PICTURE = 0, 3, 4, 6
_FRONT_COVER = 3
_LAST = 0x80
_MIRROR = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
#: The encoder draws a stream's serial number from the clock; ours is always this.
_SERIAL = 1
_SEGMENTS = 255


def flac_with_comments(flac: bytes, tags: SongTags) -> bytes:
    """Return a FLAC stream with these comments and cover in place of what it had (RFC 9639, section 8)."""
    kept, place, last = [], 4, False
    while not last:
        head = flac[place]
        last, kind = bool(head & _LAST), head & ~_LAST
        length = int.from_bytes(flac[place + 1 : place + 4], "big")
        if kind in (_STREAMINFO, _SEEKTABLE):
            kept.append((kind, flac[place + 4 : place + 4 + length]))
        place += 4 + length
    blocks = [*kept, (_COMMENT, _comments(tags))]
    if tags.cover:
        blocks.append((_PICTURE, _picture(tags.cover)))
    heads = [kind | (_LAST if index + 1 == len(blocks) else 0) for index, (kind, _) in enumerate(blocks)]
    written = (
        bytes((head,)) + len(content).to_bytes(3, "big") + content
        for head, (_, content) in zip(heads, blocks, strict=True)
    )
    return flac[:4] + b"".join(written) + flac[place:]


def ogg_with_comments(ogg: bytes, tags: SongTags) -> bytes:
    """Return an OGG Vorbis stream with these comments, always of the same serial number (RFC 3533; Vorbis I, 5).

    The identification header keeps its page; comments and set-up share the pages after it, as the specification
    wants, and the sound's pages are numbered on from there.
    """
    pages = list(_pages(ogg))
    header, used = _second_and_third(pages[1:])
    fields = [*_fields(tags)]
    if tags.cover:
        fields.append(f"METADATA_BLOCK_PICTURE={base64.b64encode(_picture(tags.cover)).decode()}")
    comment = b"\x03vorbis" + _comment_body(fields) + b"\x01"
    fresh = [pages[0].again(0), *_paged([comment, header], first=1)]
    rest = [page.again(len(fresh) + index) for index, page in enumerate(pages[1 + used :])]
    return b"".join((*fresh, *rest))


def _fields(tags: SongTags) -> Iterator[str]:
    named = (
        ("TITLE", tags.title),
        ("ARTIST", ARTIST),
        ("GENRE", tags.genre),
        ("BPM", tags.bpm),
        ("KEY", tags.key),
        ("LYRICS", tags.lyrics),
        ("COMMENT", AI_COMMENT),
        ("DIGITAL_SOURCE_TYPE", SOURCE_TYPE),
        ("RECIPE_SHA256", tags.recipe),
    )
    return (f"{name}={text}" for name, text in named if text)


def _comments(tags: SongTags) -> bytes:
    return _comment_body(tuple(_fields(tags)))


def _comment_body(fields: Sequence[str]) -> bytes:
    vendor = ARTIST.encode()
    encoded = [field.encode() for field in fields]
    listed = b"".join(struct.pack("<I", len(field)) + field for field in encoded)
    return struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(encoded)) + listed


def _picture(jpeg: bytes) -> bytes:
    """Return FLAC's picture block; size and depth are left to the image itself (zero means unknown)."""
    mime = b"image/jpeg"
    head = struct.pack(">II", _FRONT_COVER, len(mime)) + mime
    return head + struct.pack(">6I", 0, 0, 0, 0, 0, len(jpeg)) + jpeg


class _Page:
    """One OGG page: its head, the lengths of its segments and their bytes."""

    def __init__(self, head: bytes, lacing: bytes, body: bytes) -> None:
        self.head, self.lacing, self.body = head, lacing, body

    def again(self, number: int) -> bytes:
        """Return the page under our serial number and another sequence number."""
        head = bytearray(self.head)
        head[14:18], head[18:22], head[22:26] = struct.pack("<I", _SERIAL), struct.pack("<I", number), bytes(4)
        page = bytes(head) + self.lacing + self.body
        return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _pages(stream: bytes) -> Iterator[_Page]:
    place = 0
    while place < len(stream):
        count = stream[place + 26]
        lacing = stream[place + 27 : place + 27 + count]
        start = place + 27 + count
        yield _Page(stream[place : place + 27], lacing, stream[start : start + sum(lacing)])
        place = start + sum(lacing)


def _second_and_third(pages: Sequence[_Page]) -> tuple[bytes, int]:
    """Return the set-up packet, the second of these pages, and how many pages the two header packets fill."""
    packets: list[bytes] = []
    open_packet = b""
    for used, page in enumerate(pages, 1):
        place = 0
        for length in page.lacing:
            open_packet += page.body[place : place + length]
            place += length
            if length < _SEGMENTS:
                packets.append(open_packet)
                open_packet = b""
        if len(packets) >= 2 and not open_packet:
            return packets[1], used
    raise ValueError("the stream ends inside its headers")


def _paged(packets: Sequence[bytes], first: int) -> list[bytes]:
    """Return pages holding whole packets in order; none of their sound ends here, so they stand at position 0."""
    lacing = b"".join(bytes([255] * (len(packet) // 255)) + bytes((len(packet) % 255,)) for packet in packets)
    body = b"".join(packets)
    pages, place = [], 0
    for number, start in enumerate(range(0, len(lacing), _SEGMENTS)):
        segment = lacing[start : start + _SEGMENTS]
        continued = start > 0 and lacing[start - 1] == 255
        # −1 where no packet ends on the page (RFC 3533, section 6).
        granule = b"\xff" * 8 if all(length == 255 for length in segment) else bytes(8)
        head = b"OggS\x00" + bytes((int(continued),)) + granule + bytes(12) + bytes((len(segment),))
        pages.append(_Page(head, segment, body[place : place + sum(segment)]).again(first + number))
        place += sum(segment)
    return pages


def _checksum(page: bytes) -> int:
    # Ogg's CRC is zlib's polynomial with the bits the other way round, and neither start nor end inverted.
    mirrored = zlib.crc32(page.translate(_MIRROR), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return int(f"{mirrored:032b}"[::-1], 2)
