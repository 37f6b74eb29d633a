"""The library as its listeners use it: what is new, what is played, what is found; plays, favourites, downloads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from text2song.domain.identity import Actor
from text2song.services.studio import Studio
from text2song.services.takes import StoredFile, stored_file
from text2song.storage.models import Play, Take
from text2song.storage.repositories.audiences import Audience
from text2song.storage.repositories.compositions import CompositionRepository
from text2song.storage.repositories.favorites import FavoriteRepository
from text2song.storage.repositories.plays import PlayRepository
from text2song.storage.repositories.search import SearchRepository
from text2song.storage.repositories.takes import ListedTake, TakeRepository
from text2song.storage.repositories.usage import Happened, UsageRepository
from text2song.storage.terms import parsed

#: The file that `audio_url` streams.
_HEARD = "song.flac"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """One take as the lists show it, in the seed documents' words: what it is, how it was made, how often heard."""

    generation_id: UUID
    composition_id: UUID
    number: int
    title: str
    prompt: str
    genres: tuple[str, ...]
    provider: str
    device: str
    precision: str
    seed: int
    #: Seconds of making, and of music.
    generation_time: float
    duration: float
    realtime_factor: float
    #: Of the file that is streamed.
    bytes: int
    sample_rate: int
    channels: int
    play_count: int
    download_count: int
    favorite_count: int
    #: By the one who asks.
    is_favorited: bool
    public: bool
    last_played: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Marked:
    """Whether the actor has marked a take, and how many people have."""

    generation_id: UUID
    is_favorited: bool
    favorite_count: int


@dataclass(frozen=True, slots=True)
class Played:
    """How often a take was played, and when the last time."""

    generation_id: UUID
    play_count: int
    last_played: datetime


def audience(actor: Actor | None, scope: str) -> Audience:
    """Return whose takes the actor wants: "own", "public" or "all"; people without an account get the public ones."""
    user_id = None if actor is None else actor.user_id
    return Audience(user_id, own=scope in ("own", "all"), public=scope in ("public", "all"))


def list_recent(studio: Studio, actor: Actor | None, *, limit: int, scope: str = "own") -> tuple[RecordView, ...]:
    """Return the takes finished last, the latest first."""
    with studio.sessions.read() as session:
        return _views(TakeRepository(session).recent(audience(actor, scope), limit))


def list_most_played(studio: Studio, actor: Actor | None, *, limit: int, scope: str = "all") -> tuple[RecordView, ...]:
    """Return the takes with the most plays first."""
    with studio.sessions.read() as session:
        return _views(TakeRepository(session).most_played(audience(actor, scope), limit))


def search(studio: Studio, actor: Actor | None, text: str, *, limit: int, scope: str = "all") -> tuple[RecordView, ...]:
    """Return the takes whose title, genres or prompt hold the words of `text`, the best match first."""
    seen = audience(actor, scope)
    with studio.sessions.read() as session:
        found = SearchRepository(session).ranked(parsed(text), seen, limit)
        return _views(TakeRepository(session).of_compositions(found, seen.user_id, limit))


def track_play(studio: Studio, actor: Actor | None, take_id: UUID, seconds: float | None) -> Played:
    """Note that a take was played, for that many seconds where known; raises `RowNotFoundError`."""
    now = studio.queue.clock()
    user_id = None if actor is None else actor.user_id
    with studio.sessions.write() as session:
        take = TakeRepository(session).readable(take_id, user_id)
        count = TakeRepository(session).played(take_id, now)
        PlayRepository(session).add(Play(user_id=user_id, take_id=take_id, seconds=seconds, created_at=now))
        _add_up(session, take, now, Happened(plays=1, play_seconds=seconds or 0.0))
    return Played(take_id, count, now)


def mark_favorite(studio: Studio, actor: Actor, take_id: UUID, *, wanted: bool | None = None) -> Marked:
    """Mark a take as a favourite of the actor or take the mark back: the other of the two when `wanted` is None.

    Raises `RowNotFoundError`.
    """
    now = studio.queue.clock()
    with studio.sessions.write() as session:
        take = TakeRepository(session).readable(take_id, actor.user_id)
        marked, change = FavoriteRepository(session).mark(actor.user_id, take_id, wanted)
        if change:
            _add_up(session, take, now, Happened(favorites=change))
        session.refresh(take, ["favorite_count"])
    return Marked(take_id, marked, take.favorite_count)


def download(studio: Studio, actor: Actor | None, take_id: UUID, name: str) -> StoredFile:
    """Return a file of a take and count the download; raises `RowNotFoundError` or `FileNotMadeError`."""
    with studio.sessions.write() as session:
        take = TakeRepository(session).readable(take_id, None if actor is None else actor.user_id)
        title = CompositionRepository(session).get(take.composition_id).title
        file = stored_file(take, title, name)
        TakeRepository(session).downloaded(take_id)
        _add_up(session, take, studio.queue.clock(), Happened(downloads=1))
    return file


def count_download(studio: Studio, actor: Actor | None, composition_id: UUID, number: int) -> None:
    """Count the download of a song by another way; what is not there counts nowhere."""
    reader = None if actor is None else actor.user_id
    with studio.sessions.write() as session:
        song = CompositionRepository(session).readable(composition_id, reader)
        for take in song.takes:
            if take.number == number:
                TakeRepository(session).downloaded(take.id)
                _add_up(session, take, studio.queue.clock(), Happened(downloads=1))


def _add_up(session: Session, take: Take, when: datetime, happened: Happened) -> None:
    """What happens to a take is its owner's usage, whoever listens."""
    UsageRepository(session).add_up(take.user_id, when.date(), happened)


def _views(rows: tuple[ListedTake, ...]) -> tuple[RecordView, ...]:
    return tuple(_view(row) for row in rows)


def _view(row: ListedTake) -> RecordView:
    take, title, prompt, summary, marked = row
    copied = (
        *("composition_id", "number", "provider", "device", "precision", "seed", "realtime_factor", "sample_rate"),
        *("channels", "play_count", "download_count", "favorite_count", "public", "created_at"),
    )
    return RecordView(
        generation_id=take.id,
        title=title,
        prompt=prompt,
        genres=tuple(summary.get("genres", ())),
        generation_time=take.generation_seconds,
        duration=take.duration_seconds,
        bytes=next((file["bytes"] for file in take.files if file["name"] == _HEARD), 0),
        is_favorited=bool(marked),
        last_played=take.last_played_at,
        **{name: getattr(take, name) for name in copied},
    )
