"""Waits for what other threads and processes do."""

from __future__ import annotations

import time
from collections.abc import Callable


def within(seconds: float, happens: Callable[[], bool]) -> bool:
    """Return whether something happens in time."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if happens():
            return True
        time.sleep(0.02)
    return False
