"""Nothing is sent, and nothing is loaded that could, unless an operator says where."""

from __future__ import annotations

import subprocess
import sys

from text2song.services.observing import Observation, observe


def test_nothing_is_sent_unless_asked_for() -> None:
    assert observe(otlp_endpoint="", sentry_dsn="") == Observation()


def test_off_costs_no_import() -> None:
    script = (
        "import sys, tempfile, pathlib\n"
        "from text2song.services.studio import build_studio\nfrom text2song.settings import Settings\n"
        "import text2song.api.app\n"
        "build_studio(Settings(data_dir=pathlib.Path(tempfile.mkdtemp()))).close()\n"
        "sys.exit(', '.join({'opentelemetry.sdk', 'sentry_sdk', 'celery'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_closing_sends_the_rest() -> None:
    sent: list[int] = []
    Observation((lambda: sent.append(1), lambda: sent.append(2))).close()
    assert sent == [1, 2]
