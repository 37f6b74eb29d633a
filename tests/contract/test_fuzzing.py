"""Schemathesis against every operation: no answer breaks the API's own description, none is a server error."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from tests.api.conftest import BASE
from tests.services.fakes import make_studio

from text2song.api.app import PREFIX, app_of
from text2song.services.studio import Studio

_EVENTS = f"{PREFIX}/jobs/events"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return make_studio(tmp_path_factory.mktemp("studio"))


@pytest.fixture(scope="module")
def api(studio: Studio) -> object:
    # The event stream never ends by itself; tests/api/test_server.py listens to it.
    schema = schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", app_of(studio), base_url=BASE)
    return schema.exclude(path=_EVENTS)


schema = schemathesis.pytest.from_fixture("api")


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_operation(case: Case) -> None:
    case.call_and_validate(headers={"host": "127.0.0.1:8000"})
