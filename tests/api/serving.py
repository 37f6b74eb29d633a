"""The application behind a real socket, for tests that a simulated client cannot make."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from text2song.api.app import app_of
from text2song.api.server import StudioServer, address_of, bind
from text2song.services.studio import Studio


@contextmanager
def listening(studio: Studio) -> Iterator[str]:
    """Serve a studio on a free port of this machine and yield its URL."""
    app = app_of(studio)
    listener = bind("127.0.0.1", 0)
    ready = threading.Event()
    server = StudioServer(app, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield address_of(listener)
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
