"""An empty database brought up by the migrations equals the models, and two callers may migrate at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from text2song.storage import models
from text2song.storage.base import Base
from text2song.storage.engine import make_engine
from text2song.storage.schema import upgrade


def test_migrations_equal_models(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/a.db")
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    assert models.Job.__tablename__ in Base.metadata.tables


def test_upgrade_twice_at_once(tmp_path: Path) -> None:
    engines = [make_engine(f"sqlite:///{tmp_path}/a.db") for _ in range(4)]
    with ThreadPoolExecutor(1) as pool:  # Alembic's context is global within one process
        list(pool.map(upgrade, engines))
    assert "takes" in inspect(engines[0]).get_table_names()
