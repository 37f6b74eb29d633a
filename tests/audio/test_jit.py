"""Kernels compute as NumPy does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from text2song.audio.jit import kernel


@kernel
def _shares(values: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.empty_like(values)
    for index in range(len(values)):
        found[index] = values[index] / by[index]
    return found


@kernel
def _sum(values: NDArray[np.float32]) -> float:
    total = np.float32(0.0)
    for value in values:
        total += value
    return float(total)


def test_division_by_zero_is_no_error() -> None:
    found = _shares(np.array([1.0, -1.0, 0.0, 3.0]), np.array([0.0, 0.0, 0.0, 2.0]))
    assert np.array_equal(found, [np.inf, -np.inf, np.nan, 1.5], equal_nan=True)


def test_sums_are_taken_in_the_order_that_is_written() -> None:
    # One large number swallows small ones that come after it one by one; lanes of a vector would not.
    values = np.concatenate(([2.0**24], np.ones(64))).astype(np.float32)
    assert _sum(values) == 2.0**24
