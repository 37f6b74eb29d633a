"""Users, and an owner for prompts, compositions and jobs; what is there already belongs to the local owner."""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_OWNER = UUID("00000000-0000-7000-8000-000000000001")
_OWNED = ("prompts", "compositions")


def upgrade() -> None:
    """Apply."""
    _users()
    for table in _OWNED:
        # Added in place: a table that is rebuilt would take its children along. SQLite keeps the default for ever, but
        # the models never leave the column out.
        op.add_column(table, sa.Column("user_id", sa.Uuid(), nullable=False, server_default=_OWNER.hex))
        op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])
    op.add_column("compositions", sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("jobs", sa.Column("user_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_jobs_user_id"), "jobs", ["user_id"])
    op.execute(sa.update(sa.table("jobs", sa.column("user_id", sa.Uuid()))).values(user_id=_OWNER))


def downgrade() -> None:
    """Undo."""
    for table in ("jobs", *_OWNED):
        op.drop_index(op.f(f"ix_{table}_user_id"), table)
        op.drop_column(table, "user_id")
    op.drop_column("compositions", "public")
    op.drop_table("users")


def _users() -> None:
    time = sa.DateTime(timezone=True)
    users = op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("oidc_subject", sa.String(512)),
        sa.Column("plan", sa.String(12), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("updated_at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("oidc_subject", name=op.f("uq_users_oidc_subject")),
    )
    now = datetime.now(UTC)
    owner = {
        "id": _OWNER,
        "created_at": now,
        "updated_at": now,
        "name": "Owner",
        "plan": "ENTERPRISE",
        "is_admin": True,
        "is_active": True,
        "is_verified": True,
    }
    op.bulk_insert(users, [owner])
