"""Compositions that are edits of others."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    # Added in place: a table that is rebuilt would take its takes along.
    op.add_column("compositions", sa.Column("parent_id", sa.Uuid(), nullable=True))
    op.add_column("compositions", sa.Column("edits", sa.JSON(), nullable=False, server_default="[]"))
    op.create_index(op.f("ix_compositions_parent_id"), "compositions", ["parent_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_compositions_parent_id"), "compositions")
    op.drop_column("compositions", "edits")
    op.drop_column("compositions", "parent_id")
