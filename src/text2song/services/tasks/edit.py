"""Makes the child of an edit: the stems that stay come from the parent's files, the rest is rendered."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

from text2song.audio.codecs import UnreadableAudioError, read_audio, write_wav
from text2song.compose.edits.apply import edited
from text2song.domain.composition import UnifiedComposition
from text2song.domain.edits import Edit
from text2song.domain.errors import ConflictError
from text2song.domain.progress import Portion, Progress
from text2song.domain.serial import from_plain
from text2song.providers.base import MadeSong, Provider
from text2song.services.edits import read_score
from text2song.services.tasks.compose import ComposeTask, Order
from text2song.services.tasks.storing import patiently
from text2song.storage.blobs import BlobNotFoundError
from text2song.storage.models import Take

_REPORT = "report.json"
#: Stems unpacked side by side.
_THREADS = 2
_READING = "reading the song"


class ParentGoneError(ConflictError):
    """The song to be edited was removed before the edit was made."""

    slug = "parent-gone"


class EditTask(ComposeTask):
    """The handler of `edit` jobs: as a composition is made, but from its parent's score and stems."""

    def song(self, order: Order, provider: Provider, folder: Path, progress: Progress) -> MadeSong:
        """Make the child in `folder`; raises `ParentGoneError` when the parent is there no more."""
        payload = order.run.lease.payload
        with self.studio.sessions.read() as session:
            parent = session.get(Take, UUID(payload["parent_take"]))
        if parent is None:
            raise ParentGoneError("the song to be edited was removed before the edit was made")
        try:
            score = patiently(
                lambda: read_score(self.studio, parent.prefix), lambda stage: progress(stage, 0.0), _READING
            )
            child = edited(score, from_plain(Edit, payload["edit"]), parent_id=payload["parent"])
            kept = folder.parent / "parent"
            names = _unchanged(score, child)
            patiently(lambda: self._fetch(parent.prefix, kept, names), lambda stage: progress(stage, 0.02), _READING)
        except BlobNotFoundError as error:
            raise ParentGoneError("the song to be edited was removed while the edit was made") from error
        progress("rendering", 0.05)
        song = provider.remake(child, folder, Portion(progress, 0.05, 1.0), kept)
        for name in song.kept:
            # The same sound is the same file, also in the form in which it is kept.
            (kept / "stems" / f"{name}.flac").rename(folder / "stems" / f"{name}.flac")
        return song

    def _fetch(self, prefix: str, folder: Path, names: frozenset[str]) -> None:
        """Bring the parent's report and the stems that may stay into `folder`, as the composer wrote them."""
        stems = folder / "stems"
        stems.mkdir(parents=True, exist_ok=True)
        (folder / _REPORT).write_bytes(self.studio.blobs.get(f"{prefix}/{_REPORT}"))
        # Unpacking releases the interpreter lock.
        with ThreadPoolExecutor(_THREADS) as pool:
            deque(pool.map(lambda name: self._unpack(prefix, stems, name), sorted(names)), maxlen=0)

    def _unpack(self, prefix: str, stems: Path, name: str) -> None:
        packed = stems / f"{name}.flac"
        try:
            packed.write_bytes(self.studio.blobs.get(f"{prefix}/stems/{name}.flac"))
            write_wav(stems / f"{name}.wav", read_audio(packed))
        except (BlobNotFoundError, UnreadableAudioError):
            # What is missing or broken is made again.
            return


def _unchanged(parent: UnifiedComposition, child: UnifiedComposition) -> frozenset[str]:
    """Return the parts whose notes and instrument stay; whether their sound does is for their address to say."""
    before = {part.name: part for part in parent.parts if part.notes}
    return frozenset(part.name for part in child.parts if before.get(part.name) == part)
