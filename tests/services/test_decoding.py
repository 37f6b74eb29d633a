"""The decoder answers, dies and comes back."""

from __future__ import annotations

import fcntl
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
from benchmarks.hostile import honest_files, wav

from text2song.services import decoding
from text2song.services.decoder import MEMORY_BYTES
from text2song.services.decoding import Decoder, DecoderUnavailableError, UnreadableFileError
from text2song.services.sniffing import Sniffed, sniff


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


def opened(content: bytes) -> tuple[BinaryIO, Sniffed]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the last reference
    file.write(content)
    file.flush()
    return file, sniff(content[:4096], content[-65_557:], len(content))


def look(decoder: Decoder, content: bytes, *, listen: bool = False) -> dict[str, object]:
    file, sniffed = opened(content)
    with file:
        return decoder.look(file, sniffed, listen=listen)


def test_files_are_looked_into_by_another_process(decoder: Decoder) -> None:
    for content in honest_files().values():
        assert look(decoder, content)
    assert decoder._process is not None
    assert decoder._process.pid != os.getpid()
    with open(f"/proc/{decoder._process.pid}/environ", "rb") as environment:  # noqa: PTH123 - one line of /proc
        assert b"TEXT2SONG_" not in environment.read()


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (192_000, 1), (96_000, 8)])
def test_long_files_are_heard_within_the_limits(decoder: Decoder, rate: int, channels: int) -> None:
    seconds = min(200, 160_000_000 // (rate * channels * 2))
    noise = np.random.default_rng(1).integers(-9000, 9000, (rate, channels), np.int16)
    content = wav(rate=rate, channels=channels, data=noise.tobytes() * seconds)
    found = look(decoder, content, listen=True)
    assert found["duration_seconds"] == seconds
    analysis = found["analysis"]
    assert isinstance(analysis, dict)
    assert len(analysis["energy_curve"]) == 16


def test_the_process_leaves_room_to_work_in(decoder: Decoder) -> None:
    """Whatever is imported counts against the limit of every fork: no compiler, no web server, no database."""
    look(decoder, wav())
    assert decoder._process is not None
    lines = Path(f"/proc/{decoder._process.pid}/status").read_text().splitlines()
    (size,) = [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmSize")]
    assert size < MEMORY_BYTES - 150 * 2**20
    loaded = Path(f"/proc/{decoder._process.pid}/maps").read_text()
    assert not any(name in loaded for name in ("llvmlite", "_psycopg", "_obstore", "pydantic_core"))


def test_refusals_carry_their_reason(decoder: Decoder) -> None:
    with pytest.raises(UnreadableFileError, match="sampling rate of 1 Hz"):
        look(decoder, wav(rate=1))


def test_a_killed_decoder_is_started_again(decoder: Decoder) -> None:
    look(decoder, wav())
    assert decoder._process is not None
    before = decoder._process.pid
    os.kill(before, signal.SIGKILL)
    decoder._process.wait()
    assert look(decoder, wav())["channels"] == 2
    assert decoder._process.pid != before


def test_many_at_once(decoder: Decoder) -> None:
    with ThreadPoolExecutor(8) as pool:
        rates = list(range(8000, 8064))
        found = list(pool.map(lambda rate: look(decoder, wav(rate=rate))["sample_rate"], rates))
    assert found == rates


def test_no_descriptor_is_left(decoder: Decoder) -> None:
    look(decoder, wav())
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count
    for _ in range(20):
        look(decoder, wav())
        with pytest.raises(UnreadableFileError):
            look(decoder, wav(rate=1))
    assert len(os.listdir("/proc/self/fd")) <= before + 1  # noqa: PTH208 - a count


def test_a_decoder_that_cannot_start_says_so() -> None:
    with pytest.raises(DecoderUnavailableError):
        look(Decoder("/bin/false"), wav())


def test_a_look_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_LOOK_SECONDS", 0.1)
    reading, writing = os.pipe()
    threading.Timer(5, os.close, [writing]).start()
    assert decoding._read(reading) == b""


def test_findings_are_read_beside_a_thousand_connections() -> None:
    reading, writing = os.pipe()
    # The lowest number that is free above those that select(2) takes.
    high = fcntl.fcntl(reading, fcntl.F_DUPFD, 1024)
    os.close(reading)
    os.write(writing, b"found")
    os.close(writing)
    assert decoding._read(high) == b"found"
