"""Memory for sound that is used again at once: the allocator keeps what a song frees until the song is done.

A stem of three minutes is an array of 63 MB. Given back to the system and asked for again, every page of it is taken
and cleared anew, which cost a tenth of a song's processor time.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

#: Parameters of glibc's mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
#: Larger than any array of a song of ten minutes.
_LARGE = 1 << 30


@contextmanager
def kept_heap() -> Iterator[bool]:
    """Keep freed memory for the next array while the body runs, then give it back; say whether that is possible.

    With another C library than glibc nothing changes.
    """
    library = _glibc()
    if library is None:
        yield False
        return
    # Arrays of threads come from one heap: only that one can hold arrays of this size.
    for name, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _LARGE)):
        library.mallopt(name, value)
    try:
        yield True
    finally:
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
