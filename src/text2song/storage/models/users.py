"""People who have an account, the owner of a local studio among them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from text2song.domain.identity import Plan
from text2song.storage.base import Base


class User(Base):
    """One account."""

    __tablename__ = "users"

    #: In lower case, as compared at login; the local owner has none.
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    #: Argon2id in PHC format; None for accounts without a password.
    password_hash: Mapped[str | None] = mapped_column(String(255))
    #: "issuer|subject" of an account that signs in by OpenID Connect.
    oidc_subject: Mapped[str | None] = mapped_column(String(512), unique=True)
    #: `domain.identity.Plan`.
    plan: Mapped[str] = mapped_column(String(12), default=Plan.FREE)
    #: May look after the installation.
    is_admin: Mapped[bool] = mapped_column(default=False)
    #: A closed account cannot sign in, and its sessions and keys are dead.
    is_active: Mapped[bool] = mapped_column(default=True)
    #: The address was proved to be the user's.
    is_verified: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]
