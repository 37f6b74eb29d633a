from tests.evaluation.rules.scores import LOOP, PHRASE, notes, part, song, tune, up, view

from text2song.domain.composition import SectionKind
from text2song.domain.score import Role
from text2song.evaluation.rules.songview import SongView


def test_the_tune_is_the_voice_and_the_lead_where_it_is_silent() -> None:
    voice = tune(PHRASE, PHRASE, role=Role.VOCAL, name="vocal", instrument="voice_lead")
    lead = tune(*[up(PHRASE, 12)] * 4)
    heard = view(voice, lead)
    assert {tone.part for tone in heard.tones(0)} == {"vocal"}
    assert {tone.part for tone in heard.tones(1)} == {"lead"}
    assert {tone.part for tone in heard.sung} == {"vocal"}


def test_a_phrase_ends_before_the_pickup_of_the_next() -> None:
    pickup = (*PHRASE, (15.5, 0.5, 62))
    phrases = view(tune(pickup, PHRASE)).phrases
    assert [tones[-1].pitch for _, _, tones in phrases] == [60, 60]
    assert phrases[1][2][0].pitch == 62


def test_a_modulation_moves_home() -> None:
    sections = ((SectionKind.VERSE, 4), (SectionKind.CHORUS, 4))
    plain = song(sections=sections)
    lifted = [
        span
        if span.section == "verse.1"
        else type(span)(span.chord.transposed(2), span.start, span.duration, span.roman, span.section)
        for span in plain.harmony
    ]
    moved = SongView(
        type(plain)(plain.context, plain.time_signature, plain.tempo, plain.sections, harmony=tuple(lifted))
    )
    assert SongView(plain).tonics == (0, 0)
    assert moved.tonics == (0, 2)


def test_chords_and_kit() -> None:
    shaker = part("percussion", Role.DRUMS, "shaker", notes([(beat / 2, 0.1, 70) for beat in range(64)]))
    kit = part("drums", Role.DRUMS, "drum_kit", notes([(beat, 0.1, 36) for beat in range(16)]))
    heard = view(shaker, kit)
    assert heard.kit is not None
    assert heard.kit.name == "drums"
    assert [span.roman for span in (heard.chord_at(4.0 * bar) for bar in range(4)) if span] == [
        roman for _, roman in LOOP
    ]
