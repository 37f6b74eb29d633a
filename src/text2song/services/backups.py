"""The whole studio in one file: every row at one moment, every file that those rows name, and proof of each.

The file is a zip that any program opens: `manifest.json`, `tables/NAME.jsonl`, `blobs/KEY`. It is the same for every
kind of database and store, so it also moves a studio from one to another.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select

from text2song import __version__
from text2song.domain.errors import ConflictError, InvalidError, UnavailableError
from text2song.domain.progress import Progress, silent
from text2song.services.studio import Studio
from text2song.storage.blobs import BlobNotFoundError
from text2song.storage.dumping import Snapshot, count, load, revision, snapshot_of, tables
from text2song.storage.models import File, Take

_FORMAT = 1
_MANIFEST = "manifest.json"
_PIECE = 1 << 20
#: A song removed while its files are copied makes a second look at the rows necessary, and so on.
_LOOKS = 5


class BackupError(InvalidError):
    """The file is no backup, or not one that this version can restore."""

    slug = "backup"


class NotEmptyError(ConflictError):
    """The studio to restore into has songs already, or is running."""

    slug = "not-empty"


class LostFilesError(UnavailableError):
    """Rows name files that are not there."""

    slug = "lost-files"


@dataclass(frozen=True, slots=True)
class Named:
    """A file that a row names."""

    key: str
    bytes: int
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds."""

    created_at: datetime
    rows: dict[str, int]
    files: int
    bytes: int


def back_up(studio: Studio, target: Path, progress: Progress = silent) -> Contents:
    """Write everything to `target`, whole or not at all, while the studio goes on working.

    Raises `LostFilesError` when rows name files that the store has not, and what is unavailable.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive, tempfile.TemporaryDirectory() as folder:
            contents = _fill(studio, archive, Path(folder), progress)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return contents


def restore(studio: Studio, source: Path, progress: Progress = silent) -> Contents:
    """Read everything from `source` into an empty studio that nothing works on; all rows or none.

    Raises `BackupError` for a file that is broken or of another version, or `NotEmptyError`. Files come first and are
    checked against their hashes on the way: what fails half way leaves files that the sweep removes, and no row.
    """
    with _opened(source) as archive:
        manifest = _manifest(archive)
        _check_target(studio, manifest)
        _check_tables(archive, manifest["tables"])
        files = [Named(**item) for item in manifest["files"]]
        for index, file in enumerate(files):
            progress("files", index / max(1, len(files)))
            _restore_file(studio, archive, file)
        progress("rows", 1.0)
        rows = load(studio.sessions.engine, lambda table: _lines(archive, table.name))
    expected = {name: entry["rows"] for name, entry in manifest["tables"].items()}
    with studio.sessions.engine.connect() as connection:
        if not rows == expected == count(connection):
            raise BackupError("the restored rows are not those of the backup")
    return _contents(manifest)


def named_files(lines: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[Named]:
    """Yield the files that rows of takes and of files name; rows are (table, values)."""
    for table, row in lines:
        if table == Take.__tablename__:
            for file in row["files"]:
                yield Named(f"{row['prefix']}/{file['name']}", file["bytes"], file["sha256"], file["media_type"])
        elif table == File.__tablename__:
            yield Named(row["key"], row["size_bytes"], row["sha256"], row["media_type"])


def rows_with_files(studio: Studio) -> list[tuple[str, dict[str, Any]]]:
    """Return the rows that name files, as `named_files` takes them."""
    with studio.sessions.read() as session:
        takes = session.execute(select(Take.prefix, Take.files)).all()
        files = session.execute(select(File.key, File.size_bytes, File.sha256, File.media_type)).all()
    return [
        *((Take.__tablename__, dict(row._mapping)) for row in takes),  # noqa: SLF001 - the row's public name for it
        *((File.__tablename__, dict(row._mapping)) for row in files),  # noqa: SLF001
    ]


def _fill(studio: Studio, archive: zipfile.ZipFile, folder: Path, progress: Progress) -> Contents:
    copied: set[str] = set()
    for _ in range(_LOOKS):
        listed = _dump(studio, folder)
        files = _named_in(folder)
        lost = []
        for index, file in enumerate(files):
            progress("files", index / len(files))
            if file.key not in copied and not _copy(studio, archive, file, copied):
                lost.append(file.key)
        if not lost:
            break
    else:
        raise LostFilesError(f"{len(lost)} files are named but not there, {lost[0]} among them; see text2song db check")
    for table in tables():
        archive.write(folder / f"{table.name}.jsonl", f"tables/{table.name}.jsonl", zipfile.ZIP_DEFLATED)
    manifest = {
        "format": _FORMAT,
        "version": __version__,
        "revision": revision(studio.sessions.engine),
        "created_at": datetime.now(UTC).isoformat(),
        "tables": listed,
        "files": [_plain(file) for file in files],
    }
    archive.writestr(_MANIFEST, json.dumps(manifest, indent=1), zipfile.ZIP_DEFLATED)
    return _contents(manifest)


def _dump(studio: Studio, folder: Path) -> dict[str, dict[str, Any]]:
    """Write all tables of one moment into `folder`; return rows and hash of each."""
    listed = {}
    with snapshot_of(studio.sessions.engine) as connection:
        snapshot = Snapshot(connection)
        for table in tables():
            digest, rows = hashlib.sha256(), 0
            with (folder / f"{table.name}.jsonl").open("wb") as file:
                for line in snapshot.lines(table):
                    file.write(line)
                    digest.update(line)
                    rows += 1
            listed[table.name] = {"rows": rows, "sha256": digest.hexdigest()}
    return listed


def _named_in(folder: Path) -> list[Named]:
    rows = []
    for name in (Take.__tablename__, File.__tablename__):
        with (folder / f"{name}.jsonl").open("rb") as lines:
            rows += [(name, json.loads(line)) for line in lines]
    return list(named_files(rows))


def _copy(studio: Studio, archive: zipfile.ZipFile, file: Named, copied: set[str]) -> bool:
    """Copy one file; False when it is not there (any more). A file that is not what its row says is an error."""
    try:
        with (
            studio.blobs.opened(file.key) as content,
            archive.open(f"blobs/{file.key}", "w", force_zip64=True) as entry,
        ):
            found = _pour(content, entry)
    except BlobNotFoundError:
        return False
    if found != (file.bytes, file.sha256):
        raise LostFilesError(f"the file {file.key} is not what it was; see text2song db check")
    copied.add(file.key)
    return True


def _pour(source: IO[bytes], target: IO[bytes]) -> tuple[int, str]:
    digest, length = hashlib.sha256(), 0
    while piece := source.read(_PIECE):
        target.write(piece)
        digest.update(piece)
        length += len(piece)
    return length, digest.hexdigest()


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(f"{source} is not a backup that can be read") from error


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        known = manifest["format"] == _FORMAT and set(manifest["tables"]) == {table.name for table in tables()}
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise BackupError("this file is not a backup of a studio") from error
    if not known:
        version = manifest.get("version")
        raise BackupError(f"this backup was made by version {version}; restore it with that and upgrade afterwards")
    return manifest


def _check_target(studio: Studio, manifest: dict[str, Any]) -> None:
    present = revision(studio.sessions.engine)
    if manifest["revision"] != present:
        raise BackupError(f"this backup is of migration {manifest['revision']}, this studio is at {present}")
    if studio.roster.alive():
        raise NotEmptyError("the studio is running; stop it before restoring")
    with studio.sessions.engine.connect() as connection:
        rows = count(connection)
    taken = [name for name in ("compositions", "prompts", "jobs", "files") if rows[name]]
    if taken or rows["users"] > 1:
        raise NotEmptyError(f"the studio is not empty: it has {', '.join(taken) or 'users'}")


def _restore_file(studio: Studio, archive: zipfile.ZipFile, file: Named) -> None:
    with tempfile.NamedTemporaryFile(dir=studio.work_folder) as copy:
        try:
            with archive.open(f"blobs/{file.key}") as entry:
                found = _pour(entry, copy)
        except (KeyError, zipfile.BadZipFile) as error:
            raise BackupError(f"the backup lacks the file {file.key}, or it is broken there") from error
        if found != (file.bytes, file.sha256):
            raise BackupError(f"the file {file.key} in the backup is not what it was")
        copy.flush()
        studio.blobs.put(file.key, Path(copy.name), file.media_type)


def _check_tables(archive: zipfile.ZipFile, listed: dict[str, Any]) -> None:
    for name, entry in listed.items():
        try:
            with archive.open(f"tables/{name}.jsonl") as lines:
                digest = hashlib.file_digest(lines, "sha256").hexdigest()  # type: ignore[arg-type]
        except (KeyError, zipfile.BadZipFile) as error:
            raise BackupError(f"the backup lacks the table {name}, or it is broken there") from error
        if digest != entry["sha256"]:
            raise BackupError(f"the table {name} in the backup is not what it was")


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(f"tables/{name}.jsonl") as lines:
        yield from lines


def _plain(file: Named) -> dict[str, Any]:
    return {"key": file.key, "bytes": file.bytes, "sha256": file.sha256, "media_type": file.media_type}


def _contents(manifest: dict[str, Any]) -> Contents:
    return Contents(
        created_at=datetime.fromisoformat(manifest["created_at"]),
        rows={name: entry["rows"] for name, entry in manifest["tables"].items()},
        files=len(manifest["files"]),
        bytes=sum(file["bytes"] for file in manifest["files"]),
    )
