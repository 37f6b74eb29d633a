"""Whether requests should come to this process."""

from __future__ import annotations

from dataclasses import dataclass

from text2song.services.health import Health


@dataclass
class Readiness:
    """How the installation is, and whether this process was told to stop."""

    health: Health
    #: From then on every answer closes its connection, so that the next request goes elsewhere.
    draining: bool = False
