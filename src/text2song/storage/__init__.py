"""Remembers: SQLAlchemy models, repositories, migrations, sessions, blobs."""
