"""Files of the studio by key, on a local disk or an S3-compatible store."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore

from text2song.domain.errors import InvalidError, NotFoundError, UnavailableError
from text2song.domain.ids import uuid7

#: Bytes read at a time: large enough to be quick, small enough for a thousand listeners.
CHUNK_BYTES = 256 * 1024

# Letters, digits, "-", "_", "."; no segment is ".." or hidden, and none holds the "#" that obstore stages with.
_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


class BlobKeyError(InvalidError):
    """A key that could leave its folder or collide with another's."""

    slug = "blob-key"


class BlobNotFoundError(NotFoundError):
    """Nothing is stored under the key."""

    slug = "file-not-found"


class BlobsUnavailableError(UnavailableError):
    """The store cannot be written or read."""

    slug = "storage-unavailable"


class Blobs:
    """Puts and gets whole files by key; a file is visible only when it is complete."""

    def __init__(self, store: ObjectStore, root: Path | None = None) -> None:
        self._store = store
        # Local folders are removed as folders: a killed writer leaves staging files that no listing shows.
        self._root = root

    @classmethod
    def local(cls, root: Path) -> Blobs:
        """Return blobs in a folder, made if missing; raises `BlobsUnavailableError`."""
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BlobsUnavailableError(f"the folder {root} cannot be made: {error.strerror}") from error
        return cls(LocalStore(root.resolve(), automatic_cleanup=True), root.resolve())

    def put(self, key: str, data: bytes | Path) -> None:
        """Store bytes or the content of a file under `key`, replacing what was there."""
        with _failures(key):
            self._store.put(_checked(key), data)

    def size(self, key: str) -> int:
        """Return the length in bytes; raises `BlobNotFoundError`."""
        with _failures(key):
            return int(self._store.head(_checked(key))["size"])

    def get(self, key: str) -> bytes:
        """Return the whole content; raises `BlobNotFoundError`."""
        with _failures(key):
            return bytes(self._store.get(_checked(key)).bytes())

    def range(self, key: str, start: int, stop: int) -> bytes:
        """Return the bytes from `start` up to, not including, `stop`; raises `BlobNotFoundError`."""
        if start >= stop:
            return b""
        with _failures(key):
            return bytes(self._store.get_range(_checked(key), start=start, end=stop))

    def chunks(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes of [start, stop) in chunks of `CHUNK_BYTES`."""
        for at in range(start, stop, CHUNK_BYTES):
            yield self.range(key, at, min(at + CHUNK_BYTES, stop))

    def list(self, prefix: str) -> tuple[str, ...]:
        """Return all keys under the folder `prefix`, sorted."""
        with _failures(prefix):
            pages = self._store.list(_checked(prefix))
            return tuple(sorted(str(item["path"]) for page in pages for item in page))

    def folders(self, prefix: str) -> tuple[str, ...]:
        """Return the keys of the folders directly under `prefix`, empty local ones included, sorted."""
        if self._root is not None:
            base = self._root / _checked(prefix)
            return tuple(sorted(f"{prefix}/{path.name}" for path in base.iterdir())) if base.is_dir() else ()
        with _failures(prefix):
            return tuple(sorted(self._store.list_with_delimiter(_checked(prefix))["common_prefixes"]))

    def delete_folder(self, prefix: str) -> None:
        """Remove everything under `prefix`; nothing there is no error."""
        keys = self.list(prefix)
        if keys:
            with _failures(prefix):
                self._store.delete(keys)
        if self._root is not None:
            shutil.rmtree(self._root / _checked(prefix), ignore_errors=True)

    def probe(self) -> None:
        """Write, read and remove a small file; raises `BlobsUnavailableError` when the store is not usable."""
        key = f"health/{uuid7()}"
        self.put(key, b"ok")
        self.get(key)
        with _failures(key):
            self._store.delete(key)


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key) or len(key) > 500:
        raise BlobKeyError(f"“{key[:80]}” is not a storage key")
    return key


@contextmanager
def _failures(key: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise BlobNotFoundError(f"there is no file {key}") from None
    except (OSError, BaseError) as error:
        raise BlobsUnavailableError(_sentence(key, error)) from error


def _sentence(key: str, error: Exception) -> str:
    number = getattr(error, "errno", None)
    # The local store hands on the system's error as text alone.
    full = number in (errno.ENOSPC, errno.EDQUOT) or f"(os error {errno.ENOSPC})" in str(error)
    if full:
        return "the disk is full; free some room and try again"
    reason = str(error).strip().splitlines()[0]
    return f"the store failed at {key}: {reason}"
