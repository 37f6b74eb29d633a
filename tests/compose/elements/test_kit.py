from __future__ import annotations

import pytest

from text2song.compose.elements.kit import LEVELS, kit_of, level
from text2song.compose.style import load_style
from text2song.domain.instruments import catalogue
from text2song.domain.rational import Fraction

ROCK = load_style("rock")
KITS = [info.id for info in catalogue().values() if info.family == "drums"]


@pytest.mark.parametrize("name", [*KITS, "taiko", "orchestral_percussion", "shaker"])
def test_every_kit_plays_general_midi_keys(name: str) -> None:
    kit = kit_of(name, ROCK)
    assert all(35 <= key <= 81 for key in kit.keys.values())
    assert (kit.keys["kick"], kit.keys["crash"]) in {(36, 49), (36, 57)}


def test_the_orchestra_never_meets_the_timpani_keys() -> None:
    # Keys 41 to 53 are tuned timpani in orchestral kits.
    for name in ("taiko", "orchestral_percussion"):
        kit = kit_of(name, ROCK)
        played = {
            kit.keys[lane] for lane in ("kick", "snare", "tom1", "tom2", "tom3", "crash", "crash2", "ride", "hat")
        }
        assert not played & set(range(41, 54))


def test_accents_are_louder_than_ghosts() -> None:
    assert level("X") > level("x") > level("o") > level("g")
    assert 25 <= LEVELS["g"] <= 45


def test_a_hit_stays_in_range() -> None:
    kit = kit_of("drum_kit", ROCK)
    assert kit.note("kick", Fraction(0), 300, "a").velocity == 127
    assert kit.note("kick", Fraction(0), -5, "a").velocity > 0


def test_the_style_balances_the_drums() -> None:
    assert kit_of("lofi_kit", load_style("lofi")).balance("crash") < 0.7
    assert kit_of("drum_kit", ROCK).balance("no such drum") == 1.0
