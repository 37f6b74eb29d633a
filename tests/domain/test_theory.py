import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.domain.rational import Fraction
from text2song.domain.theory import MODES, QUALITIES, Chord, Key, TimeSignature, UnknownKeyError
from text2song.domain.theory import UnknownTimeSignatureError as UnknownMetre


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A minor", "A minor"),
        ("am", "A minor"),
        ("C", "C major"),
        ("F#", "F# major"),
        ("gb major", "F# major"),
        ("D# minor", "Eb minor"),
        ("b♭ major", "Bb major"),
        ("E flat", "Eb major"),
        ("f sharp dorian", "F# dorian"),
        ("A aeolian", "A minor"),
        ("  G   mixolydian ", "G mixolydian"),
        ("D harmonic minor", "D harmonic minor"),
    ],
)
def test_keys_are_read_as_people_write_them(text: str, name: str) -> None:
    assert Key.parse(text).name == name


@pytest.mark.parametrize("text", ["", "H minor", "A minorish", "12", "minor", "A" * 500])
def test_what_is_not_a_key_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(UnknownKeyError) as caught:
        Key.parse(text)
    assert caught.value.field == "key"


@given(st.integers(0, 11), st.sampled_from(sorted(MODES)))
def test_every_key_survives_its_own_name(tonic: int, mode: str) -> None:
    assert Key.parse(Key(tonic, mode).name) == Key(tonic, mode)


@given(st.integers(0, 11), st.sampled_from(sorted(MODES)), st.integers(-20, 20))
def test_degrees_stay_in_the_scale_and_rise(tonic: int, mode: str, degree: int) -> None:
    key = Key(tonic, mode)
    assert key.pitch(degree) % 12 in key.scale
    assert key.pitch(degree) < key.pitch(degree + 1)
    assert key.pitch(degree + 7) == key.pitch(degree) + 12


def test_chords_know_their_tones_and_symbols() -> None:
    assert Chord(9, "m7").pitch_classes == (9, 0, 4, 7)
    assert Chord(10, "maj7", bass=2).symbol(flats=True) == "Bbmaj7/D"
    assert Chord(10).transposed(2) == Chord(0)
    assert all(intervals[0] == 0 for intervals in QUALITIES.values())


@pytest.mark.parametrize(
    ("text", "bar", "pulse"),
    [("4/4", Fraction(4), Fraction(1)), ("6/8", Fraction(3), Fraction(3, 2)), ("7/8", Fraction(7, 2), Fraction(1, 2))],
)
def test_metres_measure_bars_in_quarter_notes(text: str, bar: Fraction, pulse: Fraction) -> None:
    metre = TimeSignature.parse(text)
    assert (metre.bar, metre.pulse, metre.name) == (bar, pulse, text)


@pytest.mark.parametrize("text", ["4", "0/4", "4/3", "99/4", "four four", "4/0"])
def test_impossible_metres_are_refused(text: str) -> None:
    with pytest.raises(UnknownMetre):
        TimeSignature.parse(text)


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("E hijaz", (4, 5, 8, 9, 11, 0, 2)),
        ("C bhairav", (0, 1, 4, 5, 7, 8, 11)),
        ("A freygish", (9, 10, 1, 2, 4, 5, 7)),
    ],
)
def test_scales_of_the_east_are_modes(text: str, scale: tuple[int, ...]) -> None:
    assert Key.parse(text).scale == scale


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("tonic", range(12))
def test_every_key_has_a_name_that_reads_back(mode: str, tonic: int) -> None:
    assert Key.parse(Key(tonic, mode).name) == Key(tonic, mode)


def test_the_signature_of_hijaz_is_that_of_its_minor_key() -> None:
    assert Key.parse("E phrygian dominant").relative_major == 0
    assert Key.parse("C hungarian minor").flats


@pytest.mark.parametrize(
    ("name", "bar", "pulse"), [("6/8", 3, "3/2"), ("7/8", "7/2", "1/2"), ("3/8", "3/2", "1/2"), ("5/4", 5, 1)]
)
def test_bars_and_beats(name: str, bar: str, pulse: str) -> None:
    assert (TimeSignature.parse(name).bar, TimeSignature.parse(name).pulse) == (Fraction(bar), Fraction(pulse))


def test_a_metre_keeps_the_groups_it_is_counted_in() -> None:
    metre = TimeSignature.parse("7/8 (3+2+2)")
    assert metre == TimeSignature.parse("7/8 3 + 2 + 2") == TimeSignature(7, 8, (3, 2, 2))
    assert (metre.name, metre.counted, TimeSignature(7, 8).counted) == ("7/8", "7/8 (3+2+2)", "7/8")
    assert TimeSignature.parse("9/8 (2+2+2+3)").pulse == Fraction(1, 2)
    assert TimeSignature.parse("9/8 (3+3+3)").pulse == TimeSignature(9, 8).pulse == Fraction(3, 2)


@pytest.mark.parametrize("text", ["7/8 (3+2)", "7/8 (5+2)", "7/8 ()", "7/8 (1+6)", "4/4 +", "7/8 (3,2,2)"])
def test_groups_that_are_no_bar_are_refused(text: str) -> None:
    with pytest.raises(UnknownMetre):
        TimeSignature.parse(text)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("C Major", "C major"),
        ("A MINOR", "A minor"),
        ("Bb Major", "Bb major"),
        ("E-flat minor", Key(3, "minor").name),
        ("F-sharp Dorian", "F# dorian"),
        ("e-flat major", "Eb major"),
        ("D-minor", "D minor"),
        ("D min.", "D minor"),
        ("A natural minor", "A minor"),
        ("G minor key", "G minor"),
        ("E Phrygian Dominant", "E phrygian dominant"),
        ("AM", "A major"),
        ("Am", "A minor"),
        ("b", "B major"),
        ("Bb", "Bb major"),
    ],
)
def test_a_key_is_read_however_it_is_written(written: str, name: str) -> None:
    assert Key.parse(written).name == name


@pytest.mark.parametrize("written", ["AB", "H Minor", "C Majors", "Cmm", "C major minor", "key", ""])
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(UnknownKeyError):
        Key.parse(written)
