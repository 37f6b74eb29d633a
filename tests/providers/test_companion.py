from __future__ import annotations

import os
import signal
import threading
import time
from multiprocessing.connection import Pipe

import pytest

from text2song.providers import companion as module
from text2song.providers.companion import Companion, SilentCompanionError, companion

needs_two_cores = pytest.mark.skipif(module._cores() < 2, reason="one core has no companion")


def _square(number: int) -> tuple[int, int]:
    return os.getpid(), number**2


def _nobody() -> None:
    """Wait for nothing in particular."""


def _ask_on(other: Companion[int, None]) -> None:
    for _ in range(100):
        other.ask([2])
        time.sleep(0.01)


def _sleep(_: int) -> None:
    time.sleep(60)


def _is_deaf(_: int) -> bool:
    return signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@needs_two_cores
def test_it_answers_in_order_and_is_gone_afterwards() -> None:
    with companion(_square) as other:
        assert other is not None
        for orders in ([3, 4, 5], [6]):
            other.ask(orders)
            answers = [other.answer(_nobody) for _ in orders]
            assert [answer for _, answer in answers] == [number**2 for number in orders]
        (pid,) = {pid for pid, _ in answers}
        assert pid != os.getpid()
    assert _gone(pid)


@needs_two_cores
def test_it_is_gone_when_the_work_is_given_up() -> None:
    with pytest.raises(KeyError), companion(_sleep) as other:  # noqa: PT012 - the body is what ends
        assert other is not None
        other.ask([1])
        pid = other._pid
        raise KeyError
    assert _gone(pid)


@needs_two_cores
@pytest.mark.parametrize("manner", ["raises", "dies", "hangs"])
def test_silence_is_told(manner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.5)

    def work(_: int) -> None:
        if manner == "raises":
            raise ValueError
        if manner == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(60)

    waited: list[None] = []
    with companion(work) as other:
        assert other is not None
        other.ask([1])
        with pytest.raises(SilentCompanionError):
            other.answer(lambda: waited.append(None))
        if manner != "hangs":
            with pytest.raises(SilentCompanionError):
                _ask_on(other)
    assert manner != "hangs" or len(waited) == 5


@needs_two_cores
def test_what_waits_may_give_up() -> None:
    def give_up() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError), companion(_sleep) as other:  # noqa: PT012 - the body is what ends
        assert other is not None
        other.ask([1])
        other.answer(give_up)


@needs_two_cores
def test_it_starts_from_any_thread_and_hears_no_signals_of_its_origin() -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: seen.append(number))
    found: list[object] = []

    def run() -> None:
        with companion(_is_deaf) as other:
            assert other is not None
            other.ask([1])
            found.append(other.answer(_nobody))

    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(30)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert found == [True]
    assert not seen


def test_one_core_or_no_room_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_cores", lambda: 1)
    with companion(_square) as other:
        assert other is None
    monkeypatch.setattr(module, "_cores", lambda: 2)

    def full() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", full)
    with companion(_square) as other:
        assert other is None


def test_who_is_waited_for_elsewhere_is_let_go() -> None:
    ours, theirs = Pipe()
    theirs.close()
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)
    Companion[int, int](pid, ours).dismiss()
    assert ours.closed
