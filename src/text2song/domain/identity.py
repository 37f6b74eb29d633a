"""Who acts: a user, what they may do here, and the plan they are on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Plan(StrEnum):
    """What a user has agreed to pay; it decides the place in the queue."""

    FREE = "FREE"
    PRO = "PRO"
    ENTERPRISE = "ENTERPRISE"


#: Seeing; making and changing; looking after the installation.
READ, WRITE, ADMIN = "read", "write", "admin"
#: Every scope, from the least to the most.
SCOPES = (READ, WRITE, ADMIN)


@dataclass(frozen=True, slots=True)
class Actor:
    """The user on whose behalf something happens, with the scopes of the credentials that were shown."""

    user_id: UUID
    scopes: frozenset[str]
    plan: Plan

    def may(self, scope: str) -> bool:
        """Return whether the credentials allow that kind of act.

        >>> LOCAL_OWNER.may("admin")
        True
        """
        return scope in self.scopes


#: The one user of a studio in local mode; a row of that id is in every database.
LOCAL_OWNER_ID = UUID("00000000-0000-7000-8000-000000000001")
LOCAL_OWNER = Actor(LOCAL_OWNER_ID, frozenset(SCOPES), Plan.ENTERPRISE)
