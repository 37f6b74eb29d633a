"""Freed arrays are used again, and given back in the end."""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from text2song.audio import heap
from text2song.audio.heap import kept_heap

_SIZE = 64 << 20


def _faults(work: Callable[[], object]) -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    work()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def _taken() -> None:
    for _ in range(4):
        np.empty(_SIZE, np.uint8)[::4096] = 1


def main() -> None:
    """Print the page faults of arrays that were there before, and the memory that is left at the end, in pages."""
    with kept_heap():
        _taken()
        faults = _faults(_taken)
    resident = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    sys.stdout.write(f"{faults} {resident}\n")


@pytest.mark.skipif(heap._glibc() is None, reason="not glibc")
def test_arrays_are_used_again_and_given_back() -> None:
    # A process of its own: what the allocator is told holds until it ends.
    made = subprocess.run([sys.executable, "-m", "tests.audio.test_heap"], check=True, capture_output=True, text=True)
    faults, resident = map(int, made.stdout.split())
    assert faults < 200, "4 arrays of 64 MB, of 16,384 pages each, are taken without asking for pages again"
    assert resident * 4096 < _SIZE + (80 << 20)


def test_another_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with kept_heap() as kept:
        assert not kept


if __name__ == "__main__":
    main()
