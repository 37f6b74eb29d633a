import ast
from pathlib import Path

import pytest
from scripts.rules import commits, imports, locks, mirror, names, size, state
from scripts.rules.base import Rule, Source


def _offences(rule: Rule, text: str, path: str = "src/text2song/audio/thing.py", root: Path = Path()) -> list[str]:
    return [offence.message for offence in rule.check([Source(path, text, ast.parse(text))], root)]


def test_a_function_of_41_lines_is_too_long_and_of_40_is_not() -> None:
    body = "".join(f"    x{n} = {n}\n" for n in range(41))
    assert _offences(size.RULE, "def long():\n" + body) == ["long has 41 lines, more than 40"]
    assert not _offences(size.RULE, "def fine():\n" + body[: body.rindex("    x40")])


def test_a_long_file_is_found() -> None:
    assert _offences(size.RULE, "x = 1\n" * 301) == ["301 lines, more than 300"]


@pytest.mark.parametrize("value", ["[]", "{}", "dict()", "{1, 2}", "[x for x in ()]", "defaultdict(list)"])
def test_mutable_module_state_is_found(value: str) -> None:
    assert len(_offences(state.RULE, f"THINGS = {value}\n")) == 1


@pytest.mark.parametrize("value", ["()", "frozenset({1})", "MappingProxyType({})", "1"])
def test_frozen_module_values_are_fine(value: str) -> None:
    assert not _offences(state.RULE, f"THINGS = {value}\n")


def test_only_the_session_module_may_commit() -> None:
    text = "def save(session):\n    session.commit()\n"
    assert _offences(commits.RULE, text) == ["commits outside storage/session.py"]
    assert not _offences(commits.RULE, text, "src/text2song/storage/session.py")


def test_own_imports_stand_at_the_top_and_copyleft_ones_do_not() -> None:
    assert len(_offences(imports.RULE, "def f():\n    from text2song.domain import ids\n")) == 1
    assert len(_offences(imports.RULE, "import espeakng_loader\n")) == 1
    assert not _offences(imports.RULE, "def f():\n    import espeakng_loader\n")


def test_drawers_are_refused() -> None:
    assert len(_offences(names.RULE, "", "src/text2song/audio/utils.py")) == 1


def test_a_module_without_its_test_is_found(tmp_path: Path) -> None:
    text = "def f():\n" + "    x = 1\n" * 10
    assert not _offences(mirror.RULE, "x = 1\n" * 50, root=tmp_path)
    assert _offences(mirror.RULE, text, root=tmp_path) == ["has no tests/audio/test_thing.py"]
    (tmp_path / "tests" / "audio").mkdir(parents=True)
    (tmp_path / "tests" / "audio" / "test_thing.py").touch()
    assert not _offences(mirror.RULE, text, root=tmp_path)


def test_a_lock_that_names_a_host_is_found(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("numpy==2.4.6\n")
    (tmp_path / "requirements-dev.lock").write_text("--index-url https://example.org/simple\n")
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "package-lock.json").write_text('{"resolved": "https://example.org/x.tgz"}')
    assert len(list(locks.RULE.check([], tmp_path))) == 2
