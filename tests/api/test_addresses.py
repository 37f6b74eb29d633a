"""Only a trusted proxy is believed about who asks."""

from __future__ import annotations

import pytest
from starlette.requests import HTTPConnection

from text2song.api.addresses import Proxies, ProxyAddressError


def client(trusted: str, peer: str | None, *forwarded: str) -> str:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    scope = {"type": "http", "headers": headers, "client": None if peer is None else (peer, 4711)}
    return Proxies.parse(trusted).client(HTTPConnection(scope))


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "found"),
    [
        ("", "203.0.113.7", (), "203.0.113.7"),
        ("", "203.0.113.7", ("198.51.100.1",), "203.0.113.7"),
        ("", "127.0.0.1", ("198.51.100.1",), "127.0.0.1"),
        ("10.0.0.0/8", "10.1.2.3", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.0/8", "203.0.113.7", ("198.51.100.1",), "203.0.113.7"),
        # What the caller wrote stands before what our proxy added.
        ("10.0.0.0/8", "10.1.2.3", ("1.1.1.1, 198.51.100.1",), "198.51.100.1"),
        ("10.0.0.0/8", "10.1.2.3", ("1.1.1.1", "198.51.100.1, 10.9.9.9"), "198.51.100.1"),
        ("10.0.0.0/8, 127.0.0.1", "127.0.0.1", ("198.51.100.1,10.0.0.1",), "198.51.100.1"),
        ("10.0.0.0/8", "10.1.2.3", (), "10.1.2.3"),
        ("10.0.0.0/8", "10.1.2.3", ("10.0.0.9",), "10.0.0.9"),
        ("10.0.0.0/8", "10.1.2.3", ("<script>",), "unknown"),
        ("::1", "::1", ("2001:db8:1:2:3:4:5:6",), "2001:db8:1:2::/64"),
        ("127.0.0.1", "::ffff:127.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("", "::ffff:203.0.113.7", (), "203.0.113.7"),
        ("", None, (), "unknown"),
    ],
)
def test_who_asks(trusted: str, peer: str | None, forwarded: tuple[str, ...], found: str) -> None:
    assert client(trusted, peer, *forwarded) == found


@pytest.mark.parametrize("trusted", ["everyone", "10.0.0.0/99", "10.0.0.1; 10.0.0.2"])
def test_a_proxy_is_an_address(trusted: str) -> None:
    with pytest.raises(ProxyAddressError):
        Proxies.parse(trusted)
