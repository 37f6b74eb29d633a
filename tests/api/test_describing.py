"""The description of the API says who may ask."""

from __future__ import annotations

from typing import Any

from text2song.api.app import PREFIX, describe_app


def test_every_operation_says_who_may_ask() -> None:
    schema: dict[str, Any] = describe_app().openapi()
    paths = schema["paths"]
    assert set(schema["components"]["securitySchemes"]) == {"apiKey", "session"}
    assert all("security" in operation for operations in paths.values() for operation in operations.values())
    assert paths[f"{PREFIX}/jobs"]["get"]["security"] == [{"apiKey": []}, {"session": []}]
    assert {} in paths[f"{PREFIX}/recent"]["get"]["security"]


def test_the_description_speaks_of_problems() -> None:
    parts = describe_app().openapi()["components"]["schemas"]
    assert "Problem" in parts
    assert "HTTPValidationError" not in parts
