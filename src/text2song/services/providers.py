"""The makers of songs that this installation runs, and what each can do; known without loading any of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from text2song.domain.errors import InvalidError
from text2song.domain.request import DURATION_SECONDS
from text2song.services.studio import Studio


class UnknownProviderError(InvalidError):
    """No worker of this installation runs that provider."""

    slug = "unknown-provider"


class UnsupportedDeviceError(InvalidError):
    """No provider that may make the song runs on that device, or computes in that precision."""

    slug = "unsupported-device"


class UnsupportedAdapterError(InvalidError):
    """No provider that may make the song takes that adapter."""

    slug = "unsupported-adapter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What one provider can do."""

    name: str
    description: str
    devices: tuple[str, ...]
    precisions: tuple[str, ...]
    #: Names of the adapters that it takes.
    adapters: tuple[str, ...]
    #: Whether it reads temperature, top_k and guidance.
    sampling: bool
    #: Seconds, both ends included.
    duration: tuple[float, float]


COMPOSER = Capabilities(
    name="composer",
    description="Composes, arranges, sings, mixes and masters by rules; the same seed makes the same song.",
    devices=("cpu",),
    precisions=("float32",),
    adapters=(),
    sampling=False,
    duration=DURATION_SECONDS,
)
_KNOWN = (COMPOSER,)


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A provider, and whether a worker is there to run it."""

    capabilities: Capabilities
    available: bool
    #: One sentence when it is not.
    reason: str


def list_providers(studio: Studio) -> tuple[ProviderView, ...]:
    """Return the providers, the preferred first."""
    alive = studio.roster.alive() > 0
    reason = "" if alive else "no worker is running, so songs wait in the queue"
    return tuple(ProviderView(each, alive, reason) for each in installed(studio))


def installed(studio: Studio) -> tuple[Capabilities, ...]:
    """Return what the providers of this installation can do, the preferred first."""
    by_name = {each.name: each for each in _KNOWN}
    return tuple(by_name[name] for name in studio.providers)


def check_provider(
    studio: Studio, *, provider: str | None, device: str, precision: str, adapters: tuple[str, ...]
) -> None:
    """Refuse what none of the providers that may be used can do.

    Raises `UnknownProviderError`, `UnsupportedDeviceError` or `UnsupportedAdapterError` with what can be asked instead.
    """
    there = installed(studio)
    if provider is not None and provider not in studio.providers:
        message = f"“{provider}” is not an installed provider; there is {', '.join(studio.providers)}"
        raise UnknownProviderError(message, field="provider", choices=studio.providers)
    usable = [each for each in there if provider in (None, each.name)]
    names = " or ".join(each.name for each in usable)
    devices = _all(each.devices for each in usable)
    if device not in ("auto", *devices):
        message = f"{names} runs on {', '.join(devices)}, not on {device}; “auto” takes what is there"
        raise UnsupportedDeviceError(message, field="device", choices=("auto", *devices))
    precisions = _all(each.precisions for each in usable if device in ("auto", *each.devices))
    if precision not in precisions:
        message = f"{names} computes in {', '.join(precisions)}, not in {precision}"
        raise UnsupportedDeviceError(message, field="precision", choices=precisions)
    known = _all(each.adapters for each in usable)
    for adapter in adapters:
        if adapter not in known:
            message = f"{names} knows no adapter “{adapter}”; it has {', '.join(known) if known else 'none'}"
            raise UnsupportedAdapterError(message, field="adapters", choices=known)


def _all(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names))
