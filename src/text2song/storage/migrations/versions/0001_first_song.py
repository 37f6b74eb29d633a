"""The first song: prompts, compositions, jobs, takes, workers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TABLES = ("takes", "compositions", "workers", "prompts", "jobs")


def upgrade() -> None:
    """Apply."""
    _jobs()
    _prompts()
    _workers()
    _compositions()
    _takes()


def downgrade() -> None:
    """Undo."""
    for table in _TABLES:
        op.drop_table(table)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str) -> tuple[sa.Column[object], sa.Column[object], sa.PrimaryKeyConstraint]:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    return sa.Column("id", sa.Uuid(), nullable=False), _time("created_at"), key


def _jobs() -> None:
    op.create_table(
        "jobs",
        *_key("jobs"),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        _time("available_at"),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(120)),
        _time("leased_until", nullable=True),
        sa.Column("stage", sa.String(120), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("error_slug", sa.String(60)),
        sa.Column("error", sa.Text()),
        _time("started_at", nullable=True),
        _time("finished_at", nullable=True),
        _time("updated_at"),
        sa.Column("revision", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_jobs_claim", "jobs", ["status", "priority", "id"])
    for column in ("leased_until", "revision", "subject_id", "worker"):
        op.create_index(op.f(f"ix_jobs_{column}"), "jobs", [column])


def _prompts() -> None:
    op.create_table(
        "prompts",
        *_key("prompts"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
    )


def _workers() -> None:
    op.create_table(
        "workers",
        *_key("workers"),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("host", sa.String(80), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        _time("seen_at"),
        sa.UniqueConstraint("name", name=op.f("uq_workers_name")),
    )


def _compositions() -> None:
    op.create_table(
        "compositions",
        *_key("compositions"),
        sa.Column("prompt_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("titled", sa.Boolean(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        _time("updated_at"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_compositions_job_id_jobs")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompts.id"], name=op.f("fk_compositions_prompt_id_prompts")),
        sa.UniqueConstraint("job_id", name=op.f("uq_compositions_job_id")),
    )
    for column in ("prompt_id", "title"):
        op.create_index(op.f(f"ix_compositions_{column}"), "compositions", [column])


def _takes() -> None:
    op.create_table(
        "takes",
        *_key("takes"),
        sa.Column("composition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("device", sa.String(20), nullable=False),
        sa.Column("precision", sa.String(20), nullable=False),
        sa.Column("duration_seconds", sa.Double(), nullable=False),
        sa.Column("sample_rate", sa.Integer(), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("generation_seconds", sa.Double(), nullable=False),
        sa.Column("realtime_factor", sa.Double(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("prefix", sa.String(120), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("files", "stems", "peaks", "outline", "report")),
        sa.ForeignKeyConstraint(
            ["composition_id"],
            ["compositions.id"],
            name=op.f("fk_takes_composition_id_compositions"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("composition_id", "number", name=op.f("uq_takes_composition_id_number")),
        sa.UniqueConstraint("prefix", name=op.f("uq_takes_prefix")),
    )
    op.create_index(op.f("ix_takes_composition_id"), "takes", ["composition_id"])
