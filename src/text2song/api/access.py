"""How this application is reached: by one person on this machine, or by many from anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from text2song.domain.errors import InvalidError

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
#: Characters that a secret key needs, and how many of them must differ.
_SECRET, _DISTINCT = 32, 10
#: Words that people leave in place of a secret.
_PLACEHOLDERS = ("changeme", "change-me", "change_me", "secret", "password", "example", "default", "insecure", "dummy")


class SecretKeyError(InvalidError):
    """The secret key is missing, short or anybody's guess."""

    slug = "secret-key"


class PublicUrlError(InvalidError):
    """The public address is no address of a site."""

    slug = "public-url"


@dataclass(frozen=True, slots=True)
class Access:
    """The names that are answered to, and the cookie that a signed-in browser carries."""

    server: bool = False
    #: Names for the Host header; None answers to every name.
    hosts: frozenset[str] | None = _LOOPBACK
    #: Origins of pages that may change something, besides the one that is asked.
    origins: frozenset[str] = frozenset()
    #: The cookie is sent over TLS alone, unless the public address says otherwise.
    secure: bool = True

    @property
    def cookie(self) -> str:
        """Return the cookie's name; the prefix makes browsers hold to what we say of it (RFC 6265bis, 4.1.3)."""
        return "__Host-t2s_session" if self.secure else "t2s_session"


LOCAL_ACCESS = Access()


def server_access(secret_key: str, public_url: str, trusted_hosts: str) -> Access:
    """Return the access of a server; raises `SecretKeyError` or `PublicUrlError`.

    `trusted_hosts` are names apart from the public address and this machine's own, "a.example, b.example", or "*".
    """
    _check_secret(secret_key)
    names = {name.strip().lower() for name in trusted_hosts.split(",") if name.strip()}
    parts = urlsplit(public_url)
    if public_url and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/")):
        raise PublicUrlError("the public address is a site such as https://studio.example", field="public_url")
    if parts.hostname:
        names.add(f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname)
    return Access(
        server=True,
        hosts=None if "*" in names else _LOOPBACK | names,
        origins=frozenset({parts.netloc.lower()}) if parts.netloc else frozenset(),
        secure=parts.scheme != "http",
    )


def _check_secret(secret: str) -> None:
    hint = 'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
    if len(secret) < _SECRET or len(set(secret)) < _DISTINCT:
        message = f"a server needs TEXT2SONG_SECRET_KEY, {_SECRET} or more mixed characters; {hint}"
        raise SecretKeyError(message, field="secret_key")
    if any(word in secret.lower() for word in _PLACEHOLDERS):
        raise SecretKeyError(f"TEXT2SONG_SECRET_KEY is a placeholder; {hint}", field="secret_key")
