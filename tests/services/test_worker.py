"""The worker's program: a clear end when it cannot start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_worker_that_cannot_start_says_why_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    variables = {**os.environ, "TEXT2SONG_DATA_DIR": str(tmp_path / "file"), "TEXT2SONG_LOG_FORMAT": "json"}
    command = [sys.executable, "-m", "text2song.services.worker"]
    ended = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == 2
    assert "cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr
