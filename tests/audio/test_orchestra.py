from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.audio.songs import small_song

from text2song.audio.instrument import PlayedNote, Stereo
from text2song.audio.orchestra import Amplified, Orchestra
from text2song.audio.soundfont.library import find_soundfonts
from text2song.domain.composition import UnifiedComposition
from text2song.domain.instruments import UnknownInstrumentError
from text2song.domain.score import Part


class _Hum:
    def __init__(self, *, willing: bool) -> None:
        self._willing = willing

    def can_sing(self, composition: UnifiedComposition) -> bool:
        return self._willing and composition.lyrics is not None

    def render(self, composition: UnifiedComposition, part: Part, frames: int) -> Stereo:
        return np.full((frames, 2), 0.25, np.float32)


def test_an_instrument_is_opened_once() -> None:
    orchestra = Orchestra()
    assert orchestra.open("tr808") is orchestra.open("tr808")


def test_an_unknown_instrument_is_refused() -> None:
    with pytest.raises(UnknownInstrumentError, match="bagpipe of doom"):
        Orchestra().open("bagpipe of doom")


def test_everything_plays_without_a_soundfont() -> None:
    song, orchestra = small_song(1), Orchestra()
    for part in song.parts:
        sound = orchestra.perform(part, song, 44_100)
        assert sound.shape == (44_100, 2)
        assert np.abs(sound).max() > 0.01


def test_a_vocal_part_is_sung_when_it_can_be() -> None:
    song = small_song(1)
    assert np.all(Orchestra(voice=_Hum(willing=True)).perform(song.part("vocal"), song, 100) == 0.25)


@pytest.mark.parametrize("voice", [None, _Hum(willing=False)])
def test_a_lead_plays_what_nobody_sings(voice: _Hum | None) -> None:
    song = small_song(1)
    sound = Orchestra(voice=voice).perform(song.part("vocal"), song, 44_100)
    assert np.abs(sound).max() > 0.01
    assert not np.all(sound == 0.25)


def test_the_lead_fits_its_company() -> None:
    song = small_song(1)
    electronic = replace(song, parts=tuple(_with(part, "saw_lead") for part in song.parts))
    orchestra = Orchestra()
    acoustic_lead = orchestra.perform(song.part("vocal"), song, 44_100)
    electronic_lead = orchestra.perform(electronic.part("vocal"), electronic, 44_100)
    assert not np.array_equal(acoustic_lead, electronic_lead)


def _with(part: Part, instrument: str) -> Part:
    return part if part.name in ("vocal", "drums") else replace(part, instrument=instrument)


def test_a_source_is_named_by_all_that_it_plays_with() -> None:
    song = small_song(1)
    bass, vocal = song.part("bass"), song.part("vocal")
    silent, singing = Orchestra(voice=_Hum(willing=False)), Orchestra(voice=_Hum(willing=True))
    assert silent.identity(bass, song) == Orchestra().identity(bass, song)
    assert singing.identity(vocal, song) != silent.identity(vocal, song)
    other = replace(song, lyrics=replace(song.lyrics, language="de") if song.lyrics else None)
    assert singing.identity(vocal, other) != singing.identity(vocal, song)
    # What nobody sings is played by an instrument that depends on its company.
    electronic = tuple(replace(part, instrument="tr808") if part.name != "vocal" else part for part in song.parts)
    assert silent.identity(vocal, replace(song, parts=electronic)) != silent.identity(vocal, song)


def test_another_soundfont_is_another_source(tmp_path: Path) -> None:
    song = small_song(1)
    names = set()
    for number in range(2):
        path = tmp_path / f"{number}.sf2"
        path.write_bytes(bytes([number]) * 100)
        names.add(Orchestra((path,)).identity(song.part("chords"), song))
    assert len(names) == 2


def test_driven_guitars_are_recorded_strings_through_our_amplifier() -> None:
    fonts = find_soundfonts()
    if not fonts:
        pytest.skip("no SoundFont on this machine")
    recorded, own = Orchestra(fonts).open("distorted_guitar"), Orchestra().open("distorted_guitar")
    assert isinstance(recorded, Amplified)
    assert not isinstance(own, Amplified)
    chord = [PlayedNote(0.0, 2.0, pitch, 100) for pitch in (40, 47, 52)]
    for guitar in (recorded, own):
        sound = guitar.render(chord, 2 * 44_100).mean(axis=1)
        # High gain sustains: a second later the chord has lost little.
        early, late = (float(np.square(sound[at : at + 8000]).mean()) for at in (10_000, 70_000))
        assert 10 * np.log10(early / late) < 12
        spectrum = np.abs(np.fft.rfft(sound)) ** 2
        top = spectrum[14_000:].sum() / spectrum.sum()
        assert 10 * np.log10(top) < -25


def test_chords_growl_together() -> None:
    guitar = Orchestra().open("overdriven_guitar")
    notes = [PlayedNote(0.0, 1.0, pitch, 100) for pitch in (52, 59)]
    together = guitar.render(notes, 44_100)
    apart = sum(guitar.render([note], 44_100) for note in notes)
    assert float(np.abs(together - apart).max()) > 0.1 * float(np.abs(together).max())


def test_it_says_what_sounds_a_part() -> None:
    song, fonts = small_song(1), find_soundfonts()
    assert Orchestra(fonts, _Hum(willing=True)).source(song.part("vocal"), song) == "sung"
    assert Orchestra().source(song.part("chords"), song) == "synth"
    if fonts:
        name, digest = Orchestra(fonts).source(song.part("chords"), song).split()
        assert name in {path.name for path in fonts}
        assert len(digest) == 12
