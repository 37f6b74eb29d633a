"""What validation finds wrong, in words for the person who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_NO_OBJECT = "model_attributes_type"
#: Pydantic's kinds of error → what is said after the field's name; braces are filled from the error's context.
_WORDING = MappingProxyType(
    {
        "missing": "is missing",
        "extra_forbidden": "is not a field of this request",
        "greater_than_equal": "must be at least {ge}",
        "greater_than": "must be more than {gt}",
        "less_than_equal": "must be at most {le}",
        "less_than": "must be less than {lt}",
        "string_too_short": "must have at least {min_length} characters",
        "string_too_long": "must have at most {max_length} characters",
        "too_short": "must have at least {min_length} items",
        "too_long": "must have at most {max_length} items",
        "string_type": "must be text",
        "string_unicode": "is not valid Unicode text",
        "string_pattern_mismatch": "must match {pattern}",
        "int_type": "must be a whole number",
        "int_parsing": "must be a whole number",
        "int_from_float": "must be a whole number",
        "float_type": "must be a number",
        "float_parsing": "must be a number",
        "finite_number": "must be a finite number",
        "bool_type": "must be true or false",
        "bool_parsing": "must be true or false",
        "list_type": "must be a list",
        "dict_type": "must be a JSON object",
        "model_type": "must be a JSON object",
        _NO_OBJECT: "must be a JSON object",
        "literal_error": "must be {expected}",
        "enum": "must be {expected}",
        "uuid_parsing": "must be an id such as 019aa000-0000-7000-8000-000000000001",
        "timezone_aware": "must name its zone, as in 2026-11-21T12:00:00Z",
    }
)


def wording(error: Mapping[str, Any], field: str) -> str:
    """Return what is wrong with `field`, said after its name; of the body as a whole, which has none, a whole phrase.

    >>> wording({"type": "less_than_equal", "ctx": {"le": 600.0}, "msg": ""}, "duration")
    'must be at most 600'
    """
    kind, text = str(error["type"]), str(error["msg"]).removeprefix("Value error, ")
    if kind == "json_invalid":
        return "the body is not JSON"
    context = {name: f"{value:g}" if isinstance(value, float) else value for name, value in _context(error).items()}
    template = _WORDING.get(kind)
    said = text[:1].lower() + text[1:] if template is None else template.format_map(context)
    if context.get("min_length") == 1:
        said = "must not be empty"
    # What validators of ours say is a sentence already.
    if field or kind == "value_error":
        return said
    return f"the body {said}, sent as application/json" if kind == _NO_OBJECT else f"the body {said}"


def _context(error: Mapping[str, Any]) -> Mapping[str, Any]:
    return error.get("ctx") or {}
