"""Search answers the same on both databases, whatever is typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event, select, text
from tests.storage.libraries import opened, shelf, someone

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.jobs.queue import JobQueue
from text2song.storage.models import Composition
from text2song.storage.repositories.audiences import Audience
from text2song.storage.repositories.search import Narrowing, SearchRepository
from text2song.storage.terms import parsed

SONGS = {
    "Night Drive": "dreamy synthwave about neon lights",
    "Neon Rain": "slow rain on the roof, no drums",
    "Äther": "ambient pads, R&B drums",
    "夜の雨": "静かなピアノ",
    "Don't": "lo-fi hip hop for a rainy evening 🌧️",
}
MINE = Audience(LOCAL_OWNER_ID)

# Each search with the titles it finds, on either database.
FOUND = {
    "night": {"Night Drive"},
    "NIGHTS": {"Night Drive"},
    "driv": {"Night Drive"},
    "driving": {"Night Drive"},
    "neon": {"Night Drive", "Neon Rain"},
    "neon lights": {"Night Drive"},
    "lights neon": {"Night Drive"},
    '"neon lights"': {"Night Drive"},
    '"lights neon"': set(),
    "neon -synthwave": {"Neon Rain"},
    "rain": {"Neon Rain", "Don't"},
    '"rain"': {"Neon Rain"},
    "ather": {"Äther"},
    "r&b": {"Äther"},
    "夜": {"夜の雨"},
    "夜雨": set(),
    "ピアノ": {"夜の雨"},
    "dont": {"Don't"},
    "don't": {"Don't"},
    "lofi": set(SONGS),  # the genre of all of them
    "lo-fi rainy": {"Don't"},
    "🌧": {"Don't"},
    "the": {"Neon Rain"},
    "a": {"Don't"},
    "e": set(),
}

HOSTILE = (
    *('"', '""', "''", "'; DROP TABLE compositions; --", "*", "**", "night*", "(", ")", "(night", "NEAR(a b)", "AND"),
    *("OR", "NOT", "night AND", "NOT night", "title:night", "-", "--", "^night", "{title} : x", "labels:made", "\0"),
    *("night\0drive", "\\", "a\\'b", "%", "_", "\ud800", "\U0010ffff", "x" * 200, "a " * 100, "night:*", "!night"),
    *("night & drive", "<->", "'night' <-> 'drive'", ":*ABC", "+night", "night|drive", "\u202enight", "ﷺ", "\u0301"),
)


@pytest.fixture
def queue(database_url: str) -> Iterator[JobQueue]:
    with opened(database_url) as made:
        with shelf(made) as filled:
            for title, prompt in SONGS.items():
                filled.song(title, prompt)
        yield made


def titles(queue: JobQueue, words: str, audience: Audience = MINE) -> list[str]:
    with queue.sessions.read() as session:
        ids = SearchRepository(session).ranked(parsed(words), audience, 10)
        return [session.get_one(Composition, id_).title for id_ in ids]


def test_words_find_their_songs(queue: JobQueue) -> None:
    assert {words: set(titles(queue, words)) for words in FOUND} == FOUND


def test_any_input_is_words(queue: JobQueue) -> None:
    for words in HOSTILE:
        titles(queue, words)
    assert set(titles(queue, "night*")) == {"Night Drive"}
    assert titles(queue, "labels:made") == []
    with queue.sessions.read() as session:
        assert session.scalar(text("SELECT count(*) FROM compositions")) == len(SONGS)


def test_a_title_weighs_more_than_a_prompt(queue: JobQueue) -> None:
    with shelf(queue) as filled:
        filled.song("Something", "an accordion in the rain")
        filled.song("Accordion", "something")
        filled.song("Something else", "an accordion in the snow")
    assert titles(queue, "accordion")[0] == "Accordion"
    assert set(titles(queue, "accordion")) == {"Accordion", "Something", "Something else"}


def test_of_equals_the_newest_comes_first(queue: JobQueue) -> None:
    with shelf(queue) as filled:
        made = [filled.song("Tango", "a tango").id for _ in range(4)]
    with queue.sessions.read() as session:
        assert SearchRepository(session).ranked(parsed("tango"), MINE, 3) == tuple(made[:0:-1])


def test_only_finished_songs_are_ranked_but_all_match(queue: JobQueue) -> None:
    with shelf(queue) as filled:
        waiting = filled.song("Waltz", summary={})
    assert titles(queue, "waltz") == []
    with queue.sessions.read() as session:
        every = Narrowing(parsed("waltz"), (MINE.labels(),))
        found = SearchRepository(session).narrowed(select(Composition.id), every)
        assert session.scalars(found).all() == [waiting.id]
        assert SearchRepository(session).count(every) == 1
        assert SearchRepository(session).count(Narrowing(parsed("waltz"), (("made",), MINE.labels()))) == 0


def test_readers_find_their_own_and_the_public(queue: JobQueue) -> None:
    other = someone()
    with shelf(queue) as filled:
        filled.song("Bolero one", user_id=other)
        filled.song("Bolero two", user_id=other, public=True)
        filled.song("Bolero three")
    assert set(titles(queue, "bolero")) == {"Bolero two", "Bolero three"}
    assert set(titles(queue, "bolero", Audience(LOCAL_OWNER_ID, public=False))) == {"Bolero three"}
    assert set(titles(queue, "bolero", Audience(other))) == {"Bolero one", "Bolero two"}
    assert titles(queue, "bolero", Audience(None)) == ["Bolero two"]
    assert titles(queue, "bolero", Audience(other, own=False)) == ["Bolero two"]
    assert titles(queue, f"o{other.hex}") == []


def test_a_prompt_of_any_length_is_kept(queue: JobQueue) -> None:
    with shelf(queue) as filled:
        long = filled.song("Long", " ".join(f"word{number}" for number in range(4000)))
        filled.song("Unbroken", "x" * 4000)
    with queue.sessions.read() as session:
        assert session.scalars(select(Composition.id).where(Composition.title == "Long")).all() == [long.id]
    assert titles(queue, "word17") == ["Long"]


def test_a_search_is_a_value_of_its_type_and_no_text_to_be_cast(queue: JobQueue) -> None:
    seen = list[str]()
    event.listen(
        queue.sessions.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: seen.append(statement),
    )
    narrowing = Narrowing(parsed("neon"), (MINE.labels(),))
    with queue.sessions.read() as session:
        search = SearchRepository(session)
        assert len(search.ranked(parsed("neon"), MINE, 5)) == search.count(narrowing) == 2
        assert len(session.scalars(search.narrowed(select(Composition.id), narrowing, by_rank=True)).all()) == 2
    selects = [statement for statement in seen if "SELECT" in statement]
    assert len(selects) == 3
    # PostgreSQL would cast it again for every row once the statement is prepared.
    assert not any(sign in statement for statement in selects for sign in ("CAST", "VARCHAR"))
