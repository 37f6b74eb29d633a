"""Domain values to JSON and back: canonical bytes, exact fractions, unknown fields refused."""

from __future__ import annotations

import dataclasses
import fractions
import hashlib
import json
import types
import typing
from collections.abc import Callable
from enum import Enum
from functools import cache, lru_cache
from json.encoder import encode_basestring
from math import isfinite
from operator import attrgetter, itemgetter
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
    """Return the canonical UTF-8 JSON of a domain value: sorted keys, no spaces, one trailing newline.

    That is the JSON of `to_plain(value)`, written without making it. Raises ValueError for what is no number.
    """
    return (_writer(type(value))(value) + "\n").encode()


def _dumped(plain: Any) -> str:
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _new_writer(kind: Any) -> Callable[[Any], str]:
    """Return what writes values of exactly one type."""
    if dataclasses.is_dataclass(kind):
        return _record_writer(kind)
    if issubclass(kind, fractions.Fraction):
        return _fraction_text
    if issubclass(kind, Enum):
        return lambda value: _writer(type(value.value))(value.value)
    if issubclass(kind, tuple | list):
        return lambda value: "[" + ",".join([_writer(type(item))(item) for item in value]) + "]"
    if issubclass(kind, dict):
        return _dict_text
    exact: dict[type, Callable[[Any], str]] = {str: encode_basestring, int: int.__repr__, float: _float_text}
    return exact.get(kind, _dumped)


#: What to do with a value is decided by its type, once for each type: a song is tens of thousands of values.
_writer: Callable[[Any], Callable[[Any], str]] = cache(_new_writer)


def _float_text(value: float) -> str:
    return float.__repr__(value) if isfinite(value) else _dumped(value)


def _record_writer(kind: Any) -> Callable[[Any], str]:
    names = sorted(name for name, _ in _fields(kind))
    if len(names) < 2:
        return lambda value: _dict_text({name: getattr(value, name) for name in names})
    template = "{" + ",".join(encode_basestring(name) + ":%s" for name in names) + "}"
    values = attrgetter(*names)
    return lambda value: template % tuple([_writer(type(each))(each) for each in values(value)])


def _fraction_text(value: fractions.Fraction) -> str:
    above, below = value.numerator, value.denominator
    return f'"{above}"' if below == 1 else f'"{above}/{below}"'


def _dict_text(value: dict[Any, Any]) -> str:
    items = sorted({str(key): item for key, item in value.items()}.items(), key=itemgetter(0))
    return "{" + ",".join([f"{encode_basestring(key)}:{_writer(type(item))(item)}" for key, item in items]) + "}"


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
    return _reader(kind)(plain)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return what reads values of a type."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional_reader(kind)
    if origin in (tuple, dict):
        return _tuple_reader(kind) if origin is tuple else _dict_reader(kind)
    if dataclasses.is_dataclass(kind):
        return _record_reader(kind)
    if kind is Fraction:
        return lambda plain: _fraction(plain) if type(plain) is str else Fraction(plain)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return _plain_reader(kind)


def _plain_reader(kind: Any) -> Callable[[Any], Any]:
    def read(plain: Any) -> Any:
        if type(plain) is kind or kind is Any:
            return plain
        if kind is float and type(plain) is int:
            return float(plain)
        raise TypeError(f"expected {kind.__name__}, got {type(plain).__name__}")

    return read


@lru_cache(maxsize=1 << 14)
def _fraction(text: str) -> Fraction:
    """Return the fraction of a text; a score has few that differ."""
    return Fraction(text)


def _optional_reader(kind: Any) -> Callable[[Any], Any]:
    options = get_args(kind)
    (present,) = (option for option in options if option is not type(None))
    optional = type(None) in options
    return lambda plain: None if plain is None and optional else _reader(present)(plain)


def _dict_reader(kind: Any) -> Callable[[Any], Any]:
    _, item_kind = get_args(kind)

    def read(plain: Any) -> Any:
        if not isinstance(plain, dict):
            raise TypeError(f"expected an object, got {type(plain).__name__}")
        inner = _reader(item_kind)
        return {str(key): inner(item) for key, item in plain.items()}

    return read


def _tuple_reader(kind: Any) -> Callable[[Any], Any]:
    kinds = get_args(kind)
    like = len(kinds) == 2 and kinds[1] is Ellipsis

    def read(plain: Any) -> Any:
        if not isinstance(plain, list):
            raise TypeError(f"expected a list, got {type(plain).__name__}")
        if like:
            inner = _reader(kinds[0])
            return tuple([inner(item) for item in plain])
        if len(kinds) != len(plain):
            raise ValueError(f"expected {len(kinds)} items, got {len(plain)}")
        return tuple([_reader(each)(item) for each, item in zip(kinds, plain, strict=True)])

    return read


def _record_reader(kind: Any) -> Callable[[Any], Any]:
    def read(plain: Any) -> Any:
        if not isinstance(plain, dict):
            raise TypeError(f"expected an object for {kind.__name__}, got {type(plain).__name__}")
        readers = _field_readers(kind)
        if not plain.keys() <= readers.keys():
            unknown = min(plain.keys() - readers.keys())
            raise ValueError(f"{kind.__name__} has no field {unknown!r}")
        return kind(**{name: readers[name](item) for name, item in plain.items()})

    return read


@cache
def _field_readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in _fields(kind)}


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(kind))
