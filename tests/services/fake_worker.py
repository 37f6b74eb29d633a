"""A real worker process over the fake provider: `python -m tests.services.fake_worker SECONDS`."""

import sys

from tests.services.fakes import FakeProvider

from text2song.logging import configure_logging
from text2song.providers.router import ProviderRouter
from text2song.services.studio import build_studio
from text2song.services.supervision import SUPERVISED
from text2song.services.tasks.kinds import handlers
from text2song.services.tasks.loop import work
from text2song.settings import Settings

if __name__ == "__main__":
    configure_logging(json=False, level="INFO")
    studio = build_studio(Settings())
    router = ProviderRouter([FakeProvider(seconds=float(sys.argv[1]))])
    work(studio, handlers(studio, router), supervised=SUPERVISED in sys.argv)
