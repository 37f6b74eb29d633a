"""A server needs a real secret and knows its own names."""

from __future__ import annotations

import pytest
from tests.api.accounts import SECRET

from text2song.api.access import LOCAL_ACCESS, PublicUrlError, SecretKeyError, server_access


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        "x" * 64,
        "ab" * 32,
        "changeme" * 8,
        "django-insecure-0123456789abcdefghijk",
        "0123456789" * 3 + "a",
        "please-change-me-0123456789-abcdef",
    ],
)
def test_secrets_that_are_none(secret: str) -> None:
    with pytest.raises(SecretKeyError):
        server_access(secret, "", "")


def test_names_and_cookies() -> None:
    access = server_access(SECRET, "https://Studio.example:8443", "a.example, B.example")
    assert access.hosts is not None
    assert {"studio.example", "a.example", "b.example", "127.0.0.1"} <= access.hosts
    assert access.origins == {"studio.example:8443"}
    assert access.cookie.startswith("__Host-")
    plain = server_access(SECRET, "http://studio.example", "*")
    assert plain.hosts is None
    assert (plain.secure, plain.cookie) == (False, "t2s_session")
    assert not LOCAL_ACCESS.server


@pytest.mark.parametrize("url", ["studio.example", "ftp://studio.example", "https://", "https://studio.example/path"])
def test_a_public_address_is_a_site(url: str) -> None:
    with pytest.raises(PublicUrlError):
        server_access(SECRET, url, "")
