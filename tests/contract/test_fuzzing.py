"""Schemathesis against every operation: no answer breaks the API's own description, none is a server error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from tests.api.accounts import person, server_studio
from tests.api.serving import listening
from tests.services.fakes import make_studio

from text2song.api.app import PREFIX, describe_app
from text2song.domain.identity import SCOPES
from text2song.jobs.roster import own_name

# The event stream never ends by itself; tests/api/test_server.py listens to it.
schema = schemathesis.openapi.from_dict(describe_app().openapi()).exclude(path=f"{PREFIX}/jobs/events")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    studio = make_studio(tmp_path_factory.mktemp("studio"), lease_seconds=3600.0)
    studio.roster.sign_in(own_name())
    with listening(studio) as url:
        yield url
    studio.close()


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    studio = server_studio(tmp_path_factory.mktemp("server"), lease_seconds=3600.0)
    studio.roster.sign_in(own_name())
    key = person(studio, "ada@example.org", admin=True).key(studio, *SCOPES)
    with listening(studio) as url:
        yield url, key
    studio.close()


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_operation(case: Case[Any], address: str) -> None:
    # Names are checked against the taxonomy, which no schema holds: a sound shape may still be refused.
    # This studio runs in local mode, which asks nobody who they are.
    case.call_and_validate(base_url=address, excluded_checks=[positive_data_acceptance, ignored_auth])


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_operation_of_a_server(case: Case[Any], signed_in: tuple[str, str]) -> None:
    url, key = signed_in
    case.call_and_validate(
        base_url=url,
        headers={"Authorization": f"Bearer {key}"},
        excluded_checks=[positive_data_acceptance],
    )
