from tests.evaluation.sounds import composition

from text2song.domain.take import StemFigure
from text2song.evaluation.presence import audible_finding, instruments_finding, without_finding


def _stem(name: str, instrument: str, lufs: float = -25.0, role: str = "chords") -> StemFigure:
    return StemFigure(name, instrument, role, lufs, -6.0, "")


def test_silent_stems_are_told() -> None:
    assert audible_finding([_stem("a", "piano")]).reason == ""
    assert "not audible: b" in audible_finding([_stem("a", "piano"), _stem("b", "flute", -80.0)]).reason
    assert audible_finding([_stem("b", "flute", -80.0)]).reason == "nothing is audible"


def test_an_asked_instrument_must_sound_not_only_be_there() -> None:
    song = composition(instruments=("flute",))
    assert instruments_finding(song, [_stem("lead", "flute")]).reason == ""
    assert "missing: flute" in instruments_finding(song, [_stem("lead", "flute", -80.0)]).reason


def test_what_must_not_sound_is_found_by_name_family_and_role() -> None:
    stems = [_stem("drums", "drum_kit", role="drums"), _stem("chords", "piano")]
    assert without_finding(composition(without=("guitar",)), stems).reason == ""
    for unwanted in ("drums", "piano", "keys", "chords"):
        assert "unwanted" in without_finding(composition(without=(unwanted,)), stems).reason
