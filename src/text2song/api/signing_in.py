"""The other service by which people may sign in, where one is configured."""

from __future__ import annotations

import importlib
from typing import Annotated, Protocol

from fastapi import Depends, Request

from text2song.api.access import Access
from text2song.domain.errors import InvalidError, NotFoundError
from text2song.services.accounts import Stranger

#: Where the service sends the browser back to.
CALLBACK = "/api/v2/auth/oidc/callback"


class Sealed(Protocol):
    """What a browser keeps while its person is away signing in."""

    def sealed(self, secret: str) -> str:
        """Return it as text that nobody else can make."""
        ...


class Service(Protocol):
    """A service by which people may sign in."""

    async def begin(self) -> tuple[str, Sealed]:
        """Return where to send the browser, and what it must bring back."""
        ...

    def attempt(self, text: str, secret: str) -> Sealed:
        """Return what was sealed."""
        ...

    async def finish(self, attempt: Sealed, state: str, code: str) -> Stranger:
        """Return who has signed in there."""
        ...


class NoServiceError(NotFoundError):
    """No other service is configured."""

    slug = "no-sign-in-service"


class ServiceSettingsError(InvalidError):
    """The service is configured by half."""

    slug = "oidc-settings"


def service_of(issuer: str, client_id: str, client_secret: str, public_url: str) -> Service | None:
    """Return the service of that issuer, None for none; raises `ServiceSettingsError`."""
    if not issuer:
        return None
    if not (client_id and client_secret and public_url):
        message = "signing in by OpenID Connect needs oidc_client_id, oidc_client_secret and public_url as well"
        raise ServiceSettingsError(message, field="oidc_issuer")
    try:
        module = importlib.import_module("text2song.api.oidc")
    except ModuleNotFoundError as error:
        message = f"signing in by OpenID Connect needs the extra “oidc” ({error.name} is missing)"
        raise ServiceSettingsError(message, field="oidc_issuer") from error
    service: Service = module.OidcClient(issuer, client_id, client_secret, public_url.rstrip("/") + CALLBACK)
    return service


def attempt_cookie(access: Access) -> str:
    """Return the name of the cookie that goes along while a person is away signing in."""
    return "__Host-t2s_oidc" if access.secure else "t2s_oidc"


def get_service(request: Request) -> Service:
    """Return the service of this application; raises `NoServiceError`."""
    service: Service | None = getattr(request.app.state, "oidc", None)
    if service is None:
        raise NoServiceError("this studio has no other service to sign in by")
    return service


OidcDep = Annotated[Service, Depends(get_service)]
