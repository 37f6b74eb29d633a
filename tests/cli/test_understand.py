import json

import pytest

from text2song.cli.main import status

FIELDS = {
    "genres", "moods", "bpm", "tempo_word", "key", "time_signature", "duration_seconds", "instruments", "without",
    "vocals", "voice", "language", "structure", "sources", "not_understood",
}  # fmt: skip


def test_json_has_the_fields_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["understand", "dreamy synthwave, 100 bpm, A minor, no guitar, 60 seconds", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == FIELDS
    assert found["genres"][0]["name"] == "synthwave"
    assert set(found["genres"][0]) == {"name", "parents", "weight"}
    assert (found["bpm"], found["key"], found["duration_seconds"]) == (100, "A minor", 60)
    assert "guitar" in found["without"]


def test_people_see_values_and_where_they_came_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["understand", "slow jazz in F# minor"]) == 0
    text = capsys.readouterr().out
    assert "jazz" in text
    assert "F# minor" in text
    assert "words" in text


@pytest.mark.parametrize("prompt", ["🎹🌧️", "موسيقى هادئة", "日本のシティポップ", "zzzz qqqq"])
def test_any_script_is_read_or_said_not_to_be_understood(prompt: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["understand", prompt, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["genres"]
