"""What one check of a take says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing asked and what was measured; a reason where the take misses it."""

    #: The key under which the report shows it.
    name: str
    asked: Any
    measured: Any
    #: One clause for people, empty where the take does what was asked.
    reason: str = ""
