from __future__ import annotations

import pytest

from text2song.audio.mix.roles import channel_of, treatment
from text2song.domain.composition import Channel, MixPlan
from text2song.domain.score import Part, Role


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_sensible_treatment(role: Role) -> None:
    found = treatment(role)
    assert -40.0 < found.channel.lufs < -15.0
    assert 1.0 <= found.compression.ratio <= 5.0
    assert 0.001 <= found.compression.attack_seconds < found.compression.release_seconds <= 0.5
    assert found.channel.highpass_hz >= 20.0


def test_the_plan_decides_where_it_speaks() -> None:
    plan = MixPlan(channels=(Channel("lead", -20.0, pan=0.2),))
    assert channel_of(Part("lead", Role.LEAD, "flute"), plan).pan == 0.2
    assert channel_of(Part("other", Role.LEAD, "flute"), plan) == treatment(Role.LEAD).channel


def test_lows_belong_to_bass_and_drums() -> None:
    low = {role for role in Role if treatment(role).channel.highpass_hz < 60}
    assert low == {Role.BASS, Role.DRUMS}
