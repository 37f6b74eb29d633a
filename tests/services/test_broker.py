"""The broker as health asks it."""

from __future__ import annotations

import pytest

from text2song.services.broker import BrokerDownError, connect


def test_answers_or_says_that_it_does_not(valkey_url: str) -> None:
    assert connect(valkey_url).ping()
    with pytest.raises(BrokerDownError):
        connect("redis://127.0.0.1:1/0").ping()
