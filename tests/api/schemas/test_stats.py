"""The figures of a day and of all days are spelled alike."""

from __future__ import annotations

from tests.api.conftest import Served

from text2song.api.schemas.stats import FiguresOut, StatsOut
from text2song.domain.identity import LOCAL_OWNER
from text2song.services.stats import get_stats


def test_sums_and_days_have_the_same_figures(empty: Served) -> None:
    sent = StatsOut.of(get_stats(empty.studio, LOCAL_OWNER, days=7))
    assert (sent.days, len(sent.daily), sent.daily[-1].date) == (7, 7, sent.last_date)
    for name in FiguresOut.model_fields:
        assert getattr(sent, name) == getattr(sent.daily[0], name)
