from text2song.compose.decisions import Decisions
from text2song.compose.words.writer.plan import SongPlan
from text2song.compose.words.writer.voice import find_material


def _plan(theme: str, title: str = "") -> SongPlan:
    return SongPlan("", theme, title, 0.0, False, ("pop",), ())


def test_a_title_is_the_hook_else_the_theme_is_else_the_bank_has_one() -> None:
    assert find_material(_plan("the sea", "Salt"), Decisions(0)).hook.text == "Salt"
    assert find_material(_plan("the sea"), Decisions(0)).hook.text == "the sea"
    long = "everything that ever happened to my extraordinary uncle in Alabama"
    assert find_material(_plan(long), Decisions(0)).hook.text != long
    assert find_material(_plan(""), Decisions(0)).hook.count >= 1


def test_hooks_stand_in_lines_that_suit_them() -> None:
    gerund = {hook.text for hook in find_material(_plan("", "Going home"), Decisions(0)).hooks}
    thing = {hook.text for hook in find_material(_plan("", "The sea"), Decisions(0)).hooks}
    assert any(text.startswith(("I'm going home", "we're going home")) for text in gerund)
    assert not any(text.startswith("I'm the sea") for text in thing)
    assert any("for the sea" in text for text in thing)


def test_what_is_about_me_is_sung_by_me() -> None:
    for seed in range(20):
        material = find_material(_plan("my brothers and friends"), Decisions(seed))
        assert all(opening.text.split()[0] != "we" for opening in material.first)
