import io
import sys

import pytest

from text2song.cli.progress import song_progress


def test_off_a_terminal_progress_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with song_progress("a [bold]song[/bold]") as progress:
        progress("mix", 0.5)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_the_stage_and_the_percentage_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with song_progress("night drive") as progress:
        progress("writing stems", 0.5)
    assert "writing stems" in terminal.getvalue()
    assert "50 %" in terminal.getvalue()
