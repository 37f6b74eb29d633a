"""Rest from looking for garbage while scores are made: they are many small values and next to no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let no garbage be looked for while the body runs.

    One look through everything that a process holds takes more than a tenth of a second, and reading one score asks for
    it. Counted references free what is done with all the same.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
