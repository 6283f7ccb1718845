"""Questions to the JSON API, made from its own schema: fitting values mixed with every kind of unfitting one."""

import json
from typing import Any, cast
from urllib.parse import quote_from_bytes
from uuid import uuid4

import msgspec
from hypothesis import strategies as st
from live_server import Address

from server.web.application import web_application

_ODD_TEXTS = (
    "", " ", "\x00", "a\x00b", "\ud800", "\u202eabc\ufeff", "é" * 300, "x" * 10_001, "0", "-1", "null", "%00", "../..",
    "' or 1=1 --", "<b>", "{{7*7}}", "١٢٣", "1e5", "9" * 5000, "1-2", "99999999999999999-1", "-", "٣-٤",
)  # fmt: skip
_ODD_NUMBERS = (-1, 0, 2**31, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 10**30, -(2**63), 1.5, -0.0, 1e400, float("nan"))
_ODD_VALUES: tuple[Any, ...] = (None, True, [], {}, [[]], {"a": {"b": []}}, [None, 1, "x"], "text", 7)
_RAW = (
    b"", b"null", b"[]", b"7", b'"x"', b"{", b'{"a":', b"\xff\xfe", b"{}" * 2, b"[" * 20_000, b'{"a":' * 20_000,
    b'{"command_id":"12345678","command_id":7}', b'{"text":"\\ud800"}', b"\x00", b"\xef\xbb\xbf{}",
)  # fmt: skip
_ids = st.sampled_from((1, 2, 3, 4, 5, 6, 7, 8))
_numbers = st.one_of(_ids, st.sampled_from(_ODD_NUMBERS), st.integers())
_texts = st.one_of(st.sampled_from(_ODD_TEXTS), st.text(max_size=40))
_anything = st.one_of(st.sampled_from(_ODD_VALUES), _numbers, _texts)


class Operation(msgspec.Struct, frozen=True):
    method: str
    path: str
    parameters: tuple[tuple[str, str], ...]
    # The schema of the body's object, if there is one.
    body: dict[str, Any] | None
    names: frozenset[str]


class Question(msgspec.Struct, frozen=True):
    path: str
    body: bytes | None
    # Whether the body is an object, of which a refusal can name the field.
    names_fields: bool


def _schema() -> dict[str, Any]:
    # Nothing is asked of services and hub: only the schema is read.
    nothing = cast(Any, None)
    return web_application(nothing, Address("http://x"), nothing).openapi_schema.to_schema()


_SCHEMA = _schema()


def operations() -> list[Operation]:
    found = []
    for path, methods in _SCHEMA["paths"].items():
        for method, told in methods.items():
            parameters = tuple((each["name"], each["in"]) for each in told.get("parameters", ()))
            contents = told.get("requestBody", {}).get("content", {})
            body = _resolved(contents["application/json"]["schema"]) if "application/json" in contents else None
            forms = (_names(_resolved(content["schema"])) for content in contents.values())
            names = frozenset(name for name, _ in parameters).union(*forms)
            found.append(Operation(method.upper(), path, parameters, body, names))
    return found


@st.composite
def questions(draw: st.DrawFn, operation: Operation) -> Question:
    path, query = operation.path, []
    for name, place in operation.parameters:
        if place == "path":
            # One's own session must live on to ask the next question.
            numbers = st.sampled_from(_ODD_NUMBERS) if name == "session_id" else _numbers
            value = draw(_texts if draw(_rarely) else numbers)
            path = path.replace(f"{{{name}}}", _quoted(value))
        elif draw(st.booleans()):
            query += [f"{name}={_quoted(draw(_anything))}" for _ in range(draw(st.sampled_from((1, 1, 1, 2))))]
    address = path + ("?" + "&".join(query) if query else "")
    if operation.body is None:
        return Question(address, None, True)
    if draw(_rarely):
        return Question(address, draw(st.one_of(st.sampled_from(_RAW), st.binary(max_size=60))), False)
    body = json.dumps(draw(_object(operation.body))).encode("utf-8", "surrogatepass")
    return Question(address, body, _is_json(body))


_rarely = st.sampled_from((True, False, False, False, False, False))


@st.composite
def _object(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    made = {}
    for name, told in schema["properties"].items():
        if name not in schema.get("required", ()) and draw(st.booleans()):
            continue
        if draw(_rarely):
            continue
        made[name] = draw(_anything) if draw(_rarely) else draw(_fitting(name, told))
    if draw(_rarely):
        made[draw(_texts)] = draw(_anything)
    return made


def _fitting(name: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    schema = _resolved(schema)
    if name == "command_id":
        return st.builds(lambda: str(uuid4()))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "properties" in schema:
        return _object(schema)
    kinds = {each.get("type") for each in schema.get("oneOf", [schema])}
    if "integer" in kinds:
        return _ids
    return st.booleans() if "boolean" in kinds else _texts


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    for each in (schema, *schema.get("oneOf", ())):
        if "$ref" in each:
            found: dict[str, Any] = _SCHEMA["components"]["schemas"][each["$ref"].split("/")[-1]]
            return found
    return schema


def _is_json(body: bytes) -> bool:
    """Not what Python writes for infinity or half a character."""
    try:
        msgspec.json.decode(body)
    except msgspec.DecodeError:
        return False
    return True


def _names(schema: dict[str, Any] | None) -> frozenset[str]:
    own = schema["properties"] if schema and "properties" in schema else {}
    return frozenset(own).union(*(_names(_resolved(each)) for each in own.values()))


def _quoted(value: Any) -> str:
    return quote_from_bytes(str(value).encode("utf-8", "surrogatepass"), safe="") or "%20"
