"""Domain values to JSON and back: canonical bytes, exact fractions, unknown fields refused."""

from __future__ import annotations

import dataclasses
import fractions
import hashlib
import json
import types
import typing
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

from text2song.domain.errors import InvalidError
from text2song.domain.rational import Fraction

T = TypeVar("T")


class UnreadableError(InvalidError):
    """The text is not a value of the expected type."""

    slug = "unreadable"


def to_plain(value: Any) -> Any:
    """Return `value` as JSON types; fractions become "3/4", enums their value, tuples lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name, _ in _fields(type(value))}
    if isinstance(value, fractions.Fraction):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    return value


def to_json(value: Any) -> bytes:
    """Return the canonical UTF-8 JSON of a domain value: sorted keys, no spaces, one trailing newline."""
    text = json.dumps(to_plain(value), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return (text + "\n").encode()


def digest(value: Any) -> str:
    """Return the SHA-256 (hex) of the canonical JSON."""
    return hashlib.sha256(to_json(value)).hexdigest()


def from_json(kind: type[T], text: bytes | str) -> T:
    """Return the value of type `kind` that `to_json` wrote; raises `UnreadableError`."""
    try:
        return typing.cast("T", from_plain(kind, json.loads(text, parse_constant=_refuse)))
    except (ValueError, TypeError, KeyError, ZeroDivisionError) as error:
        raise UnreadableError(f"not a readable {kind.__name__}: {error}") from error


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number")


def from_plain(kind: Any, plain: Any) -> Any:
    """Return `plain` (JSON types) as a value of type `kind`; raises ValueError or TypeError."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _from_union(kind, plain)
    if origin in (tuple, dict):
        return _from_tuple(kind, plain) if origin is tuple else _from_dict(kind, plain)
    if dataclasses.is_dataclass(kind):
        return _from_fields(kind, plain)
    if kind is Fraction or (isinstance(kind, type) and issubclass(kind, Enum)):
        return kind(plain)
    if kind is float and isinstance(plain, int) and not isinstance(plain, bool):
        return float(plain)
    if kind is not Any and type(plain) is not kind:
        raise TypeError(f"expected {kind.__name__}, got {type(plain).__name__}")
    return plain


def _from_union(kind: Any, plain: Any) -> Any:
    options = get_args(kind)
    if plain is None and type(None) in options:
        return None
    (present,) = (option for option in options if option is not type(None))
    return from_plain(present, plain)


def _from_dict(kind: Any, plain: Any) -> Any:
    if not isinstance(plain, dict):
        raise TypeError(f"expected an object, got {type(plain).__name__}")
    _, item_kind = get_args(kind)
    return {str(key): from_plain(item_kind, item) for key, item in plain.items()}


def _from_tuple(kind: Any, plain: Any) -> Any:
    if not isinstance(plain, list):
        raise TypeError(f"expected a list, got {type(plain).__name__}")
    kinds = get_args(kind)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(from_plain(kinds[0], item) for item in plain)
    if len(kinds) != len(plain):
        raise ValueError(f"expected {len(kinds)} items, got {len(plain)}")
    return tuple(from_plain(item_kind, item) for item_kind, item in zip(kinds, plain, strict=True))


def _from_fields(kind: Any, plain: Any) -> Any:
    if not isinstance(plain, dict):
        raise TypeError(f"expected an object for {kind.__name__}, got {type(plain).__name__}")
    fields = dict(_fields(kind))
    unknown = sorted(set(plain) - set(fields))
    if unknown:
        raise ValueError(f"{kind.__name__} has no field {unknown[0]!r}")
    return kind(**{name: from_plain(fields[name], item) for name, item in plain.items()})


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(kind))
