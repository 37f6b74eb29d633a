import io
from dataclasses import replace
from xml.etree import ElementTree

from PIL import Image
from tests.audio.songs import small_song

from text2song.audio.export.cover import SIDE, cover_jpeg, cover_of, cover_svg


def test_the_same_song_has_the_same_cover() -> None:
    assert cover_svg(cover_of(small_song())) == cover_svg(cover_of(small_song()))
    assert cover_jpeg(cover_of(small_song())) == cover_jpeg(cover_of(small_song()))


def test_another_seed_or_mood_looks_different() -> None:
    song = small_song()
    happy = replace(song, context=replace(song.context, valence=0.9, arousal=0.8))
    seeds = {cover_of(replace(song, provenance=replace(song.provenance, seed=seed))).top for seed in range(12)}
    assert cover_of(happy).top != cover_of(song).top or cover_of(happy).shapes != cover_of(song).shapes
    assert len(seeds) > 1


def test_one_ring_piece_per_section_and_one_ray_per_bar_inside_the_picture() -> None:
    song = small_song()
    shapes = cover_of(song).shapes
    assert len(shapes) == len(song.sections) + len({note.start // 4 for note in song.part("vocal").notes})
    assert all(0 <= x <= SIDE and 0 <= y <= SIDE for shape in shapes for x, y in shape.points)


def test_svg_is_well_formed_and_titles_are_escaped() -> None:
    cover = cover_of(small_song(), title='A < B & "C"')
    root = ElementTree.fromstring(cover_svg(cover))  # noqa: S314 - our own
    assert root.findtext("{http://www.w3.org/2000/svg}title") == 'A < B & "C"'


def test_jpeg_has_the_size_asked_for_and_more_than_one_colour() -> None:
    image = Image.open(io.BytesIO(cover_jpeg(cover_of(small_song()), 300)))
    assert image.size == (300, 300)
    assert len(image.getcolors(300 * 300) or ()) > 100


def test_a_song_without_a_tune_still_has_a_cover() -> None:
    bare = replace(small_song(), parts=(), lyrics=None)
    assert len(cover_of(bare).shapes) == len(bare.sections)
