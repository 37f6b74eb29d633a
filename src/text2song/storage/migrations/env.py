"""Alembic's environment: always online, on the connection that `schema.upgrade` hands over."""

from alembic import context

from text2song.storage import models
from text2song.storage.base import Base

_ = models  # imported for its tables

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    # A migration that cannot get its lock gives up instead of stopping every reader behind it.
    connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
