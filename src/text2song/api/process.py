"""What a serving process asks of its machine: as many open files as it may have, and no long pauses."""

from __future__ import annotations

import gc
import importlib
import threading
from importlib.util import find_spec

import structlog

from text2song.domain.request import CompositionRequest
from text2song.services.understanding import read

#: Allocations before the youngest are looked at, and of such looks before the older ones are. What thousands of open
#: streams hold is old and no garbage; requests leave theirs among the young.
_THRESHOLDS = (50_000, 20, 100)

log = structlog.get_logger(__name__)


def raise_file_limit() -> int:
    """Let this process open as many files as the system allows it; return how many, 0 where that is not told.

    Each listener is an open file, and many systems start a process with 1,024.
    """
    if find_spec("resource") is None:
        return 0
    resource = importlib.import_module("resource")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return int(most)


def settle() -> threading.Thread:
    """Load now what the first request would load, then take all that is loaded out of the garbage collector's sight.

    A collection over everything that is imported stops every request for half a second (docs/decisions/0025).
    """
    thread = threading.Thread(target=_settle, name="settle", daemon=True)
    thread.start()
    return thread


def _settle() -> None:
    read(CompositionRequest(prompt="a warm song to begin with"))
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    log.debug("settled", frozen=gc.get_freeze_count())
