"""Work that costs memory, such as hashing a password: a few at a time, so that sign-ins cannot fill the machine."""

from __future__ import annotations

import os

from text2song.api.lanes import Lane


class Hashing(Lane):
    """The lane of passwords: at most as many at once as half the processors."""

    def __init__(self, parallel: int | None = None) -> None:
        super().__init__(parallel or max(1, (os.cpu_count() or 2) // 2), "are signing in")
