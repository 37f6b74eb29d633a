"""Accounts, sessions and keys over the wire."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from text2song.api.schemas.base import Incoming, Instant, Outgoing
from text2song.services.passwords import LENGTH

ScopeName = Literal["read", "write", "admin"]
Email = Annotated[str, Field(min_length=3, max_length=254, examples=["ada@example.org"])]
#: Any length up to the limit at login, so that a refusal says nothing of the rules.
Password = Annotated[str, Field(min_length=1, max_length=LENGTH[1], examples=["correct horse battery staple"])]
NewPassword = Annotated[str, Field(min_length=LENGTH[0], max_length=LENGTH[1], examples=["correct horse battery"])]
PersonName = Annotated[str, Field(max_length=100, examples=["Ada"])]


class Register(Incoming):
    """A new account."""

    email: Email
    password: NewPassword
    name: PersonName = ""


class Login(Incoming):
    """Signing in."""

    email: Email
    password: Password


class MeChange(Incoming):
    """Another name, or another password with the present one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Ada"}]})

    name: PersonName | None = None
    password: NewPassword | None = None
    current_password: Password | None = None

    @model_validator(mode="after")
    def _whole(self) -> MeChange:
        if self.password is not None and self.current_password is None:
            raise ValueError("a new password needs current_password beside it")
        if self.name is None and self.password is None:
            raise ValueError("send a name, a password, or both")
        return self


class MeOut(Outgoing):
    """An account as its owner sees it."""

    id: UUID
    email: str | None
    name: str
    plan: Literal["FREE", "PRO", "ENTERPRISE"]
    is_admin: bool
    is_verified: bool
    created_at: Instant
    mode: Literal["local", "server"] = Field(description="Whether this studio has accounts at all.")
    scopes: list[ScopeName] = Field(description="What the credentials that were shown allow.")


class WaysOut(Outgoing):
    """How one may sign in."""

    password: bool
    registration: bool = Field(description="Whether people may make accounts themselves.")
    oidc: str | None = Field(description="What the other service is called, if there is one.", examples=["Example ID"])


class KeyCreate(Incoming):
    """A new key."""

    name: str = Field(min_length=1, max_length=100, examples=["laptop"])
    scopes: list[ScopeName] = Field(default=["read"], min_length=1, max_length=3)
    expires_in_days: int | None = Field(default=None, ge=1, le=3650, description="None: until it is revoked.")


class KeyOut(Outgoing):
    """A key without its text."""

    id: UUID
    name: str
    prefix: str = Field(description="Its first characters.", examples=["t2s_live_Ab3x"])
    scopes: list[ScopeName]
    created_at: Instant
    expires_at: Instant | None
    last_used_at: Instant | None


class KeyCreatedOut(KeyOut):
    """A new key with its text, which is not shown again."""

    key: str = Field(examples=["t2s_live_…"])
