"""Who may do what: every operation of the API's description, about a private and a public song, by everybody.

A new operation fails here until it has a line in RULES; its requests are then made from its description.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from tests.contract.visitors import SECRET_WORD, Operation, Party, Song, make_song, operations, party

from text2song.storage.models import Composition, Prompt, Take


class Rule(Enum):
    """What an operation is about, and so who may ask it of a song of Ada's."""

    #: Nothing that belongs to anybody.
    OPEN = "open"
    #: What everyone may see of what everyone shows; without an account too.
    BROWSE = "browse"
    #: The caller's own things, whoever calls.
    OWN = "own"
    #: A thing that is never anybody else's: strangers find nothing.
    PRIVATE = "private"
    #: A song's reading: its owner's, and everybody's when it is public.
    READ = "read"
    #: What anyone with an account may do with a song they may hear.
    USE = "use"
    #: A song's changing: its owner's alone.
    CHANGE = "change"
    #: The installation's keeping: an administrator's.
    ADMIN = "admin"


RULES = {
    "create_prompt": Rule.OWN,
    "list_prompts": Rule.OWN,
    "get_prompt": Rule.PRIVATE,
    "generate": Rule.OWN,
    "get_generation": Rule.PRIVATE,
    "cancel_generation": Rule.PRIVATE,
    "create_composition": Rule.OWN,
    "list_compositions": Rule.OWN,
    "get_composition": Rule.READ,
    "change_composition": Rule.CHANGE,
    "delete_composition": Rule.CHANGE,
    "edit_composition": Rule.CHANGE,
    "get_composition_file": Rule.READ,
    "list_jobs": Rule.OWN,
    "job_events": Rule.OWN,
    "get_job": Rule.PRIVATE,
    "cancel_job": Rule.PRIVATE,
    "compare_takes": Rule.READ,
    "get_take": Rule.READ,
    "stream_take": Rule.READ,
    "list_recent": Rule.BROWSE,
    "list_most_played": Rule.BROWSE,
    "search": Rule.BROWSE,
    "get_stats": Rule.OWN,
    "track_play": Rule.READ,
    "toggle_favorite": Rule.USE,
    "download": Rule.READ,
    "create_file": Rule.OWN,
    "get_file": Rule.PRIVATE,
    "delete_file": Rule.PRIVATE,
    "get_file_content": Rule.PRIVATE,
    "analyze": Rule.PRIVATE,
    "register": Rule.OPEN,
    "login": Rule.OPEN,
    "list_ways": Rule.OPEN,
    "begin_oidc": Rule.OPEN,
    "finish_oidc": Rule.OPEN,
    "logout": Rule.OPEN,
    "get_me": Rule.OWN,
    "change_me": Rule.OWN,
    "list_keys": Rule.OWN,
    "create_key": Rule.OWN,
    "revoke_key": Rule.PRIVATE,
    "get_model_status": Rule.OWN,
    "reload_model": Rule.ADMIN,
    "list_providers": Rule.OPEN,
    "get_health": Rule.OPEN,
    "get_life": Rule.OPEN,
}
#: Whom the description must say that an operation of this kind asks for.
ASKS = {Rule.BROWSE: "anyone", Rule.READ: "anyone", Rule.OPEN: "anyone"}
#: Only a signed-in browser may do this, so a key's owner may not either.
NOT_BY_KEY = {"create_key", "revoke_key"}
OPERATIONS = tuple(operations())
READS = ("GET", "HEAD")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Party]:
    with party(tmp_path_factory.mktemp("party")) as made:
        yield made


def slug(reply: Any) -> str:
    return str(reply.json()["type"]).rpartition("/")[2]


def test_every_operation_has_a_rule_and_says_so() -> None:
    assert {operation.id for operation in OPERATIONS} == set(RULES)
    for operation in OPERATIONS:
        rule = RULES[operation.id]
        assert operation.asks == ASKS.get(rule, "known") or (rule is Rule.OPEN and operation.asks == "nobody")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
class TestOperation:
    @pytest.mark.parametrize("visitor", ["revoked", "expired", "mistyped"])
    def test_a_key_that_does_not_count_opens_nothing(self, here: Party, operation: Operation, visitor: str) -> None:
        if operation.asks == "nobody":
            return
        for song in (here.private, here.public):
            reply = here.send(operation, song, visitor)
            assert (reply.status_code, slug(reply)) == (401, "unauthenticated")

    def test_nobody_reads_what_is_public_alone(self, here: Party, operation: Operation) -> None:
        rule = RULES[operation.id]
        if rule is Rule.OPEN:
            return
        for song in (here.private, here.public):
            reply = here.send(operation, song, "nobody")
            if operation.asks == "known":
                assert (reply.status_code, slug(reply)) == (401, "unauthenticated")
            else:
                check_sight(reply, song, rule, hidden=song is here.private)

    def test_another_finds_what_is_public_alone(self, here: Party, operation: Operation) -> None:
        rule = RULES[operation.id]
        if rule is Rule.OPEN or operation.streams:
            return
        for song in (here.private, here.public):
            hidden = song is here.private
            reply = here.send(operation, song, "other")
            if operation.id == "create_key" or rule is Rule.ADMIN:
                assert slug(reply) == "scope"
            elif rule is Rule.PRIVATE:
                assert reply.status_code == (403 if operation.id in NOT_BY_KEY else 404), reply.text
            elif rule is Rule.CHANGE:
                expected = (404, "not-found") if hidden else (403, "not-owner")
                assert (reply.status_code, slug(reply)) == expected
            else:
                check_sight(reply, song, rule, hidden=hidden)

    def test_a_read_only_key_reads(self, here: Party, operation: Operation) -> None:
        if operation.streams or RULES[operation.id] is Rule.OPEN:
            return
        for song in (here.private, here.public):
            reply = here.send(operation, song, "reader")
            if operation.method in READS:
                assert reply.status_code < 400, reply.text
            else:
                assert (reply.status_code, slug(reply)) == (403, "scope")

    def test_the_owner_may(self, here: Party, operation: Operation) -> None:
        if operation.streams or RULES[operation.id] is Rule.OPEN or operation.id in NOT_BY_KEY:
            return
        spent = RULES[operation.id] in (Rule.CHANGE, Rule.PRIVATE) and operation.method not in READS
        song = make_song(here.site, "passing", public=False) if spent else here.private
        reply = here.send(operation, song, "owner")
        if RULES[operation.id] is Rule.ADMIN:
            assert (reply.status_code, slug(reply)) == (403, "scope")
            return
        # A finished job cannot be cancelled, nor this song so edited; that is not for want of permission.
        assert reply.status_code < 400 or reply.status_code in (409, 422), reply.text


def check_sight(reply: Any, song: Song, rule: Rule, *, hidden: bool) -> None:
    """A stranger sees what is public and no trace of the rest."""
    if rule in (Rule.READ, Rule.USE):
        assert reply.status_code == 404 if hidden else reply.status_code < 400, reply.text
    else:
        assert reply.status_code < 400, reply.text
    if "json" in reply.headers.get("content-type", ""):
        text = reply.text.replace(str(reply.request.url), "")
        seen = [value for name, value in song.ids.items() if value in text] if reply.status_code < 400 else []
        assert not hidden or not seen or rule is Rule.OWN, text
        # In an answer of 404 the word may be what was asked for; it is never more.
        assert SECRET_WORD not in text or not hidden or reply.status_code >= 400


def test_ids_inside_a_request_are_checked_too(here: Party) -> None:
    other, nobody = here.keys["other"], None
    private, public = here.private.ids, here.public.ids
    ask = here.site.ask
    assert ask("POST", "/generate", other, json={"prompt_id": private["prompt_id"]}).status_code == 404
    assert ask("POST", "/generate", other, json={"prompt_id": public["prompt_id"]}).status_code == 404
    both = f"{public['take_id']},{private['take_id']}"
    for key in (other, nobody):
        assert ask("GET", f"/audio/compare?ids={both}", key).status_code == 404
        assert ask("POST", "/track-play", key, json={"generation_id": private["take_id"]}).status_code == 404
        assert ask("POST", f"/download/{private['take_id']}", key).status_code == 404
    for path in ("/recent?scope=all", "/most-played?scope=all", f"/search?q={SECRET_WORD}"):
        assert SECRET_WORD not in ask("GET", path, other).text.replace(path, "")


def test_strangers_have_changed_nothing(here: Party) -> None:
    """Last in the file: after everybody has tried everything."""
    with here.site.studio.sessions.read() as session:
        for song in (here.private, here.public):
            composition = session.get(Composition, UUID(song.ids["composition_id"]))
            assert composition is not None
            assert (composition.title, composition.public) == (f"The {song.word}", song is here.public)
            assert session.get(Prompt, UUID(song.ids["prompt_id"])) is not None
            assert session.get(Take, UUID(song.ids["take_id"])) is not None
    assert here.site.ask("GET", f"/compositions/{here.private.ids['composition_id']}").status_code == 404
