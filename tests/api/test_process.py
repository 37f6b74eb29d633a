"""What a serving process asks of its machine."""

from __future__ import annotations

import gc
import resource
import subprocess
import sys

from text2song.api.process import raise_file_limit, settle


def test_files_may_be_opened_up_to_the_hard_limit() -> None:
    script = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))\n"
        "from text2song.api.process import raise_file_limit\n"
        "print(raise_file_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    assert len(set(told)) == 1
    assert raise_file_limit() == resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def test_what_is_loaded_is_not_collected_again() -> None:
    before = gc.get_threshold()
    try:
        settle().join(30)
        frozen = gc.get_freeze_count()
        # Every module, class and word list that is there is out of sight.
        assert frozen > 100_000
        assert len(gc.get_objects()) < frozen / 2
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
