import pytest

from text2song.compose.words.language import detect_language, is_english, language_name

TEXTS = {
    "en": "I walk along the river and the night is warm",
    "es": "Camino por la noche y no sé dónde estás, mi amor",
    "fr": "Je marche dans la nuit et je pense à toi",
    "de": "Ich gehe durch die Nacht und denke nur an dich",
    "it": "Cammino nella notte e non so perché tu sei qui",
    "pt": "Caminho pela noite e não sei por que você se foi, meu amor",
    "nl": "Ik loop door de nacht en ik denk aan jou, het is zo stil",
    "sv": "Jag går genom natten och det är en tyst natt",
    "ru": "Я иду по ночному городу",
    "uk": "Я йду, і ніч її зове",
    "ja": "夜のまちを歩いている",
    "ko": "밤거리를 걷는다",
    "el": "Περπατώ μέσα στη νύχτα",
}


@pytest.mark.parametrize("tag", TEXTS)
def test_languages_are_told_apart(tag: str) -> None:
    assert detect_language(TEXTS[tag]) == tag


@pytest.mark.parametrize(
    "text",
    ["", "la la la", "oh", "🎹 42", "Que sera, baby, I love you and you love me", "C'est la vie, I said to the night"],
)
def test_little_evidence_leaves_english(text: str) -> None:
    assert detect_language(text) == "en"


def test_plain_english_is_english_in_a_song_asked_for_in_another_language() -> None:
    words = "I love you in the morning\nwhen the sun is on the hill"
    assert detect_language(words, "de") == "en"
    assert detect_language("la la la", "de") == "de"
    assert detect_language("du und ich, all in", "de") == "de"


def test_names_and_countries() -> None:
    assert language_name("es-MX") == "Spanish"
    assert language_name("xx") == "xx"
    assert is_english("en-GB")
    assert not is_english("eng-land")
