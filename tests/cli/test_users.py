"""Accounts made on the command line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from tests.api.accounts import PASSWORD, server_studio

from text2song.cli.main import status
from text2song.services.accounts import login


def create(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str, password: str = PASSWORD) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return status(["db", "create-user", *arguments, "--password-stdin", "--data-dir", str(folder)])


def test_the_first_administrator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert create(monkeypatch, tmp_path, "Chief@example.org", "--admin", "--plan", "PRO", "--name", "Chief") == 0
    studio = server_studio(tmp_path)
    user, _ = login(studio, "chief@example.org", PASSWORD)
    assert (user.is_admin, user.is_verified, user.plan, user.name) == (True, True, "PRO", "Chief")
    studio.close()
    assert create(monkeypatch, tmp_path, "chief@example.org") == 2


@pytest.mark.parametrize(("email", "password"), [("nobody", PASSWORD), ("a@example.org", "short")])
def test_a_wrong_account_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, email: str, password: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert create(monkeypatch, tmp_path, email, password=password) == 2
    assert capsys.readouterr().err.count("\n") == 1
