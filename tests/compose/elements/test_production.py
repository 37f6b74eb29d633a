from __future__ import annotations

import pytest
from tests.compose.elements.bands import asked, composed
from tests.compose.elements.rhythm_rules import layers

from text2song.compose.elements.patterns import table
from text2song.compose.elements.production import Production, production_of
from text2song.domain.composition import UnifiedComposition


def made(*words: str) -> UnifiedComposition:
    return composed(asked("pop", 1, 60, production=words))


def test_no_words_change_nothing() -> None:
    assert production_of(asked("pop")) == Production()
    assert production_of(asked("pop", production=("catchy hook",))) == Production()


def test_words_add_up() -> None:
    both = production_of(asked("pop", production=("wall of sound", "reverberant")))
    assert both.reverb == pytest.approx(1.15 * 1.6)
    assert both.layers < 0
    assert both.send_db > 0


def test_every_effect_is_a_field() -> None:
    fields = set(Production.__dataclass_fields__)
    assert all(set(row) <= fields for row in table("idioms", "production").values())


def test_sparse_songs_have_fewer_layers_than_dense_ones() -> None:
    def total(song: UnifiedComposition) -> int:
        return sum(layers(song, section) * section.bars for section in song.sections)

    assert total(made("sparse")) < total(made()) < total(made("wall of sound"))


def test_the_mix_follows_the_words() -> None:
    plain = {channel.part: channel for channel in made().mix.channels}
    wet = {channel.part: channel for channel in made("reverberant").mix.channels}
    pumping = {channel.part: channel for channel in made("sidechain pumping").mix.channels}
    heavy = {channel.part: channel for channel in made("bass-heavy").mix.channels}
    assert (wet["pad"].reverb_db or -99) > (plain["pad"].reverb_db or -99)
    assert pumping["bass"].duck_db > plain["bass"].duck_db
    assert heavy["bass"].lufs - heavy["drums"].lufs > plain["bass"].lufs - plain["drums"].lufs
    assert made("reverberant").mix.reverb_seconds > made("dry").mix.reverb_seconds


def test_what_is_compressed_is_denser_than_what_is_not() -> None:
    assert made("loud").mix.crest_db < made().mix.crest_db < made("dynamic").mix.crest_db


def test_swung_words_swing_and_straight_words_do_not() -> None:
    def offbeat(song: UnifiedComposition) -> float:
        notes = [note for note in song.part("drums").notes if note.start % 1 == 0.5]
        return sum(note.nudge_us for note in notes) / len(notes)

    assert offbeat(made("swung")) > 30_000
    assert abs(offbeat(made("straight"))) < 5_000


def test_a_denied_effect_is_off_in_the_mix() -> None:
    plain, bare = made().mix, made("no reverb", "no echo", "no pumping", "no tape", "no crackle").mix
    assert any(channel.reverb_db is not None for channel in plain.channels)
    assert any(channel.delay_db is not None for channel in plain.channels)
    assert [channel.reverb_db for channel in bare.channels] == [None] * len(bare.channels)
    assert [channel.delay_db for channel in bare.channels] == [None] * len(bare.channels)
    assert {channel.duck_db for channel in bare.channels} == {0.0}
    assert (bare.wow_cents, bare.vinyl_db) == (0.0, None)
    assert composed(asked("lofi", 1, 60, production=("no crackle",))).mix.vinyl_db is None
    assert composed(asked("lofi", 1, 60)).mix.vinyl_db is not None
