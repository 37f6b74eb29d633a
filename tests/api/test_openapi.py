"""The committed description is the application's own, and says nothing that the web client could not use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from text2song.api.app import describe_app
from text2song.api.openapi import openapi_text

COMMITTED = Path(__file__).parents[2] / "web" / "openapi.json"


def test_committed_description_is_fresh() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == openapi_text(), (
        "run: python -m text2song.api.openapi > web/openapi.json"
    )


def test_every_reference_leads_somewhere() -> None:
    document = json.loads(openapi_text())
    named = set(re.findall(r"#/components/schemas/(\w+)", openapi_text()))
    assert named <= set(document["components"]["schemas"])


def test_every_failure_is_a_problem_document() -> None:
    for path, operations in describe_app().openapi()["paths"].items():
        for operation in operations.values():
            for status, reply in operation["responses"].items():
                if status.startswith("4"):
                    assert list(reply["content"]) == ["application/problem+json"], (path, status)


def _within(
    schema: dict[str, Any], parts: dict[str, Any], seen: frozenset[str] = frozenset()
) -> Iterator[dict[str, Any]]:
    """A schema and all that it is made of."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name:
        if name not in seen:
            yield from _within(parts[name], parts, seen | {name})
        return
    yield schema
    inner = [*schema.get("anyOf", ()), *schema.get("properties", {}).values()]
    for part in [*inner, schema["items"]] if "items" in schema else inner:
        yield from _within(part, parts, seen)


def test_every_body_and_every_answer_is_exemplified() -> None:
    document = describe_app().openapi()
    parts = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            done = [reply for status, reply in operation["responses"].items() if status.startswith("2")]
            for said in (operation.get("requestBody", {}), *done):
                schema = said.get("content", {}).get("application/json", {}).get("schema")
                if schema:
                    assert any("examples" in part for part in _within(schema, parts)), (method, path)


def test_endpoints_stay_few() -> None:
    operations = sum(len(found) for found in describe_app().openapi()["paths"].values())
    assert operations <= 90
