"""One stem on two cores: kernels release the interpreter lock, so two halves of a song are played side by side."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

#: From one frame up to another.
Span = tuple[int, int]


def in_halves(play: Callable[[Span], object], middle: int, frames: int) -> None:
    """Call `play` for the frames before `middle` and for those from there to `frames`, each in a thread.

    Raises what it raises. Each call may write within its span alone.
    """
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(play, (middle, frames))
        play((0, middle))
        second.result()
