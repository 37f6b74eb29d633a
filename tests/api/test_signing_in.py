"""Another service to sign in by is configured whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.api.accounts import SITE, server

from text2song.api.signing_in import ServiceSettingsError, service_of


def test_whole_or_not_at_all() -> None:
    assert service_of("", "", "", "") is None
    assert service_of("https://id.example", "studio", "secret", SITE) is not None
    for given in (("", "secret", SITE), ("studio", "", SITE), ("studio", "secret", "")):
        with pytest.raises(ServiceSettingsError):
            service_of("https://id.example", *given)


def test_without_one_there_is_none(tmp_path: Path) -> None:
    with server(tmp_path) as made:
        for path in ("/auth/oidc/login", "/auth/oidc/callback?code=x&state=y"):
            assert made.ask("GET", path).status_code == 404
        assert made.ask("GET", "/auth/ways").json()["oidc"] is None


def test_a_service_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    settings = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": "studio", "oidc_client_secret": "x"}
    with server(tmp_path, **settings) as made:
        reply = made.ask("GET", "/auth/oidc/login")
        assert reply.status_code == 503
        assert reply.json()["type"].endswith("/sign-in-unavailable")
