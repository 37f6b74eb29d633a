from pathlib import Path
from typing import Any

import pytest

from text2song.domain.composition import UnifiedComposition
from text2song.domain.progress import Progress
from text2song.domain.request import CompositionRequest
from text2song.providers.base import MadeSong, Support
from text2song.providers.router import ProviderRouter, UnknownProviderError, UnsupportedRequestError


class Maker:
    def __init__(self, name: str, support: Support) -> None:
        self.name = name
        self._support = support

    def supports(self, request: CompositionRequest) -> Support:
        return self._support

    def make(self, request: Any, folder: Path, progress: Progress, earlier: Any = ()) -> MadeSong:
        raise LookupError(self.name)

    def remake(
        self, composition: UnifiedComposition, folder: Path, progress: Progress, kept: Path | None = None
    ) -> MadeSong:
        raise LookupError(self.name)


WILLING, UNWILLING = Support(True), Support(False, "it cannot sing")


def test_the_first_that_can_is_chosen() -> None:
    router = ProviderRouter([Maker("a", UNWILLING), Maker("b", WILLING), Maker("c", WILLING)])
    assert router.choose(CompositionRequest("pop")).name == "b"


def test_the_wanted_one_is_chosen_or_says_why_not() -> None:
    router = ProviderRouter([Maker("a", UNWILLING), Maker("b", WILLING)])
    assert router.choose(CompositionRequest("pop"), "b").name == "b"
    with pytest.raises(UnsupportedRequestError, match="cannot sing"):
        router.choose(CompositionRequest("pop"), "a")


def test_an_unknown_provider_names_the_known_ones() -> None:
    with pytest.raises(UnknownProviderError) as caught:
        ProviderRouter([Maker("a", WILLING)]).choose(CompositionRequest("pop"), "z")
    assert caught.value.choices == ("a",)


def test_a_provider_is_found_by_its_name() -> None:
    router = ProviderRouter([Maker("a", UNWILLING), Maker("b", WILLING)])
    assert router.named("a").name == "a"
    with pytest.raises(UnknownProviderError):
        router.named("z")


def test_no_provider_at_all_is_refused() -> None:
    with pytest.raises(UnsupportedRequestError):
        ProviderRouter([]).choose(CompositionRequest("pop"))
