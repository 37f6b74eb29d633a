"""One module per table; imported together so that the metadata is complete."""

from text2song.storage.models.api_keys import ApiKey
from text2song.storage.models.compositions import Composition
from text2song.storage.models.favorites import Favorite
from text2song.storage.models.files import File
from text2song.storage.models.idempotency import IdempotencyRecord
from text2song.storage.models.jobs import ACTIVE, Job, JobStatus
from text2song.storage.models.plays import Play
from text2song.storage.models.prompts import Prompt
from text2song.storage.models.sessions import UserSession
from text2song.storage.models.takes import Take
from text2song.storage.models.upkeep import search_document
from text2song.storage.models.usage import SYSTEM_ID, UsageDay
from text2song.storage.models.users import User
from text2song.storage.models.workers import Worker

__all__ = [
    "ACTIVE",
    "SYSTEM_ID",
    "ApiKey",
    "Composition",
    "Favorite",
    "File",
    "IdempotencyRecord",
    "Job",
    "JobStatus",
    "Play",
    "Prompt",
    "Take",
    "UsageDay",
    "User",
    "UserSession",
    "Worker",
    "search_document",
]
