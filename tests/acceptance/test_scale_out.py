"""The recipe that starts a whole cluster on one machine works, and leaves nothing behind."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.alone
def test_a_song_goes_through_a_cluster_of_pip_packages() -> None:
    done = subprocess.run(
        [str(ROOT / "recipes" / "scale-out.sh")], check=False, capture_output=True, text=True, timeout=1000
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the same bytes as the worker wrote" in done.stdout
    found = re.search(r"in (/\S+)", done.stdout)
    assert found is not None
    assert not Path(found[1]).exists()
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if found[1].encode() in told:
            left.append(process.name)
    assert left == []
