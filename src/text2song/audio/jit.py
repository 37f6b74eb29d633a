"""The typed door to numba: compiled once, cached on disk, run without the interpreter lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Compile `function` in nopython mode on first call.

    Without `fastmath`, so that the same samples come out of every run and every thread count. Division by zero gives
    infinity or NaN, as in NumPy: a check before each division keeps loops from running as vectors.
    """
    return cast("Function", numba.njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(function))
