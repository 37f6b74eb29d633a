"""Faults to Sentry: what broke and where, never whose request it was or what it said."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable
from typing import Any

import sentry_sdk
from sentry_sdk.types import Event, Hint

from text2song import __version__

#: Names on a log line that say which request it was without saying whose.
_TAGS = ("request_id", "trace_id", "job_id", "slug")
#: What is sent of an event; everything else stays here.
_FIELDS = frozenset(
    {"event_id", "timestamp", "level", "platform", "release", "environment", "logger", "message", "tags", "exception"}
)
_FRAME_FIELDS = frozenset({"filename", "module", "function", "lineno", "in_app"})
_FLUSH_SECONDS = 3.0

# In this order: statements and their parameters, whatever stands in quotes (a prompt, a key of a dictionary), the
# secrets of addresses, addresses of people, tokens, long numbers.
_SECRETS = (
    (re.compile(r"\[(?:SQL|parameters):.*", re.DOTALL), "[…]"),
    (re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|“[^”]*”", re.DOTALL), "…"),
    (re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE), "…"),
    (re.compile(r"\S+@\S+"), "…"),
    (re.compile(r"\b[A-Za-z0-9_\-]{20,}\b"), "…"),
    (re.compile(r"\b\d{6,}\b"), "…"),
)
_LONGEST = 200


def send_faults(dsn: str) -> Callable[[], object]:
    """Send what is logged as an error to a Sentry server; return what sends the rest."""
    sentry_sdk.init(
        dsn,
        release=f"text2song@{__version__}",
        default_integrations=False,
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
        auto_session_tracking=False,
        send_client_reports=False,
        server_name="",
        before_send=without_secrets,
    )
    logging.getLogger().addHandler(FaultHandler(logging.ERROR))
    return lambda: sentry_sdk.flush(_FLUSH_SECONDS)


class FaultHandler(logging.Handler):
    """Hands each error of the log on, with the exception where there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record."""
        line = record.msg if isinstance(record.msg, dict) else {"event": str(record.msg)}
        error = _error(line.get("exc_info") or record.exc_info)
        with sentry_sdk.new_scope() as scope:
            for name in _TAGS:
                if isinstance(line.get(name), str):
                    scope.set_tag(name, line[name])
            scope.set_tag("logger", record.name)
            if error is not None:
                sentry_sdk.capture_exception(error)
            else:
                sentry_sdk.capture_message(scrubbed(str(line.get("event", ""))), level="error")


def without_secrets(event: Event, _hint: Hint) -> Event:
    """Return of an event only what is known to be harmless."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name in _FIELDS}
    for error in (kept.get("exception") or {}).get("values", ()):
        error["value"] = scrubbed(str(error.get("value") or ""))
        frames = (error.get("stacktrace") or {}).get("frames", ())
        error["stacktrace"] = {"frames": [{k: v for k, v in frame.items() if k in _FRAME_FIELDS} for frame in frames]}
    return kept  # type: ignore[return-value]


def scrubbed(text: str) -> str:
    """Return a message without what it quotes.

    >>> scrubbed("no user 'ann' at ann@example.org")
    'no user … at …'
    """
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text[:_LONGEST]


def _error(told: object) -> BaseException | None:
    if isinstance(told, BaseException):
        return told
    if isinstance(told, tuple):
        return told[1] if isinstance(told[1], BaseException) else None
    return sys.exc_info()[1] if told else None
