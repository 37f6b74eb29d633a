"""Migrations in order; each is immutable once released."""
