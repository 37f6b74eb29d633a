"""The servers that every test may ask for."""

from tests.servers import database_url, postgres_url, valkey_url
from tests.swift_server import s3

__all__ = ["database_url", "postgres_url", "s3", "valkey_url"]
