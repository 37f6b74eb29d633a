"""The one router: which provider makes a request."""

from __future__ import annotations

from collections.abc import Sequence

from text2song.domain.errors import InvalidError
from text2song.domain.request import CompositionRequest
from text2song.providers.base import Provider


class UnknownProviderError(InvalidError):
    """No provider of that name is installed."""

    slug = "unknown-provider"


class UnsupportedRequestError(InvalidError):
    """The provider that was asked for cannot make this request."""

    slug = "unsupported-request"


class ProviderRouter:
    """Picks a provider in the order given; the last one should support every request, so a job always finds one."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self._providers = tuple(providers)

    @property
    def names(self) -> tuple[str, ...]:
        """Installed providers, the preferred first."""
        return tuple(provider.name for provider in self._providers)

    def named(self, name: str) -> Provider:
        """Return the provider of that name; raises `UnknownProviderError`."""
        for provider in self._providers:
            if provider.name == name:
                return provider
        message = f"“{name}” is not an installed provider; there is {', '.join(self.names)}"
        raise UnknownProviderError(message, field="provider", choices=self.names)

    def choose(self, request: CompositionRequest, wanted: str | None = None) -> Provider:
        """Return the provider called `wanted`, or the first that supports the request.

        Raises `UnknownProviderError` or `UnsupportedRequestError`.
        """
        if wanted is not None:
            self.named(wanted)
        reason = "no provider is installed"
        for provider in self._providers:
            if wanted not in (None, provider.name):
                continue
            support = provider.supports(request)
            if support.supported:
                return provider
            reason = support.reason
        raise UnsupportedRequestError(reason, field="provider", choices=self.names)
