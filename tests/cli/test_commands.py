"""Every command is there, and none brings more than it needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from text2song.cli.main import status


def test_every_command_is_listed_with_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["--help"]) == 0
    listed = capsys.readouterr().out
    for name in ("make", "edit", "understand", "serve", "worker", "doctor", "db"):
        assert f"  {name} " in listed
    assert "Serve the studio" in listed


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("make", "edit", "understand", "serve", "worker", "doctor", "db"):
        assert status([name, "--help"]) == 0
        assert f" {name} " in capsys.readouterr().out


def test_serving_brings_no_signal_processing() -> None:
    # Kernels and filters are half of the memory of a process that has no use for them.
    script = (
        "import sys; from text2song.cli.main import status; status(['serve', '--port', '-1'])\n"
        "import text2song.cli.studio\n"
        "sys.exit(', '.join({'numba', 'scipy', 'soundfile', 'celery'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
