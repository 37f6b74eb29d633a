"""What a file is, by its first bytes and never by its name."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import StrEnum

from text2song.domain.errors import InvalidError

#: Bytes that are looked at from the start, and from the end.
HEAD_BYTES, TAIL_BYTES = 4096, 65_557

_ID3 = struct.Struct(">3sBBB4B")
#: Codings of a WAV file that are numbers and nothing cleverer: PCM, float, A-law, µ-law, and "see the extension".
_PLAIN_WAV = frozenset({0x0001, 0x0003, 0x0006, 0x0007, 0xFFFE})

#: What is refused, and what to call it.
_STRANGERS: tuple[tuple[bytes, str], ...] = (
    (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "a ZIP archive"),
    (rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd", "a compressed archive"),
    (rb"#EXTM3U|\[playlist\]|ffconcat|\s*<\?xml[^>]*>\s*<(playlist|asx|smil)|\s*<(asx|smil|playlist)", "a playlist"),
    (rb"%PDF-", "a PDF document"),
    (rb"\s*<(!doctype|html|svg|\?xml|script|\?php)", "a page of markup"),
    (rb"MThd", "a MIDI file"),
    (rb"FORM....AIF|\.snd|caff|RF64|riff\x2e\x91", "a sound of another kind"),
    (rb"....ftyp|\x1aE\xdf\xa3", "a film or a sound in its container"),
    (rb"\x7fELF|MZ|\xca\xfe\xba\xbe|#!", "a program"),
)
_TAKEN = "WAV, FLAC, OGG and MP3 are taken as sounds, PNG, JPEG and WebP as pictures"


class UnsupportedFileError(InvalidError):
    """The file is not of a kind that is taken."""

    slug = "unsupported-file"


class Family(StrEnum):
    """What can be taken."""

    WAV = "WAV"
    FLAC = "FLAC"
    OGG = "OGG"
    MP3 = "MP3"
    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A family with its media type and whether it sounds."""

    family: Family
    media_type: str
    ending: str
    is_audio: bool


_KNOWN: tuple[tuple[bytes, Sniffed], ...] = (
    (rb"RIFF....WAVE", Sniffed(Family.WAV, "audio/wav", "wav", is_audio=True)),
    (rb"fLaC", Sniffed(Family.FLAC, "audio/flac", "flac", is_audio=True)),
    (rb"OggS\x00", Sniffed(Family.OGG, "audio/ogg", "ogg", is_audio=True)),
    (rb"\x89PNG\r\n\x1a\n", Sniffed(Family.PNG, "image/png", "png", is_audio=False)),
    (rb"\xff\xd8\xff", Sniffed(Family.JPEG, "image/jpeg", "jpg", is_audio=False)),
    (rb"RIFF....WEBP", Sniffed(Family.WEBP, "image/webp", "webp", is_audio=False)),
)
_MP3 = Sniffed(Family.MP3, "audio/mpeg", "mp3", is_audio=True)


def sniff(head: bytes, tail: bytes, length: int) -> Sniffed:
    """Return what a file is, from its first `HEAD_BYTES` and last `TAIL_BYTES`; raises `UnsupportedFileError`.

    A file that is something else as well, an archive hung on to a song, is refused.
    """
    found = _family(head)
    if found is None:
        raise UnsupportedFileError(f"this is {_stranger(head)}; {_TAKEN}", field="file")
    if _holds_archive(tail, length):
        raise UnsupportedFileError("this file is an archive as well; send the sound or picture alone", field="file")
    if b"%PDF-" in head[:1024] or re.search(rb"(?i)<(script|html|\?php)", head[:1024]):
        raise UnsupportedFileError("this file is a document as well; send the sound or picture alone", field="file")
    if found.family is Family.WAV:
        _check_wav(head)
    return found


def _family(head: bytes) -> Sniffed | None:
    for pattern, found in _KNOWN:
        if re.match(pattern, head, re.DOTALL):
            return found
    return _MP3 if _is_mp3(head) else None


def _is_mp3(head: bytes) -> bool:
    if len(head) >= _ID3.size and head[:3] == b"ID3":
        _, version, _, _, *size = _ID3.unpack(head[: _ID3.size])
        return 2 <= version <= 4 and all(part < 0x80 for part in size)
    # ISO 11172-3: eleven bits of sync, then version, layer III, a bit rate and a sampling rate that exist.
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = (head[1] >> 3) & 3, (head[1] >> 1) & 3
    return version != 1 and layer == 1 and head[2] >> 4 not in (0, 15) and (head[2] >> 2) & 3 != 3


def _stranger(head: bytes) -> str:
    if not head:
        return "an empty file"
    for pattern, name in _STRANGERS:
        if re.match(pattern, head, re.DOTALL | re.IGNORECASE):
            return name
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return "no file of a known kind"
    return "a text"


def _holds_archive(tail: bytes, length: int) -> bool:
    """Return whether a ZIP's end of central directory stands at the end and points into the file."""
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        return False
    size, offset, comment = struct.unpack("<LLH", tail[at + 12 : at + 22])
    return bool(size + offset <= length and comment <= len(tail) - at - 22)


def _check_wav(head: bytes) -> None:
    """Refuse codings that need more than reading numbers; decoders of such have been attacked."""
    at = 12
    while at + 8 <= len(head):
        name, size = struct.unpack("<4sL", head[at : at + 8])
        if name == b"fmt " and at + 10 <= len(head):
            (coding,) = struct.unpack("<H", head[at + 8 : at + 10])
            if coding not in _PLAIN_WAV:
                raise UnsupportedFileError(f"WAV files of coding {coding:#06x} are not taken; PCM and float are")
            return
        at += 8 + size + size % 2
    raise UnsupportedFileError("this WAV file does not say how it is coded", field="file")
