"""The library: a full-text index, favourites, plays, counters of takes, usage by day."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from text2song.domain.ids import uuid7
from text2song.storage.searching import (
    FTS_TABLE,
    MADE,
    PUBLIC,
    SQLITE_TABLE,
    SQLITE_TRIGGERS,
    SearchColumn,
    SearchDocument,
    owner_label,
)

revision = "0004"
down_revision = "0003"

_OWNER = UUID("00000000-0000-7000-8000-000000000001")
_COUNTERS = ("play_count", "download_count", "favorite_count")
_INDEXES = {
    "ix_takes_recent": ["user_id", "created_at", "id"],
    "ix_takes_played": ["user_id", "play_count", "id"],
    "ix_takes_public_recent": ["public", "created_at", "id"],
    "ix_takes_public_played": ["public", "play_count", "id"],
}
_INTEGERS = ("takes", "plays", "downloads", "favorites", "samples", "gpu_samples")
_DOUBLES = (
    *("generation_seconds", "audio_seconds", "realtime_factors", "play_seconds"),
    *("cpu_sum", "cpu_max", "memory_sum", "memory_max", "gpu_sum", "gpu_max"),
)
#: What takes add to a day, in the order in which they are read.
_SUMS = ("takes", "generation_seconds", "audio_seconds", "realtime_factors", "bytes")
_DAYS = sa.table(
    "usage_days",
    sa.column("id", sa.Uuid()),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("user_id", sa.Uuid()),
    sa.column("day", sa.Date()),
    sa.column("genres", sa.JSON()),
    *(sa.column(name) for name in (*_INTEGERS, "bytes", *_DOUBLES)),
)


def upgrade() -> None:
    """Apply."""
    _takes()
    _favorites()
    _plays()
    _usage()
    op.create_index("ix_jobs_ended", "jobs", ["user_id", "status", "finished_at"])
    op.add_column("compositions", sa.Column("search", SearchColumn(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        for statement in (*SQLITE_TABLE, *SQLITE_TRIGGERS):
            op.execute(statement)
    else:
        op.create_index("ix_compositions_search", "compositions", ["search"], postgresql_using="gin")
    _fill()
    _add_up()


def downgrade() -> None:
    """Undo."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER {FTS_TABLE}_{event}")
        op.drop_table(FTS_TABLE)
    else:
        op.drop_index("ix_compositions_search", "compositions")
    op.drop_column("compositions", "search")
    op.drop_index("ix_jobs_ended", "jobs")
    for table in ("usage_days", "plays", "favorites"):
        op.drop_table(table)
    for index in _INDEXES:
        op.drop_index(index, "takes")
    for column in ("last_played_at", *_COUNTERS, "public", "user_id"):
        op.drop_column("takes", column)


def _takes() -> None:
    # Added in place: SQLite keeps the default for ever, but the models never leave the column out.
    op.add_column("takes", sa.Column("user_id", sa.Uuid(), nullable=False, server_default=_OWNER.hex))
    op.add_column("takes", sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in _COUNTERS:
        op.add_column("takes", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("takes", sa.Column("last_played_at", sa.DateTime(timezone=True), nullable=True))
    for index, columns in _INDEXES.items():
        op.create_index(index, "takes", columns)
    op.execute(
        "UPDATE takes SET user_id = (SELECT c.user_id FROM compositions c WHERE c.id = takes.composition_id), "
        "public = (SELECT c.public FROM compositions c WHERE c.id = takes.composition_id)"
    )


def _key(table: str) -> tuple[sa.Column[Any], sa.Column[Any], sa.PrimaryKeyConstraint]:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    created = sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)
    return sa.Column("id", sa.Uuid(), nullable=False), created, key


def _take_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["take_id"], ["takes.id"], name=op.f(f"fk_{table}_take_id_takes"), ondelete="CASCADE"
    )


def _favorites() -> None:
    op.create_table(
        "favorites",
        *_key("favorites"),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("take_id", sa.Uuid(), nullable=False),
        _take_key("favorites"),
    )
    op.create_index("uq_favorites_user_id_take_id", "favorites", ["user_id", "take_id"], unique=True)
    op.create_index(op.f("ix_favorites_take_id"), "favorites", ["take_id"])


def _plays() -> None:
    op.create_table(
        "plays",
        *_key("plays"),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("take_id", sa.Uuid(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        _take_key("plays"),
    )
    op.create_index("ix_plays_user_id_created_at", "plays", ["user_id", "created_at"])
    op.create_index(op.f("ix_plays_take_id"), "plays", ["take_id"])


def _usage() -> None:
    op.create_table(
        "usage_days",
        *_key("usage_days"),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _INTEGERS),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in _DOUBLES),
        sa.Column("genres", sa.JSON(), nullable=False),
        sa.UniqueConstraint("user_id", "day", name=op.f("uq_usage_days_user_id_day")),
    )


def _fill() -> None:
    """Enter every song there is into the index."""
    columns = ("id", "user_id", "public", "title", "request", "summary", "search")
    types = (sa.Uuid(), sa.Uuid(), sa.Boolean(), sa.String(), sa.JSON(), sa.JSON(), SearchColumn())
    songs = sa.table("compositions", *(sa.column(name, kind) for name, kind in zip(columns, types, strict=True)))  # type: ignore[arg-type]
    bind = op.get_bind()
    for row in bind.execute(sa.select(*(songs.c[name] for name in columns[:-1]))).mappings().all():
        bind.execute(songs.update().where(songs.c.id == row["id"]).values(search=_document(row)))


def _add_up() -> None:
    """Enter every take there is into its owner's day."""
    columns = ("composition_id", "user_id", "generation_seconds", "duration_seconds", "realtime_factor", "size_bytes")
    takes = sa.table(
        "takes",
        *(sa.column(name, sa.Uuid()) for name in columns[:2]),
        *(sa.column(name) for name in columns[2:]),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    songs = sa.table("compositions", sa.column("id", sa.Uuid()), sa.column("summary", sa.JSON()))
    made = sa.select(takes, songs.c.summary).join(songs, songs.c.id == takes.c.composition_id)
    days: dict[tuple[UUID, date], dict[str, Any]] = {}
    for row in op.get_bind().execute(made).mappings():
        when = row["created_at"]
        key = (row["user_id"], when.date() if when.tzinfo is None else when.astimezone(UTC).date())
        day = days.setdefault(key, dict.fromkeys(_SUMS, 0) | {"genres": {}})
        for name, amount in zip(_SUMS, (1, *(row[column] for column in columns[2:])), strict=True):
            day[name] += amount
        for genre in row["summary"].get("genres", ()):
            day["genres"][genre] = day["genres"].get(genre, 0) + 1
    if days:
        op.bulk_insert(_DAYS, [_day(user_id, day, sums) for (user_id, day), sums in days.items()])


def _day(user_id: UUID, day: date, sums: dict[str, Any]) -> dict[str, Any]:
    key = {"id": uuid7(), "created_at": datetime.now(UTC), "user_id": user_id, "day": day}
    return dict.fromkeys((*_INTEGERS, *_DOUBLES), 0) | key | sums


def _document(row: Mapping[Any, Any]) -> SearchDocument:
    summary = row["summary"]
    labels = [owner_label(row["user_id"]), *([PUBLIC] if row["public"] else []), *([MADE] if summary else [])]
    genres = [*summary.get("genres", ()), *summary.get("moods", ()), str(summary.get("style") or "")]
    prompt = str(row["request"].get("prompt") or "")
    return SearchDocument.of(title=row["title"], genres=genres, prompt=prompt, labels=labels)
