"""Every page says something, leads where it says, and can be found from the README."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)")


def links(page: Path) -> list[tuple[Path, str]]:
    """The pages and files that a page leads to, with the heading there, if one is named."""
    found = _LINK.findall(page.read_text(encoding="utf-8"))
    return [((page.parent / path).resolve() if path else page, heading) for path, heading in found]


def headings(page: Path) -> set[str]:
    """The names by which headings can be linked to: lower case, words joined by hyphens, nothing else."""
    found = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_begins_with_its_title_and_leads_somewhere(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert len(lines) > 2
    for target, heading in links(page):
        assert target.exists(), target
        assert not heading or heading in headings(target), (target, heading)


def test_every_page_can_be_found() -> None:
    found: set[Path] = set()
    todo = {ROOT / "README.md"}
    while todo:
        found |= todo
        # A link to a folder shows the pages in it.
        pages = {page for place in todo for page in (place.glob("*.md") if place.is_dir() else [place])}
        led = {target for page in pages if page.suffix == ".md" for target, _ in links(page)}
        todo = (pages | led) - found
    assert set(PAGES) <= found
