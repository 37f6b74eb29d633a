"""Finished songs, and those that are not, counted from an index."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_compositions_made", "compositions", ["user_id", "made_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_compositions_made", "compositions")
