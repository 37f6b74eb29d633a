"""The crowd of `benchmarks.streams`: listeners, pollers, and jobs that are ended for all to hear of."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

from text2song.api.app import PREFIX
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.jobs import cancel_job
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit

#: Seconds between two jobs that are ended to be heard of, and between two questions of one poller.
MARK_SECONDS = 0.5
ASK_SECONDS = 1.0
_PATHS = ("/jobs?limit=20", "/compositions?limit=20", "/jobs/{job}", "/generate/{job}")


@dataclass(frozen=True, slots=True)
class Load:
    """What is put on the API: listeners, pollers, and for how many seconds."""

    listeners: int = 1000
    pollers: int = 50
    seconds: float = 60.0


class Ear(asyncio.Protocol):
    """One event stream, read for nothing but the jobs that were ended."""

    def __init__(self, request: bytes, heard: dict[str, list[float]]) -> None:
        self._request = request
        self._heard = heard
        self._rest = b""
        self.open = asyncio.Event()
        self.lost = False
        self.transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        self.transport = transport
        transport.write(self._request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Note when which job was heard to be cancelled."""
        now = time.monotonic()
        self.open.set()
        *blocks, self._rest = (self._rest + data).split(b"\n\n")
        for block in blocks:
            if b'"CANCELLED"' in block:
                start = block.index(b'"job_id":"') + 10
                self._heard.setdefault(block[start : start + 36].decode(), []).append(now)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end."""
        del exc
        self.lost = True


@dataclass
class Crowd:
    """All that happens to the API during a run."""

    address: str
    studio: Studio
    load: Load
    heard: dict[str, list[float]] = field(default_factory=dict)
    #: When each job that was ended was committed.
    marks: dict[str, float] = field(default_factory=dict)
    answers: list[float] = field(default_factory=list)
    failures: int = 0
    ears: list[Ear] = field(default_factory=list)

    async def gather(self) -> float:
        """Open every stream, fifty at a time; return how long it took."""
        start = time.monotonic()
        for first in range(0, self.load.listeners, 50):
            await asyncio.gather(*(self._open() for _ in range(min(50, self.load.listeners - first))))
        return time.monotonic() - start

    async def _open(self) -> None:
        host, port = self._place()
        request = f"GET {PREFIX}/jobs/events HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/event-stream\r\n\r\n"
        _, ear = await asyncio.get_running_loop().create_connection(
            lambda: Ear(request.encode(), self.heard), host, port
        )
        self.ears.append(ear)
        await asyncio.wait_for(ear.open.wait(), 60)

    async def mark(self) -> None:
        """End one job after the other; each is a change that every listener must hear of."""
        while True:
            name = await asyncio.to_thread(self._end_one)
            self.marks[name] = time.monotonic()
            await asyncio.sleep(MARK_SECONDS)

    def _end_one(self) -> str:
        request = CompositionRequest(prompt="a song that nobody wants")
        job = submit(self.studio, LOCAL_OWNER, request, Options(), seeded=False).job_id
        cancel_job(self.studio, LOCAL_OWNER, job)
        return str(job)

    async def poll(self, number: int, job: UUID) -> None:
        """Ask once a second over one kept connection."""
        host, port = self._place()
        reader, writer = await asyncio.open_connection(host, port)
        await asyncio.sleep(ASK_SECONDS * number / max(1, self.load.pollers))
        try:
            for turn in range(sys.maxsize):
                path = PREFIX + _PATHS[(number + turn) % len(_PATHS)].format(job=job)
                start = time.monotonic()
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
                status = await _answer(reader)
                taken = time.monotonic() - start
                self.answers.append(taken)
                self.failures += status != 200
                await asyncio.sleep(max(0.0, ASK_SECONDS - taken))
        finally:
            writer.close()

    def _place(self) -> tuple[str, int]:
        parts = urlsplit(self.address)
        return str(parts.hostname), int(parts.port or 80)


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
    await reader.readexactly(length)
    return int(lines[0].split()[1])
