"""The servers that every test may ask for."""

from tests.servers import database_url, postgres_url, valkey_url

__all__ = ["database_url", "postgres_url", "valkey_url"]
