from dataclasses import replace

from tests.audio.songs import small_song

from text2song.audio.tags.song import recipe_sha256, tags_of
from text2song.domain.theory import Key


def test_tags_say_what_the_song_is() -> None:
    tags = tags_of(small_song())
    assert (tags.title, tags.genre, tags.bpm, tags.key) == ("Small Song", "pop", "120", "Am")
    assert tags.lyrics.splitlines() == [line.text for line in small_song().lyrics.lines]  # type: ignore[union-attr]
    assert tags_of(small_song(), title="Mine").title == "Mine"
    assert len(tags.recipe) == 64


def test_keys_fit_their_three_letters() -> None:
    song = small_song()
    for name, short in (("Eb major", "Eb"), ("F# minor", "F#m"), ("D dorian", "Dm"), ("G mixolydian", "G")):
        context = replace(song.context, key=Key.parse(name))
        assert tags_of(replace(song, context=context)).key == short


def test_another_seed_is_another_recipe() -> None:
    song = small_song()
    assert recipe_sha256(song) == recipe_sha256(small_song())
    other = replace(song, provenance=replace(song.provenance, engine="composer 9"))
    assert recipe_sha256(other) != recipe_sha256(song)


def test_a_stem_has_the_songs_facts_without_words_and_cover() -> None:
    stem = tags_of(small_song(), cover=b"x").named("Small Song - bass")
    assert (stem.title, stem.genre, stem.lyrics, stem.cover) == ("Small Song - bass", "pop", "", None)
