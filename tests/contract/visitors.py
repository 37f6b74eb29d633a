"""Requests made from the API's own description, and the people who send them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.hostile import honest_files
from tests.api.accounts import Server, server
from tests.services.fakes import FakeProvider, run_next_job

from text2song.api.app import PREFIX, describe_app
from text2song.domain.identity import READ
from text2song.domain.request import CompositionRequest
from text2song.services.compositions import change_composition, get_composition
from text2song.services.credentials import Credentials, key_hash
from text2song.services.keys import list_keys, revoke_key
from text2song.services.submissions import Options, submit
from text2song.storage.models import ApiKey

#: A word of the private song, which no stranger may ever read.
SECRET_WORD = "marmalade"  # noqa: S105 - a word of a title


SOUND = honest_files()["WAV PCM_16"]


@dataclass(frozen=True)
class Operation:
    """One operation of the API's description."""

    id: str
    method: str
    path: str
    described: dict[str, Any]

    @property
    def streams(self) -> bool:
        return "text/event-stream" in self.described["responses"].get("200", {}).get("content", {})

    @property
    def asks(self) -> str:
        """Who it asks for: "nobody", "anyone" with or without an account, or "known" people alone."""
        ways = self.described["security"]
        return "nobody" if not ways else "anyone" if {} in ways else "known"


def operations() -> Iterator[Operation]:
    for path, methods in describe_app().openapi()["paths"].items():
        for method, described in methods.items():
            yield Operation(described["operationId"], method.upper(), path.removeprefix(PREFIX), described)


@dataclass
class Song:
    """A finished song of Ada's and whatever belongs to it."""

    ids: dict[str, str]
    word: str
    takes: str


def make_song(site: Server, word: str, *, public: bool) -> Song:
    request = CompositionRequest(prompt=f"a tone of {word}", title=f"The {word}")
    accepted = submit(site.studio, site.ada.actor, request, Options(num_samples=2), seeded=True)
    while not get_composition(site.studio, site.ada.actor, accepted.composition_id).takes:
        run_next_job(site.studio, FakeProvider())
    change_composition(site.studio, site.ada.actor, accepted.composition_id, public=public)
    take, second = get_composition(site.studio, site.ada.actor, accepted.composition_id).takes
    shown = site.ada.key(site.studio)
    key = list_keys(site.studio, Credentials(site.ada.actor))[0].id
    ids = {
        "prompt_id": accepted.prompt_id,
        "composition_id": accepted.composition_id,
        "job_id": accepted.job_id,
        "take_id": take.id,
        "generation_id": take.id,
        "key_id": key,
        "file_id": site.ask("POST", "/files", shown, content=SOUND).json()["id"],
    }
    return Song({name: str(value) for name, value in ids.items()}, word, f"{take.id},{second.id}")


@dataclass
class Party:
    """The studio, the two songs, and the keys of those who come by; None comes without one."""

    site: Server
    private: Song
    public: Song
    keys: dict[str, str | None]

    def send(self, operation: Operation, song: Song, visitor: str) -> Any:
        """Send the operation about a song on behalf of a visitor."""
        path, options = fill(operation, song)
        return self.site.ask(operation.method, path, self.keys[visitor], **options)


@contextmanager
def party(folder: Path) -> Iterator[Party]:
    with server(folder) as site:
        keys: dict[str, str] = {
            "owner": site.ada.key(site.studio),
            "reader": site.ada.key(site.studio, READ),
            "other": site.bob.key(site.studio),
            "revoked": site.ada.key(site.studio),
            "expired": site.ada.key(site.studio, days=1),
            "mistyped": site.ada.key(site.studio)[:-1] + "!",
        }
        with site.studio.sessions.write() as session:
            rows = {row.key_hash: row for row in session.query(ApiKey).all()}
            rows[key_hash(keys["expired"])].expires_at = site.studio.queue.clock() - timedelta(seconds=1)
            revoked = rows[key_hash(keys["revoked"])].id
        revoke_key(site.studio, Credentials(site.ada.actor), revoked)
        songs = make_song(site, SECRET_WORD, public=False), make_song(site, "sunshine", public=True)
        yield Party(site, *songs, {**keys, "nobody": None})


def fill(operation: Operation, song: Song) -> tuple[str, dict[str, Any]]:
    """Return a sound request for an operation about a song: its path, and its query and body."""
    path, query = operation.path, {}
    for parameter in operation.described.get("parameters", ()):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", _value(parameter, song))
        elif parameter["in"] == "query" and parameter.get("required"):
            query[parameter["name"]] = _value(parameter, song)
    options: dict[str, Any] = {"params": query}
    content = operation.described.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        options["json"] = _body(content["application/json"]["schema"], song)
    elif "application/octet-stream" in content:
        options["content"] = SOUND
    return path, options


def _value(parameter: dict[str, Any], song: Song) -> str:
    name = parameter["name"]
    if name == "name":
        return "song.wav"
    known = {**song.ids, "q": song.word, "ids": song.takes}
    if name not in known:
        raise LookupError(f"tell tests/contract/visitors.py what to send as {name}")
    return known[name]


def _body(schema: dict[str, Any], song: Song) -> dict[str, Any]:
    described = _resolve(schema)
    if described.get("examples"):
        body = dict(described["examples"][0])
    else:
        body = {}
        for name, field in described["properties"].items():
            if name in described.get("required", ()):
                body[name] = song.ids[name] if name in song.ids else _resolve(field)["examples"][0]
    return {name: song.ids.get(name, value) for name, value in body.items()}


def _resolve(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = describe_app().openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found
