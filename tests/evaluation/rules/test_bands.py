from dataclasses import replace

from tests.evaluation.rules.scores import song

from text2song.domain.context import Genre
from text2song.evaluation.rules.bands import bands_for, load_bands


def _context(*genres: Genre):  # type: ignore[no-untyped-def]
    return replace(song().context, genres=genres)


def test_every_band_has_a_source_and_every_exception_a_reason() -> None:
    bands, exemptions = load_bands()
    assert all((band.source and band.low < band.high) or band.low == band.high for band in bands.values())
    assert all(band.soft > 0 for band in bands.values())
    assert {band.rule for band in bands.values()} == set(range(1, 30))
    assert all(one.figure in bands and one.reason and one.genres for one in exemptions)
    assert all(one.skip or one.low is not None or one.high is not None for one in exemptions)


def test_a_genre_or_its_ancestor_may_be_an_exception() -> None:
    pop = bands_for(_context(Genre("pop", (), 1.0, "pop")))
    bebop = bands_for(_context(Genre("hard bop", ("bebop", "jazz"), 1.0, "jazz")))
    assert pop["rhythm.swing"].high < 1.2 < bebop["rhythm.swing"].high
    assert not bands_for(_context(Genre("drone", (), 1.0, "ambient")))["rhythm.fills"].applies


def test_the_nearest_ancestor_decides() -> None:
    bossa = bands_for(_context(Genre("bossa nova", ("jazz",), 1.0, "bossanova")))
    assert bossa["rhythm.swing"].low < 1.0


def test_a_blend_may_be_what_either_genre_may_be() -> None:
    blend = bands_for(_context(Genre("jazz", (), 0.6, "jazz"), Genre("pop", (), 0.4, "pop")))
    assert blend["rhythm.swing"].low < 1.0 < 2.0 < blend["rhythm.swing"].high
    hint = bands_for(_context(Genre("jazz", (), 0.9, "jazz"), Genre("pop", (), 0.1, "pop")))
    assert hint["rhythm.swing"].low > 1.0


def test_a_miss_grows_with_the_distance() -> None:
    band = load_bands()[0]["form.height"]
    assert band.miss(3.0) == 0.0
    assert 0.0 < band.miss(1.0) < band.miss(-1.0) <= 1.0
    assert band.miss(-99.0) == 1.0
