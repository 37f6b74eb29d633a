"""Rules 1–5: a sound score lies in the band, the same score with the fault does not."""

from dataclasses import replace

from tests.evaluation.rules.scores import PHRASE, Row, inside, notes, part, song, tune, up, view

from text2song.domain.composition import SectionKind
from text2song.domain.score import Role
from text2song.evaluation.rules import form
from text2song.evaluation.rules.songview import SongView

VERSE, CHORUS, INTRO, OUTRO = SectionKind.VERSE, SectionKind.CHORUS, SectionKind.INTRO, SectionKind.OUTRO
#: Another rhythm and other intervals than `PHRASE`.
OTHER: tuple[Row, ...] = (
    (0.5, 0.5, 67), (1, 1.5, 67), (2.5, 0.5, 64), (3, 1, 67),
    (4.5, 0.5, 69), (5, 1.5, 69), (6.5, 0.5, 64), (7, 1, 69),
    (8.5, 0.5, 69), (9, 1.5, 72), (10.5, 1.5, 69), (12, 0.5, 67), (12.5, 0.5, 69), (13, 2, 67),
)  # fmt: skip
SECTIONS = ((VERSE, 8), (CHORUS, 8), (VERSE, 8), (CHORUS, 8))


def _whole(verse: tuple[Row, ...] = PHRASE, chorus: tuple[Row, ...] = OTHER, last: tuple[Row, ...] = OTHER) -> SongView:
    return view(tune(*[verse] * 2, *[chorus] * 2, *[verse] * 2, *[last] * 2), sections=SECTIONS)


def test_rule_1_a_song_four_bars_too_long() -> None:
    right = song(tune(PHRASE))
    assert inside("form.length", form.length(SongView(right)))
    wrong = replace(right, context=replace(right.context, duration_seconds=right.seconds - 8.0))
    assert not inside("form.length", form.length(SongView(wrong)))


def test_rule_2_answers_that_stay_open() -> None:
    open_end = (*PHRASE[:-1], (13, 2, 62))
    assert inside("form.answers", form.answers(view(tune(open_end, PHRASE, open_end, PHRASE))))
    assert not inside("form.answers", form.answers(view(tune(PHRASE, open_end, PHRASE, open_end))))


def test_rule_3_a_verse_of_seven_bars() -> None:
    assert inside("form.hypermetre", form.hypermetre(view(sections=((INTRO, 4), (VERSE, 12), (OUTRO, 5)))))
    assert not inside("form.hypermetre", form.hypermetre(view(sections=((INTRO, 4), (VERSE, 7), (OUTRO, 5)))))


def test_rule_4_a_chorus_that_does_not_return() -> None:
    assert inside("form.returns", form.returns(_whole()))
    assert not inside("form.returns", form.returns(_whole(last=up(PHRASE, 5))))


def test_rule_4_a_chorus_like_its_verse() -> None:
    assert inside("form.contrast", form.contrast(_whole()))
    assert not inside("form.contrast", form.contrast(_whole(chorus=up(PHRASE, 4))))


def test_rule_5_a_chorus_as_low_as_its_verse() -> None:
    assert inside("form.height", form.height(_whole()))
    assert not inside("form.height", form.height(_whole(chorus=up(OTHER, -4), last=up(OTHER, -4))))
    assert not inside("form.height", form.height(_whole(chorus=up(OTHER, 7), last=up(OTHER, 7))))


def test_rule_5_a_peak_in_the_verse_or_too_early_or_too_often() -> None:
    late = (*OTHER[:-1], (13, 2, 76))
    shaped = view(tune(PHRASE, PHRASE, OTHER, late, PHRASE, PHRASE, OTHER, late), sections=SECTIONS)
    assert inside("form.peak_place", form.peak_place(shaped))
    assert inside("form.peak_count", form.peak_count(shaped))
    assert not inside("form.peak_place", form.peak_place(_whole(verse=up(PHRASE, 12))))
    early = view(tune(PHRASE, PHRASE, late, OTHER), sections=SECTIONS[:2])
    assert not inside("form.peak_place", form.peak_place(early))
    flat = tuple((start, length, 72) for start, length, _ in OTHER)
    assert not inside("form.peak_count", form.peak_count(_whole(chorus=flat, last=flat)))


def test_nothing_to_measure() -> None:
    silent = view()
    figures = (form.answers, form.returns, form.contrast, form.height, form.peak_place, form.peak_count)
    assert [figure(silent) for figure in figures] == [None] * 6


def test_rule_5_hears_the_parts_that_have_the_chorus() -> None:
    late = (*OTHER[:-1], (13, 2, 76))
    shape = ((INTRO, 8), *SECTIONS)
    sung = tune((), (), PHRASE, PHRASE, OTHER, late, PHRASE, PHRASE, OTHER, late, role=Role.VOCAL, name="vocal")
    flute = tune(up(PHRASE, 24), up(PHRASE, 24))
    assert inside("form.peak_place", form.peak_place(view(sung, flute, sections=shape)))
    # A singer's own intro above the chorus is heard.
    high = tune(up(PHRASE, 24), (), PHRASE, PHRASE, OTHER, late, role=Role.VOCAL, name="vocal")
    assert form.peak_place(view(high, sections=shape[:3])) == -1.0


def test_rule_5_the_last_third_begins_at_two_thirds() -> None:
    first: list[Row] = [(beat, 1, 60) for beat in range(24)]
    last: list[Row] = [(beat, 1, 72 if beat == 24 else 60) for beat in range(24, 36)]
    chorus = part("lead", Role.LEAD, "flute", notes([*first, *last], 24.0))
    shaped = view(chorus, sections=((VERSE, 6), (CHORUS, 9)))
    assert inside("form.peak_place", form.peak_place(shaped))
