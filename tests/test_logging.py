import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from text2song.logging import configure_logging


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_our_lines_and_the_libraries_are_one_json_object_each(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(json=True, level="INFO")
    structlog.get_logger("ours").info("song made", seconds=3)
    logging.getLogger("theirs").warning("slow %s", "query")
    logging.getLogger("theirs").debug("not shown")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["song made", "slow query"]
    assert lines[0]["seconds"] == 3
    assert [line["level"] for line in lines] == ["info", "warning"]


def test_text_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(json=False, level="WARNING")
    structlog.get_logger("ours").warning("disk nearly full", free="1 GiB")
    text = capsys.readouterr().err
    assert "disk nearly full" in text
    assert "1 GiB" in text
