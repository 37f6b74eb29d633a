"""Files of the studio by key, on a local disk or an S3-compatible store."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import structlog
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, ObjectStore

from text2song.domain.errors import ConflictError, InvalidError, NotFoundError, UnavailableError
from text2song.domain.ids import uuid7
from text2song.storage.buckets import Bucket

#: Bytes read at a time: large enough to be quick, small enough for a thousand listeners.
CHUNK_BYTES = 256 * 1024
#: What is larger goes to a bucket in parts of this size.
PART_BYTES = 16 * 1024 * 1024

# Letters, digits, "-", "_", "."; no segment is ".." or hidden, and none holds the "#" that obstore stages with.
_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_UNKNOWN_TYPE = "application/octet-stream"

log = structlog.get_logger(__name__)


class BlobKeyError(InvalidError):
    """A key that could leave its folder or collide with another's."""

    slug = "blob-key"


class BlobNotFoundError(NotFoundError):
    """Nothing is stored under the key."""

    slug = "file-not-found"


class BlobExistsError(ConflictError):
    """Something is stored under the key already."""

    slug = "file-exists"


class BlobsUnavailableError(UnavailableError):
    """The store cannot be written or read."""

    slug = "storage-unavailable"


class BlobsFullError(BlobsUnavailableError):
    """The store has no room left."""

    slug = "disk-full"


@dataclass(frozen=True, slots=True)
class BlobDigest:
    """A file's length and SHA-256, in hex."""

    bytes: int
    sha256: str


class Blobs:
    """Puts and gets whole files by key; a file is visible only when it is complete."""

    def __init__(self, store: ObjectStore, *, root: Path | None = None, bucket: Bucket | None = None) -> None:
        self._store = store
        # Local folders are removed as folders: a killed writer leaves staging files that no listing shows.
        self._root = root
        self._bucket = bucket

    @classmethod
    def local(cls, root: Path) -> Blobs:
        """Return blobs in a folder, made if missing; raises `BlobsUnavailableError`."""
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BlobsUnavailableError(f"the folder {root} cannot be made: {error.strerror}") from error
        return cls(LocalStore(root.resolve(), automatic_cleanup=True), root=root.resolve())

    @classmethod
    def remote(cls, bucket: Bucket) -> Blobs:
        """Return blobs in a bucket, which must exist; nothing is asked of it yet."""
        return cls(bucket.store(), bucket=bucket)

    @property
    def is_remote(self) -> bool:
        """Whether listeners read from the store itself, by `link`."""
        return self._bucket is not None

    @property
    def public_origin(self) -> str:
        """Scheme and host that listeners read remote files from; "" for files on this disk."""
        return "" if self._bucket is None else self._bucket.public_origin

    def put(self, key: str, data: bytes | Path | BinaryIO, media_type: str = _UNKNOWN_TYPE) -> None:
        """Store bytes, a file or what is left of an open one under `key`, replacing what was there."""
        self._write(key, data, media_type, create=False)

    def create(self, key: str, data: bytes | Path | BinaryIO, media_type: str = _UNKNOWN_TYPE) -> None:
        """Store as `put` does where nothing is yet; raises `BlobExistsError` and changes nothing otherwise."""
        self._write(key, data, media_type, create=True)

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

    def digest(self, key: str) -> BlobDigest:
        """Return length and hash of the content as it is read; raises `BlobNotFoundError`."""
        total, length = hashlib.sha256(), 0
        with _failures(key):
            for piece in self._store.get(_checked(key)).stream(min_chunk_size=CHUNK_BYTES):
                total.update(piece)
                length += len(piece)
        return BlobDigest(length, total.hexdigest())

    @contextmanager
    def opened(self, key: str) -> Iterator[BinaryIO]:
        """Yield the content as an open file of this machine; raises `BlobNotFoundError`."""
        if self._root is not None:
            with _failures(key), (self._root / _checked(key)).open("rb") as file:
                yield file
            return
        with tempfile.TemporaryFile() as copy:
            with _failures(key):
                for piece in self._store.get(_checked(key)).stream(min_chunk_size=CHUNK_BYTES):
                    copy.write(piece)
            copy.seek(0)
            yield copy

    def link(self, key: str, *, seconds: int, disposition: str, media_type: str) -> str:
        """Return a signed URL of a remote file, good for so many seconds; no request is made."""
        if self._bucket is None:
            raise ValueError("files on this disk have no address of their own")
        return self._bucket.link(_checked(key), seconds=seconds, disposition=disposition, media_type=media_type)

    def list(self, prefix: str, *, before: datetime | None = None) -> tuple[str, ...]:
        """Return all keys under the folder `prefix`, or those last written before an instant, sorted."""
        with _failures(prefix):
            items = [item for page in self._store.list(_checked(prefix)) for item in page]
        return tuple(sorted(str(item["path"]) for item in items if before is None or item["last_modified"] < before))

    def folders(self, prefix: str) -> tuple[str, ...]:
        """Return the keys of the folders directly under `prefix`, empty local ones included, sorted."""
        if self._root is not None:
            base = self._root / _checked(prefix)
            # A system's own leavings, .DS_Store or lost+found, are no keys and nobody's to remove.
            inside = (path for path in base.iterdir() if path.is_dir()) if base.is_dir() else ()
            return tuple(sorted(f"{prefix}/{path.name}" for path in inside if _KEY.fullmatch(path.name)))
        with _failures(prefix):
            return tuple(sorted(self._store.list_with_delimiter(_checked(prefix))["common_prefixes"]))

    def delete(self, keys: Sequence[str]) -> None:
        """Remove files; one that is not there is no error."""
        for start in range(0, len(keys), 1000):
            batch = [_checked(key) for key in keys[start : start + 1000]]
            try:
                with _failures(batch[0]):
                    self._store.delete(batch)
            except BlobNotFoundError:
                for key in batch:
                    self._delete_one(key)

    def delete_folder(self, prefix: str) -> None:
        """Remove everything under `prefix`; nothing there is no error."""
        self.delete(self.list(prefix))
        if self._root is not None:
            shutil.rmtree(self._root / _checked(prefix), ignore_errors=True)

    def probe(self) -> None:
        """Write, read and remove a small file; raises `BlobsUnavailableError` when the store is not usable."""
        key = f"health/{uuid7()}"
        self.put(key, b"ok")
        self.get(key)
        self.delete([key])

    def _write(self, key: str, data: bytes | Path | BinaryIO, media_type: str, *, create: bool) -> None:
        # The local store takes no attributes; there the database alone knows the type.
        attributes = None if self._bucket is None else {"Content-Type": media_type}
        # Only a single request can be made on the condition that nothing is there.
        options = {"mode": "create"} if create else {"chunk_size": PART_BYTES, "max_concurrency": 4}
        with _failures(key):
            self._store.put(_checked(key), data, attributes=attributes, **options)

    def _delete_one(self, key: str) -> None:
        try:
            with _failures(key):
                self._store.delete(key)
        except BlobNotFoundError:
            return


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
    except AlreadyExistsError:
        raise BlobExistsError(f"there is a file {key} already") from None
    except (OSError, BaseError) as error:
        raise _failure(key, error) from error


def _failure(key: str, error: Exception) -> BlobsUnavailableError:
    reason = str(error).strip()
    # The local store hands on the system's error as text alone.
    told = _SYSTEM_ERROR.search(reason)
    number = getattr(error, "errno", None) or (int(told[1]) if told else 0)
    if number in _FULL:
        return BlobsFullError("the disk is full; free some room and try again")
    # What follows the first lines repeats the request with its signature.
    log.warning("the store of files failed", key=key, reason=reason.partition("\n")[0][:300])
    if number:
        return BlobsUnavailableError(f"the store of files failed: {os.strerror(number)}")
    if isinstance(error, PermissionDeniedError | UnauthenticatedError) or "status code: 403" in reason:
        return BlobsUnavailableError("the store of files refuses this studio")
    # Addresses and answers of the store are for the log, not for whoever asks.
    return BlobsUnavailableError("the store of files does not answer as it should; try again in a while")
