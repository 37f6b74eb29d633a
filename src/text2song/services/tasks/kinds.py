"""Every kind of job and what does it."""

from __future__ import annotations

from text2song.jobs.runner import Handler
from text2song.providers.router import ProviderRouter
from text2song.services.studio import Studio
from text2song.services.submissions import COMPOSE, EDIT
from text2song.services.tasks.compose import ComposeTask
from text2song.services.tasks.edit import EditTask


def handlers(studio: Studio, router: ProviderRouter) -> dict[str, Handler]:
    """Return what does each kind of job over the providers given."""
    return {COMPOSE: ComposeTask(studio, router), EDIT: EditTask(studio, router)}
