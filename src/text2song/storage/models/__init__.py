"""One module per table; imported together so that the metadata is complete."""

from text2song.storage.models.compositions import Composition
from text2song.storage.models.jobs import ACTIVE, Job, JobStatus
from text2song.storage.models.prompts import Prompt
from text2song.storage.models.takes import Take
from text2song.storage.models.users import User
from text2song.storage.models.workers import Worker

__all__ = ["ACTIVE", "Composition", "Job", "JobStatus", "Prompt", "Take", "User", "Worker"]
