"""Users take turns in the queue, and what a job will take is learned from its amount and variant."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_NEW = {
    "ix_jobs_claim": ("status", "priority", "turn", "id"),
    "ix_jobs_turn": ("user_id", "status", "priority", "turn"),
    "ix_jobs_learn": ("kind", "variant", "status", "finished_at"),
}


def upgrade() -> None:
    """Apply."""
    op.add_column("jobs", sa.Column("turn", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("jobs", sa.Column("amount", sa.Double(), nullable=True))
    op.add_column("jobs", sa.Column("variant", sa.String(40), nullable=False, server_default=""))
    op.drop_index("ix_jobs_claim", "jobs")
    for name, columns in _NEW.items():
        op.create_index(name, "jobs", list(columns))
    if op.get_bind().dialect.name == "postgresql":
        # Numbers of changes are transaction ids from now on; what has not changed since is older than all of them.
        op.execute("UPDATE jobs SET revision = 0")


def downgrade() -> None:
    """Undo."""
    for name in _NEW:
        op.drop_index(name, "jobs")
    op.create_index("ix_jobs_claim", "jobs", ["status", "priority", "id"])
    for column in ("variant", "amount", "turn"):
        op.drop_column("jobs", column)
