"""The studio: everything a use case needs, built once from the settings."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from text2song.domain.errors import InvalidError, UnavailableError
from text2song.jobs.bells import Bell, bell_of
from text2song.jobs.estimates import Estimates
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import Roster
from text2song.services.decoding import Decoder
from text2song.services.observing import Observation, observe
from text2song.settings import Settings
from text2song.storage.blobs import Blobs
from text2song.storage.buckets import bucket_of
from text2song.storage.engine import make_engine
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions


class DataFolderError(UnavailableError):
    """The folder of the installation cannot be made or written."""

    slug = "data-folder"


class RedisUrlError(InvalidError):
    """The Redis setting cannot be used here."""

    slug = "redis-url"


@dataclass(frozen=True, slots=True)
class Studio:
    """Sessions, blobs, queue and folders of one installation."""

    settings: Settings
    database_url: str
    sessions: Sessions
    blobs: Blobs
    queue: JobQueue
    roster: Roster
    #: How long jobs take, learned from those that were done.
    estimates: Estimates
    #: Where workers make songs before they are kept; one folder per run.
    work_folder: Path
    #: Looks into files of strangers; started at first use.
    decoder: Decoder
    #: Where traces and faults of this process are sent.
    observation: Observation
    #: Names of the providers that workers of this installation run.
    providers: tuple[str, ...] = ("composer",)

    def close(self) -> None:
        """Close the connections and end the decoder."""
        self.queue.bell.close()
        self.decoder.close()
        self.sessions.engine.dispose()
        self.observation.close()


def build_studio(settings: Settings) -> Studio:
    """Open the installation, creating folders and bringing the database up to date.

    Raises `DataFolderError`, `BucketSettingsError`, `DatabaseUrlError`, `RedisUrlError` or `DatabaseUnavailableError`.
    """
    data = settings.data_dir.resolve()
    work = data / "work"
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataFolderError(f"the folder {data} cannot be written: {error.strerror}", field="data_dir") from error
    url = database_url(settings)
    engine = make_engine(url, most=settings.database_connections)
    upgrade(engine)
    sessions = Sessions(engine)
    queue = JobQueue(sessions, lease_seconds=settings.lease_seconds, bell=_bell(engine, settings.redis_url))
    return Studio(
        settings=settings,
        database_url=url,
        sessions=sessions,
        blobs=_blobs(settings, data),
        queue=queue,
        roster=Roster(queue),
        estimates=Estimates(sessions),
        work_folder=work,
        decoder=Decoder(),
        observation=observe(otlp_endpoint=settings.otlp_endpoint, sentry_dsn=settings.sentry_dsn),
    )


def database_url(settings: Settings) -> str:
    """Return where the database is, as SQLAlchemy spells it."""
    return settings.database_url or f"sqlite:///{settings.data_dir.resolve() / 'studio.db'}"


def _blobs(settings: Settings, data: Path) -> Blobs:
    if not settings.blobs_url:
        return Blobs.local(data / "blobs")
    bucket = bucket_of(
        settings.blobs_url,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        keys=(settings.s3_access_key, settings.s3_secret_key),
        path_style=settings.s3_path_style,
        public_endpoint=settings.s3_public_endpoint,
    )
    return Blobs.remote(bucket)


def _bell(engine: Engine, redis_url: str) -> Bell:
    inner = bell_of(engine)
    if not redis_url:
        return inner
    try:
        # Celery is imported only where there is a Redis.
        bell: Bell = importlib.import_module("text2song.jobs.doorbell").Doorbell(redis_url, inner)
    except ModuleNotFoundError as error:
        message = f"several hosts need the extra “server” ({error.name} is missing)"
        raise RedisUrlError(message, field="redis_url") from error
    except ValueError as error:
        raise RedisUrlError("the Redis setting is not redis://HOST:PORT/NUMBER", field="redis_url") from error
    return bell
