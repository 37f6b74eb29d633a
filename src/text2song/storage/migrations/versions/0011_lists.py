"""Lists of jobs, prompts and favourites, each along an index of its own."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_NOBODY = UUID(int=0)
#: Two indexes that begin alike cost every writer twice.
_REPLACED = {"jobs": "ix_jobs_newest", "prompts": "ix_prompts_newest"}


def upgrade() -> None:
    """Apply."""
    # Added in place: SQLite keeps the default for ever, but the models never leave the columns out.
    for name in ("composition_id", "owner_id"):
        op.add_column("favorites", sa.Column(name, sa.Uuid(), nullable=False, server_default=_NOBODY.hex))
    op.execute(
        "UPDATE favorites SET composition_id = (SELECT t.composition_id FROM takes t WHERE t.id = favorites.take_id), "
        "owner_id = (SELECT t.user_id FROM takes t WHERE t.id = favorites.take_id)"
    )
    op.create_index("ix_favorites_songs", "favorites", ["user_id", "owner_id", "composition_id"])
    for table, index in _REPLACED.items():
        op.create_index(index, table, ["user_id", "id"])
        op.drop_index(f"ix_{table}_user_id", table)
    op.drop_index("ix_compositions_user_id", "compositions")


def downgrade() -> None:
    """Undo."""
    op.create_index("ix_compositions_user_id", "compositions", ["user_id"])
    for table, index in _REPLACED.items():
        op.create_index(f"ix_{table}_user_id", table, ["user_id"])
        op.drop_index(index, table)
    op.drop_index("ix_favorites_songs", "favorites")
    for name in ("owner_id", "composition_id"):
        op.drop_column("favorites", name)
