"""The library's orders and filters: when a song was made, its length, plays and place in the alphabet, its genres."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from text2song.storage.searching import MADE, PUBLIC, SearchColumn, SearchDocument, genre_label, owner_label
from text2song.storage.terms import sort_key

revision = "0007"
down_revision = "0006"

_INDEXES = {
    "ix_compositions_newest": ["user_id", "created_at", "id"],
    "ix_compositions_sort_title": ["user_id", "sort_title", "id"],
    "ix_compositions_duration": ["user_id", "duration_seconds", "id"],
    "ix_compositions_played": ["user_id", "play_count", "id"],
}
_FIRST = "SELECT {0} FROM takes t WHERE t.composition_id = compositions.id"


def upgrade() -> None:
    """Apply."""
    # Added in place: a table that is rebuilt would take its children along, and lose its triggers.
    op.add_column("compositions", sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("compositions", sa.Column("duration_seconds", sa.Double(), nullable=True))
    op.add_column("compositions", sa.Column("play_count", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("compositions", sa.Column("sort_title", sa.String(400), nullable=False, server_default=""))
    op.execute(
        "UPDATE compositions SET "  # noqa: S608 - constants
        f"made_at = ({_FIRST.format('max(t.created_at)')}), "
        f"duration_seconds = ({_FIRST.format('max(t.duration_seconds)')} AND t.number = 1), "
        f"play_count = coalesce(({_FIRST.format('sum(t.play_count)')}), 0)"
    )
    _fill()
    for index, columns in _INDEXES.items():
        op.create_index(index, "compositions", columns)


def downgrade() -> None:
    """Undo."""
    for index in _INDEXES:
        op.drop_index(index, "compositions")
    for column in ("sort_title", "play_count", "duration_seconds", "made_at"):
        op.drop_column("compositions", column)


def _fill() -> None:
    """Give every song its place in the alphabet, and enter it into the index anew, with its genres."""
    columns = ("id", "user_id", "public", "title", "request", "summary", "search", "sort_title")
    kinds: tuple[Any, ...] = (sa.Uuid(), sa.Uuid(), sa.Boolean(), sa.String(), sa.JSON(), sa.JSON(), SearchColumn())
    typed = zip(columns, (*kinds, sa.String()), strict=True)
    songs = sa.table("compositions", *(sa.column(name, kind) for name, kind in typed))
    bind = op.get_bind()
    for row in bind.execute(sa.select(*(songs.c[name] for name in columns[:6]))).mappings().all():
        changed = {"search": _document(row), "sort_title": sort_key(row["title"])}
        bind.execute(songs.update().where(songs.c.id == row["id"]).values(changed))


def _document(row: Mapping[Any, Any]) -> SearchDocument:
    summary = row["summary"]
    labels = [owner_label(row["user_id"]), *([PUBLIC] if row["public"] else []), *([MADE] if summary else [])]
    labels += [genre_label(genre) for genre in summary.get("genres", ())]
    genres = [*summary.get("genres", ()), *summary.get("moods", ()), str(summary.get("style") or "")]
    prompt = str(row["request"].get("prompt") or "")
    return SearchDocument.of(title=row["title"], genres=genres, prompt=prompt, labels=labels)
