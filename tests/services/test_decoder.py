"""What looks into files of strangers can do nothing else, and not for long."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time

import pytest
from benchmarks.hostile import honest_files, wav

from text2song.services.decoder import CHANNELS, LONGEST_SECONDS, RATES, answer

#: Tries something in a process that gave up everything, and says on its pipe what came of it.
_PROGRAM = """
import os, sys
from text2song.services import decoder
decoder.SECONDS = 1
reading, writing = os.pipe()
secret = os.open("/etc/hostname", os.O_RDONLY)
if os.fork() == 0:
    decoder.give_up_everything((writing,))
    try:
        {attempt}
        said = b"could"
    except BaseException as error:
        said = type(error).__name__.encode()
    os.write(writing, said)
    os._exit(0)
os.close(writing)
said = os.read(reading, 100)
_, status = os.wait()
print(said.decode(), os.WTERMSIG(status))
"""

#: Looks at every file that it is handed, with no room for another descriptor.
_WARM = """
import json, resource, sys
from text2song.services import decoder
decoder.warm_up()
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
try:
    open("/etc/hostname")
except OSError as error:
    print(error, file=sys.stderr)
orders = json.loads(sys.argv[1])
told = [decoder.answer(file, {"family": family, "listen": True}) for file, family in orders]
print(json.dumps(told))
"""


@pytest.mark.parametrize(
    ("attempt", "outcome"),
    [
        ("pass", "could 0"),
        ("open('/etc/hostname')", "OSError 0"),
        ("open('/tmp/written-by-a-decoder', 'w')", "OSError 0"),
        ("import socket; socket.create_connection(('127.0.0.1', 9), 1)", "OSError 0"),
        ("os.read(secret, 1)", "OSError 0"),
        ("os.fork()", "BlockingIOError 0"),
        ("bytearray(600 << 20)", "MemoryError 0"),
        ("import time; time.sleep(30)", " 14"),
        ("[None for _ in iter(int, 1)]", None),
    ],
)
def test_nothing_else_can_be_done(attempt: str, outcome: str | None) -> None:
    started = time.monotonic()
    command = [sys.executable, "-c", _PROGRAM.format(attempt=attempt)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    if outcome is None:
        # An endless loop ends by memory, by the processor's time or by the clock, whichever comes first.
        assert done.stdout.rstrip("\n") in {"MemoryError 0", " 14", " 9", " 24"}
    else:
        assert done.stdout.rstrip("\n") == outcome
    assert time.monotonic() - started < 60


def told(content: bytes, family: str, *, listen: bool = False) -> dict[str, object]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        found: dict[str, object] = json.loads(json.dumps(answer(file.fileno(), {"family": family, "listen": listen})))
        return found


def test_honest_files_are_described() -> None:
    for name, content in honest_files().items():
        family = name.split()[0]
        found = told(content, family, listen=family in ("WAV", "FLAC", "OGG", "MP3"))["found"]
        assert isinstance(found, dict)
        if "width" in found:
            assert found == {"width": 64, "height": 48}
        else:
            assert found["duration_seconds"] == pytest.approx(0.4, abs=0.1)
            assert found["channels"] == 2
            assert found["analysis"]["loudness_lufs"] > -30


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (wav(rate=RATES[0] - 1), "sampling rate"),
        (wav(rate=RATES[1] + 1), "sampling rate"),
        (wav(channels=CHANNELS[1] + 1, data=bytes(1800)), "channels"),
        (wav(data=b""), "holds no sound"),
        (wav(rate=8000, channels=1, bits=8, data=bytes(8000 * LONGEST_SECONDS + 1)), "longer than 15 minutes"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "broken"),
    ],
)
def test_unfit_sounds_are_told_why(content: bytes, words: str) -> None:
    assert words in str(told(content, "WAV")["unfit"])


def test_the_limits_themselves_are_fit() -> None:
    for content in (
        wav(rate=RATES[0]),
        wav(rate=RATES[1]),
        wav(channels=CHANNELS[1], data=bytes(1600)),
        wav(rate=8000, channels=1, bits=8, data=bytes(8000 * LONGEST_SECONDS)),
    ):
        assert "found" in told(content, "WAV")


def test_a_family_is_held_to() -> None:
    assert "unfit" in told(honest_files()["FLAC PCM_16"], "WAV")
    assert "unfit" in told(honest_files()["PNG"], "JPEG")


def test_a_warm_process_needs_to_open_nothing_more() -> None:
    with contextlib.ExitStack() as stack:
        orders: list[tuple[int, str]] = []
        for name, content in honest_files().items():
            file = stack.enter_context(tempfile.TemporaryFile())
            file.write(content)
            file.seek(0)
            orders.append((file.fileno(), name.split()[0]))
        command = [sys.executable, "-c", _WARM, json.dumps(orders)]
        numbers = tuple(number for number, _ in orders)
        done = subprocess.run(command, pass_fds=numbers, capture_output=True, text=True, check=True, timeout=120)
    told = json.loads(done.stdout)
    assert len(told) == len(orders) > 6
    assert all("found" in each for each in told), told
    # The limit held while it looked.
    assert "Too many open files" in done.stderr
