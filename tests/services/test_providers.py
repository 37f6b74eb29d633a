"""What can be made is known before it is tried, and what cannot is refused with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.jobs import get_job
from text2song.services.makers import build_router
from text2song.services.providers import (
    UnknownProviderError,
    UnsupportedAdapterError,
    UnsupportedDeviceError,
    check_provider,
    installed,
    list_providers,
)
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.views import Status

FINE = {"provider": None, "device": "auto", "precision": "float32", "adapters": ()}


@pytest.mark.parametrize("changes", [{}, {"device": "cpu"}, {"provider": "composer"}])
def test_what_can_be_done_is_let_through(studio: Studio, changes: dict[str, str]) -> None:
    accepted = submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(**changes), seeded=True)  # type: ignore[arg-type]
    assert get_job(studio, LOCAL_OWNER, accepted.job_id).status is Status.QUEUED


@pytest.mark.parametrize(
    ("changes", "error", "field", "choices"),
    [
        ({"provider": "musicgen"}, UnknownProviderError, "provider", ("composer",)),
        ({"device": "cuda"}, UnsupportedDeviceError, "device", ("auto", "cpu")),
        ({"device": "mps", "provider": "composer"}, UnsupportedDeviceError, "device", ("auto", "cpu")),
        ({"precision": "float16"}, UnsupportedDeviceError, "precision", ("float32",)),
        ({"adapters": ("my-taste",)}, UnsupportedAdapterError, "adapters", ()),
    ],
)
def test_what_cannot_is_refused_with_what_can(
    studio: Studio,
    changes: dict[str, object],
    error: type[UnsupportedDeviceError],
    field: str,
    choices: tuple[str, ...],
) -> None:
    with pytest.raises(error) as caught:
        check_provider(studio, **(FINE | changes))  # type: ignore[arg-type]
    assert (caught.value.field, caught.value.choices) == (field, choices)
    assert str(next(iter(changes.values()))).strip("(),'") in caught.value.message


def test_providers_are_those_that_workers_run(studio: Studio) -> None:
    assert tuple(each.name for each in installed(studio)) == build_router("none").names == studio.providers
    assert installed(replace(studio, providers=())) == ()


def test_a_provider_without_a_worker_is_not_available(studio: Studio) -> None:
    (view,) = list_providers(studio)
    assert not view.available
    assert "worker" in view.reason
    studio.roster.sign_in("host:1:a")
    assert list_providers(studio)[0].available
