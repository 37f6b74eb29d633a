"""Wrong types, wrong sizes and tricks in names: refused with a reason, whatever the field, never a failure of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.api.conftest import API, BASE
from tests.services.fakes import make_studio

from text2song.api.app import PREFIX, app_of, describe_app

SCHEMA: dict[str, Any] = describe_app().openapi()
SOME_ID = "01a1fe36-b7eb-7855-bbec-e81841dd7a9e"
#: Values of every type but the one that is asked for.
WRONG: dict[str, tuple[Any, ...]] = {
    "integer": ("1", "x", 1.5, True, False, [], {}, "१", 1e400, "1e3"),
    "number": ("1.0", True, False, [], {}, "NaN", "Infinity"),
    "string": (1, 1.5, True, [], {}, ["x"]),
    "boolean": ("true", "yes", 1, 0, 1.0, [], {}),
    "array": ("x", 1, {}, True),
}
TRICKS = (
    "../../etc/passwd",
    "..%2f..%2fstudio.db",
    "%2e%2e/%2e%2e/studio.db",
    "..%252fstudio.db",
    "..%c0%af..%c0%afstudio.db",
    "..\\..\\studio.db",
    "%00",
    "song.wav%00.png",
    "song.wav.",
    "song.wav%20",
    ".",
    "..",
    "%2f",
    "CON",
    "song.wav:stream",
    "a" * 5000,
    "%ff%fe",
    "💿.wav",
    "-rf",
    "~root",
    "|id",
    "$(id)",
    "file:///etc/passwd",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    studio = make_studio(tmp_path_factory.mktemp("strict"))
    with TestClient(app_of(studio), base_url=BASE, raise_server_exceptions=False) as made:
        yield made
    studio.close()


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def kinds(schema: dict[str, Any]) -> set[str]:
    """The JSON types that a schema allows."""
    schema = resolve(schema)
    if "anyOf" in schema:
        return {kind for each in schema["anyOf"] for kind in kinds(each)}
    return {schema["type"]} if isinstance(schema.get("type"), str) else set()


def bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """The first alternative that is not null."""
    schema = resolve(schema)
    found = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)
    return resolve(found)


def beyond(schema: dict[str, Any]) -> Iterator[Any]:
    """Values just outside the limits of a field."""
    schema = bounded(schema)
    step = 1 if schema.get("type") == "integer" else 0.001
    for name, way in (("minimum", -1), ("maximum", 1)):
        if name in schema:
            yield schema[name] + way * step
    for name in ("exclusiveMinimum", "exclusiveMaximum"):
        if name in schema:
            yield schema[name]
    if "maxLength" in schema:
        yield "x" * (schema["maxLength"] + 1)
    if schema.get("minLength", 0) > 0:
        yield "x" * (schema["minLength"] - 1)
    if "maxItems" in schema:
        yield [_item(schema)] * (schema["maxItems"] + 1)
    if schema.get("minItems", 0) > 0:
        yield [_item(schema)] * (schema["minItems"] - 1)
    if "enum" in schema:
        yield "none of them"


def _item(schema: dict[str, Any]) -> Any:
    item = bounded(schema.get("items", {}))
    return {"string": "x", "number": 0.5, "integer": 1}.get(item.get("type", ""), {"name": "pop"})


def bodies() -> Iterator[tuple[str, str, str, dict[str, Any], dict[str, Any]]]:
    """Every field of every JSON body: method, path, field, its schema, and a sound body around it."""
    for path, methods in SCHEMA["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" not in content:
                continue
            model = resolve(content["application/json"]["schema"])
            sound = dict((model.get("examples") or [{}])[0])
            for name, field in model["properties"].items():
                if name in model.get("required", ()) and name not in sound:
                    sound[name] = resolve(field).get("examples", [SOME_ID])[0]
            for name, field in model["properties"].items():
                yield method.upper(), path, name, field, sound


def queries() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Every bounded parameter of every query."""
    for path, methods in SCHEMA["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query":
                    yield method.upper(), path, parameter["name"], parameter["schema"]


def named(path: str) -> str:
    for name in ("prompt_id", "composition_id", "job_id", "take_id", "generation_id", "key_id", "file_id"):
        path = path.replace(f"{{{name}}}", SOME_ID)
    return path.replace("{name}", "song.wav")


def refused(reply: Any, field: str) -> None:
    assert reply.status_code == 422, f"{field}: {reply.status_code} {reply.text[:300]}"
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["detail"]


@pytest.mark.parametrize(("method", "path", "field", "schema", "sound"), list(bodies()))
def test_fields_of_bodies(
    client: TestClient, method: str, path: str, field: str, schema: dict[str, Any], sound: dict[str, Any]
) -> None:
    for kind in kinds(schema) & set(WRONG):
        for value in WRONG[kind]:
            allowed = kinds(schema)
            if (isinstance(value, list) and "array" in allowed) or (isinstance(value, dict) and "object" in allowed):
                continue
            if isinstance(value, str) and "string" in allowed:
                continue
            text = client.build_request("POST", BASE, json={**sound, field: value}).content if value != 1e400 else b""
            text = text or (f'{{"{field}": 1e400}}').encode()
            headers = {"content-type": "application/json"}
            refused(client.request(method, named(path), content=text, headers=headers), f"{field}={value!r}")
    for value in beyond(schema):
        refused(client.request(method, named(path), json={**sound, field: value}), f"{field}={str(value)[:40]}")
    refused(client.request(method, named(path), json={**sound, "no_such_field": 1}), "no_such_field")
    if "string" in kinds(schema) and "enum" not in bounded(schema):
        refused(client.request(method, named(path), json={**sound, field: "a\x00b"}), f"{field} with U+0000")
        lone = b'{"' + field.encode() + b'": "\\ud800"}'
        headers = {"content-type": "application/json"}
        refused(client.request(method, named(path), content=lone, headers=headers), f"{field} with half a character")


@pytest.mark.parametrize(("method", "path", "name", "schema"), list(queries()))
def test_parameters_of_queries(client: TestClient, method: str, path: str, name: str, schema: dict[str, Any]) -> None:
    values = [value for value in beyond(schema) if not isinstance(value, list)]
    if kinds(schema) & {"integer", "number"} and "string" not in kinds(schema):
        values += ["x", "1.5.2", "", "१२", "0x10", "1e999"]
    for value in values:
        reply = client.request(method, named(path), params={name: value})
        assert reply.status_code in (404, 422), f"{name}={str(value)[:40]}: {reply.status_code}"
    for trick in ("%00", "a%00b"):
        assert client.request(method, f"{named(path)}?{name}={trick}").status_code == 422
    for trick in ("%ff%fe", "%ed%a0%80", "%F0%9F%92%BF"):
        assert client.request(method, f"{named(path)}?{name}={trick}").status_code < 500


@pytest.mark.parametrize("trick", TRICKS)
def test_names_lead_nowhere(client: TestClient, trick: str) -> None:
    for path, methods in SCHEMA["paths"].items():
        for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
            method = next(iter(methods)).upper()
            body: dict[str, Any] | None = None if method in ("GET", "DELETE") else {}
            reply = client.request(method, named(path.replace(f"{{{name}}}", trick)), json=body)
            # A browser's way of reading "..", for instance, leads to other operations of ours, or to the page.
            assert reply.status_code < 500, f"{path} with {trick}: {reply.text[:200]}"
            assert b"root:" not in reply.content
            assert not reply.content.startswith(b"SQLite format 3")


def test_a_body_that_is_no_object(client: TestClient) -> None:
    for text in (b"", b"[]", b"null", b"1", b'"x"', b"{", b"\xff\xfe", b"[" * 100_000, b'{"prompt": "x"' + b"}" * 9):
        headers = {"content-type": "application/json"}
        refused(client.post(f"{API}/generate", content=text, headers=headers), text[:20].decode("latin-1"))
    assert PREFIX == API
