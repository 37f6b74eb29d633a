from pathlib import Path

import pytest
from pydantic import ValidationError

from text2song.settings import Settings


def test_variables_are_read_with_their_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXT2SONG_PORT", "9001")
    monkeypatch.setenv("TEXT2SONG_DATA_DIR", "elsewhere")
    settings = Settings()
    assert (settings.port, settings.data_dir) == (9001, Path("elsewhere"))


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "70000"), ("PORT", "abc"), ("LOG_FORMAT", "xml"), ("LEASE_SECONDS", "0")]
)
def test_impossible_values_are_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"TEXT2SONG_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


def test_every_setting_is_documented() -> None:
    page = (Path(__file__).parents[1] / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"TEXT2SONG_{name.upper()}" in page
