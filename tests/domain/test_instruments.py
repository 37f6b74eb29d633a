import pytest

from text2song.domain.instruments import UnknownInstrumentError, catalogue, instrument

FAMILIES = {"keys", "guitar", "bass", "strings", "brass", "woodwind", "synth", "mallet", "drums"}
FAMILIES |= {"percussion", "voice", "world"}


@pytest.mark.parametrize("id_", list(catalogue()))
def test_every_row_is_playable(id_: str) -> None:
    info = instrument(id_)
    assert info.family in FAMILIES
    assert 0 <= info.program <= 127
    assert 0 <= info.low < info.high <= 127
    assert info.name == info.name.strip() != ""


def test_no_name_means_two_instruments() -> None:
    owners: dict[str, str] = {}
    for info in catalogue().values():
        for name in (info.name, *info.aliases):
            assert owners.setdefault(name, info.id) == info.id, name


def test_an_unknown_instrument_is_refused() -> None:
    with pytest.raises(UnknownInstrumentError):
        instrument("theremin of doom")
