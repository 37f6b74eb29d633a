"""Every operation of the API against schemathesis, all phases and checks: `python -m benchmarks.fuzz [examples]`.

A studio in server mode, without a worker, answers on this machine; the caller is an administrator with a key.
"""

from __future__ import annotations

import csv
import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.api.accounts import person, server_studio
from tests.api.serving import listening

from text2song.api.app import PREFIX
from text2song.domain.identity import SCOPES
from text2song.jobs.roster import own_name

RESULTS = Path(__file__).parent / "results"
#: The event stream never ends by itself.
STREAM = f"{PREFIX}/jobs/events"
#: Names are checked against the taxonomy, which no schema holds: a sound shape may still be refused.
EXCLUDED = "positive_data_acceptance"


def main(examples: int) -> int:
    """Run, print the report, keep one line of it; return schemathesis' exit status."""
    with tempfile.TemporaryDirectory() as folder:
        studio = server_studio(Path(folder) / "studio", lease_seconds=3600.0)
        studio.roster.sign_in(own_name())
        key = person(studio, "ada@example.org", admin=True).key(studio, *SCOPES)
        report = Path(folder) / "report.json"
        with listening(studio) as address:
            command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}{PREFIX}/openapi.json"]
            options = ["--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--continue-on-failure"]
            options += ["--exclude-checks", EXCLUDED, "--exclude-path", STREAM, "--max-examples", str(examples)]
            options += [
                "--header",
                f"Authorization:Bearer {key}",
                "--report-json-path",
                str(report),
                "--report",
                "json",
            ]
            began = datetime.datetime.now(datetime.UTC)
            status = subprocess.run([*command, *options, "--no-color"], check=False).returncode
        studio.close()
        keep(examples, status, datetime.datetime.now(datetime.UTC) - began, report)
    return status


def keep(examples: int, status: int, took: datetime.timedelta, report: Path) -> None:
    """Write the line."""
    said = json.loads(report.read_text(encoding="utf-8")) if report.is_file() else {}
    row = {
        "examples": examples,
        "status": status,
        "seconds": round(took.total_seconds()),
        "failures": len(said.get("failures", ())),
    }
    path = RESULTS / f"fuzz-{datetime.datetime.now(datetime.UTC):%Y-%m-%d}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)
    print(f"kept in {path}")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
