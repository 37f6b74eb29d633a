import pytest

from text2song.domain.errors import CancelledError
from text2song.domain.progress import Portion


def test_portions_nest_and_never_leave_the_whole() -> None:
    seen: list[tuple[str, float]] = []
    outer = Portion(lambda stage, fraction: seen.append((stage, fraction)), 0.5, 1.0, prefix="take 2: ")
    inner = Portion(outer, 0.0, 0.5)
    for fraction in (-1.0, 0.0, 0.5, 1.0, 7.0):
        inner("mix", fraction)
    assert [value for _, value in seen] == [0.5, 0.5, 0.625, 0.75, 0.75]
    assert seen[0][0] == "take 2: mix"


def test_cancelling_passes_through() -> None:
    def stop(stage: str, fraction: float) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        Portion(stop, 0.0, 1.0)("mix", 0.1)
