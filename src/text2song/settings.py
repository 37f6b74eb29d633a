"""One typed settings object, read once at the edge from `TEXT2SONG_…` variables."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """All that an operator can set. Each field is the variable `TEXT2SONG_<FIELD>`; docs/reference/settings.md."""

    model_config = SettingsConfigDict(env_prefix="TEXT2SONG_", frozen=True, extra="ignore")

    #: Folder for the database, the sounds and the logs of this installation.
    data_dir: Path = Path("var")
    #: SQLAlchemy URL; empty means SQLite in `data_dir`.
    database_url: str = ""
    #: Connections that one process may have open to the database; who finds none free waits for one.
    database_connections: int = Field(default=48, ge=2, le=1000)
    #: Where files are kept: empty for a folder in `data_dir`, or "s3://bucket/folder" of an S3-compatible store.
    blobs_url: str = ""
    #: The store, "https://host:port", empty for Amazon's; the same as listeners reach it, where that differs; and keys.
    s3_endpoint: str = ""
    s3_public_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_access_key: str = ""
    s3_secret_key: str = Field(default="", repr=False)
    #: Whether the bucket stands in the path of an address (most servers) or in its host (Amazon).
    s3_path_style: bool = True
    #: Seconds for which a signed address of a file can be used.
    s3_link_seconds: int = Field(default=900, ge=10, le=604_800)
    #: Bytes that a file sent here may have, and that all files of one user may take.
    upload_bytes: int = Field(default=50 * 2**20, ge=1024, le=2**30)
    upload_quota_bytes: int = Field(default=2**30, ge=0)
    #: "local" for one person on this machine, or "server" for many, who sign in.
    mode: Literal["local", "server"] = "local"
    #: What a server signs with: 32 or more random characters, the same for every process and for ever.
    secret_key: str = Field(default="", repr=False)
    #: Where people find a server, "https://studio.example"; plain http sends the session's cookie unprotected.
    public_url: str = ""
    #: Names a server answers to besides its public one and this machine's, "a.example, b.example"; "*" for all.
    trusted_hosts: str = ""
    #: Whether people may make accounts themselves.
    registration: Literal["open", "closed"] = "open"
    #: An OpenID Connect service by which people may sign in, "https://id.example"; our name and secret there; its name.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = Field(default="", repr=False)
    oidc_name: str = ""
    #: Address and port the studio listens on; anything but loopback needs accounts, which local mode has not.
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    #: A SoundFont file (SF2 or SF3) to use before any that are found; "none" plays procedural instruments only.
    soundfont: str = ""
    #: An OpenAI-compatible server whose language model writes the words of sung songs, "http://127.0.0.1:8080/v1";
    #: empty for the built-in writer. And the model to ask it for.
    lyrics_url: str = ""
    lyrics_model: str = ""
    #: "json" for machines, "text" for people.
    log_format: str = Field(default="text", pattern="^(json|text)$")
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    #: Redis or Valkey, "redis://127.0.0.1:6379/0", for what several API processes must count together; empty for none.
    redis_url: str = ""
    #: What every limit of requests per minute is multiplied by; 0 lifts them all.
    rate_limits: float = Field(default=1.0, ge=0, le=1_000_000)
    #: Addresses and networks of the proxies in front, "10.0.0.0/8, 127.0.0.1", whose X-Forwarded-For is believed.
    trusted_proxies: str = ""
    #: Seconds without a heartbeat after which a worker's job is given to another.
    lease_seconds: float = Field(default=10.0, gt=0.5, le=3600)
    #: Seconds that a job may wait before health says that the queue is too long.
    health_queue_seconds: float = Field(default=3600.0, gt=0)
    #: The bearer token that a Prometheus server shows to read `/metrics`; empty means that only this machine may.
    metrics_token: str = Field(default="", repr=False)
    #: Whether `text2song serve` runs a worker beside the API.
    embedded_worker: bool = True
    #: Seconds that running jobs have to finish when their worker is told to stop, before they go back to the queue.
    drain_seconds: float = Field(default=5.0, ge=0, le=3600)
    #: Jobs that one worker process runs at once; a song uses all the cores it finds.
    worker_slots: int = Field(default=1, ge=1, le=256)
    #: An OpenTelemetry collector, "http://127.0.0.1:4318", to which traces are sent over HTTP; empty for none.
    otlp_endpoint: str = ""
    #: The DSN of a Sentry project to which faults are reported, without anything of the request; empty for none.
    sentry_dsn: str = Field(default="", repr=False)
