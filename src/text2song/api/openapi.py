"""Writes the description of the API, from which the web client is generated.

Run as `python -m text2song.api.openapi > web/openapi.json`.
"""

from __future__ import annotations

import json
import sys

from text2song.api.app import describe_app


def openapi_text() -> str:
    """Return the OpenAPI document as text, the same bytes for the same code."""
    return json.dumps(describe_app().openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(openapi_text())
