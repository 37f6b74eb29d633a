"""Where a request comes from, past the proxies that are known to tell the truth."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

from text2song.domain.errors import InvalidError

Network = IPv4Network | IPv6Network


class ProxyAddressError(InvalidError):
    """A trusted proxy is neither an address nor a network."""

    slug = "proxy-address"


class Proxies:
    """The proxies whose word on where a request comes from is taken."""

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        self._networks = tuple(networks)

    @classmethod
    def parse(cls, text: str) -> Proxies:
        """Return the proxies of a list such as "10.0.0.0/8, 127.0.0.1"; raises `ProxyAddressError`."""
        names = [name.strip() for name in text.split(",") if name.strip()]
        try:
            return cls(ip_network(name, strict=False) for name in names)
        except ValueError as error:
            raise ProxyAddressError(f"a trusted proxy is wrong: {error}", field="trusted_proxies") from None

    def client(self, request: HTTPConnection) -> str:
        """Return the address of whoever asks, an IPv6 one as its /64, which is one household's.

        X-Forwarded-For is read from its end, where our own proxy writes, up to the first address that is not a trusted
        proxy's; whatever stands before that may be made up.
        """
        peer = request.client.host if request.client else ""
        forwarded = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        hops = [hop.strip() for hop in forwarded if hop.strip()]
        while hops and self._trusts(peer):
            peer = hops.pop()
        return _household(peer)

    def _trusts(self, peer: str) -> bool:
        address = _address(peer)
        return address is not None and any(address in network for network in self._networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _household(peer: str) -> str:
    address = _address(peer)
    if address is None:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(ip_network((address.packed[:8] + bytes(8), 64)))
    return str(address)
