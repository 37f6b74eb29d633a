"""Rules 25–29: a sound score lies in the band, the same score with the fault does not."""

from dataclasses import replace

from tests.evaluation.rules.scores import PHRASE, Row, inside, notes, part, tune, up, view

from text2song.domain.composition import Channel, MixPlan, SectionKind
from text2song.domain.score import Part, Role
from text2song.evaluation.rules import arrangement

INTRO, VERSE, CHORUS, OUTRO = SectionKind.INTRO, SectionKind.VERSE, SectionKind.CHORUS, SectionKind.OUTRO
SECTIONS = ((INTRO, 4), (VERSE, 4), (CHORUS, 4), (VERSE, 4), (CHORUS, 4), (OUTRO, 4))
ENERGIES = (0.2, 0.5, 0.8, 0.55, 0.9, 0.25)


def _dense(*counts: int) -> Part:
    rows = [(16 * index + 16 * hit / count, 0.1, 60) for index, count in enumerate(counts) for hit in range(count)]
    return part("chords", Role.CHORDS, "piano", notes(rows))


def test_rule_25_energy_that_is_not_in_the_notes() -> None:
    shape = {"sections": SECTIONS, "energies": ENERGIES}
    right = view(_dense(4, 16, 32, 20, 40, 5), **shape)
    assert inside("arrangement.energy", arrangement.energy(right))
    assert inside("arrangement.goal", arrangement.goal(right))
    wrong = view(_dense(40, 20, 5, 16, 4, 32), **shape)
    assert not inside("arrangement.energy", arrangement.energy(wrong))
    assert not inside("arrangement.goal", arrangement.goal(wrong))


def test_rule_26_a_loop_that_never_changes() -> None:
    loop = part("arpeggio", Role.ARPEGGIO, "harp", notes([(beat, 1, 72 + beat % 4) for beat in range(64)]))
    assert not inside("arrangement.sameness", arrangement.sameness(view(loop)))
    shorter = replace(loop, notes=tuple(note for note in loop.notes if note.start != 35))
    assert inside("arrangement.sameness", arrangement.sameness(view(shorter)))


def test_rule_27_chords_in_the_mud() -> None:
    bass = part("bass", Role.BASS, "finger_bass", notes([(beat, 1, 36) for beat in range(64)]))
    chords = [(bar * 4, 4, pitch) for bar in range(16) for pitch in (60, 64, 67)]
    high = part("chords", Role.CHORDS, "piano", notes(chords))
    low = part("chords", Role.CHORDS, "piano", notes(up(tuple(chords), -24)))
    assert inside("arrangement.low_harmony", arrangement.low_harmony(view(bass, high)))
    assert not inside("arrangement.low_harmony", arrangement.low_harmony(view(bass, low)))
    # A piano alone has the whole keyboard.
    assert arrangement.low_harmony(view(low)) is None


def test_rule_27_a_pad_on_top_of_the_tune() -> None:
    lead = tune(*[PHRASE] * 4)
    rows: list[Row] = [(bar * 4, 4, pitch) for bar in range(16) for pitch in (60, 64, 67)]
    near = part("pad", Role.PAD, "strings", notes(rows))
    far = part("pad", Role.PAD, "strings", notes(up(tuple(rows), 24)))
    soft = MixPlan(channels=(Channel("pad", -32.0), Channel("lead", -24.0)))
    assert inside("arrangement.masking", arrangement.masking(view(lead, far)))
    assert not inside("arrangement.masking", arrangement.masking(view(lead, near)))
    assert inside("arrangement.masking", arrangement.masking(view(lead, near, mix=soft)))


def test_rule_28_a_lead_that_talks_over_the_singer() -> None:
    voice = tune(PHRASE, PHRASE, role=Role.VOCAL, name="vocal", instrument="voice_lead")
    reply = part("lead", Role.LEAD, "flute", notes([(15, 0.5, 79), (15.5, 0.5, 81), (31, 1, 79)]))
    over = part("lead", Role.LEAD, "flute", notes([(beat + 0.5, 0.5, 79) for beat in range(8)]))
    assert inside("arrangement.overlap", arrangement.overlap(view(voice, reply)))
    assert not inside("arrangement.overlap", arrangement.overlap(view(voice, over)))


def _drums(gap: float = 0.0, bare: float = 0.0) -> Part:
    rows: list[Row] = [
        (beat, 0.1, 36 if beat % 2 == 0 else 38) for beat in range(64) if not 32 - max(gap, bare) <= beat < 32
    ]
    rows += [(beat + 0.5, 0.1, 42) for beat in range(64) if not 32 - gap <= beat < 32]
    return part("drums", Role.DRUMS, "drum_kit", notes(rows))


def test_rule_29_no_breath_before_the_chorus() -> None:
    assert not inside("arrangement.dropouts", arrangement.dropouts(view(_drums())))
    assert inside("arrangement.dropouts", arrangement.dropouts(view(_drums(gap=2))))
    # A bar of hats alone is a breath as well, half a bar is a groove.
    assert inside("arrangement.dropouts", arrangement.dropouts(view(_drums(bare=4))))
    assert not inside("arrangement.dropouts", arrangement.dropouts(view(_drums(bare=2))))


def test_nothing_to_measure() -> None:
    silent = view()
    figures = (arrangement.energy, arrangement.goal, arrangement.low_harmony, arrangement.masking, arrangement.overlap)
    assert [figure(silent) for figure in (*figures, arrangement.dropouts)] == [None] * 6
