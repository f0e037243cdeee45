"""Values as JSON and back (docs/json.md)."""

import base64
import math
import re
import struct
from collections.abc import Callable
from typing import Any

from .decode import decode
from .encode import encode
from .flat import INTEGERS, SAFE, check_safe, check_time
from .refused import Refused
from .schema import Field, Schema, Type
from .text import text_bytes
from .times import duration_text, read_duration, read_timestamp, timestamp_text, to_millis
from .unknown import Unknown
from .zero import zero_of

DECIMAL = r"-?(0|[1-9][0-9]*)"
WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "-0": -0.0}


def to_json(schema: Schema, type: Type, value: Any, field: Field | None = None) -> Any:
    kind = schema.kind(type)
    match kind:
        case "i64" | "u64":
            return str(value)
        case "f32" | "f64":
            return _float_json(value)
        case "bytes":
            return base64.b64encode(value).decode()
        case "timestamp":
            return timestamp_text(value, field is not None and field.nanos)
        case "duration":
            return duration_text(value, field is not None and field.nanos)
        case "uuid":
            text = value.hex()
            return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
        case "enum":
            return _name_of(schema, type, value)
        case "list":
            return [to_json(schema, type[1], it, field) for it in value]
        case "map":
            return {_key_text(schema, type[1], key): to_json(schema, type[2], it, field) for key, it in value.items()}
        case "message" | "struct":
            return {
                it.name: to_json(schema, it.type, value[it.number], it)
                for it in schema.declarations[type[1]].fields
                if it.number in value
            }
        case "union":
            number, held = value
            if isinstance(held, Unknown):
                return {"$unknown": base64.b64encode(encode(schema, type, value)).decode()}
            member = next(it for it in schema.declarations[type[1]].fields if it.number == number)
            return {member.name: to_json(schema, member.type, held, member)}
    return value


def _float_json(value: float) -> Any:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return "-0" if value == 0 and math.copysign(1, value) < 0 else value


def _name_of(schema: Schema, type: Type, number: int) -> Any:
    members = schema.declarations[type[1]].members
    return next((name for name, it in members.items() if it == number), number)


def _key_text(schema: Schema, type: Type, key: Any) -> str:
    if schema.kind(type) == "bool":
        return "true" if key else "false"
    return str(_name_of(schema, type, key) if schema.kind(type) == "enum" else key)


def from_json(schema: Schema, type: Type, json: Any, field: Field | None = None) -> Any:
    """Raises Refused for what is no value of the type."""
    kind = schema.kind(type)
    if kind in READERS:
        value = READERS[kind](json)
        return to_millis(value) if kind == "timestamp" and not (field and field.nanos) else value
    if kind in INTEGERS and kind != "enum":
        return check_safe(_integer(kind, json), field)
    match kind:
        case "enum":
            return _enum(schema, type, json)
        case "list":
            return [from_json(schema, type[1], it, field) for it in _of(list, json)]
        case "map":
            return _map(schema, type, _of(dict, json), field)
        case "union":
            return _union(schema, type, _of(dict, json))
    return _record(schema, type, _of(dict, json))


def _of(expected: type | tuple[type, ...], json: Any) -> Any:
    if not isinstance(json, expected) or (isinstance(json, bool) and expected is not bool):
        raise Refused("JSON of another kind")
    return json


def _integer(kind: str, json: Any) -> int:
    if kind in ("i64", "u64") and isinstance(json, str):
        if not re.fullmatch(DECIMAL, json):
            raise Refused("no decimal digits")
        value = int(json)
    else:
        number = _of((int, float), json)
        if number != int(number) or abs(number) > SAFE:
            raise Refused("no safe integer")
        value = int(number)
    try:
        struct.pack(INTEGERS[kind], value)
    except struct.error:
        raise Refused(f"beyond {kind}") from None
    return value


def _float(form: str) -> Callable[[Any], float]:
    def read(json: Any) -> float:
        if isinstance(json, str):
            if json not in WORDS:
                raise Refused("no number")
            return WORDS[json]
        try:
            return struct.unpack(form, struct.pack(form, float(_of((int, float), json))))[0]
        except OverflowError:
            raise Refused("beyond f32") from None

    return read


def _text(json: Any) -> str:
    text_bytes(_of(str, json), 1)
    return json


def _bytes(json: Any) -> bytes:
    try:
        data = base64.b64decode(_of(str, json), validate=True)
    except ValueError:
        raise Refused("no base64") from None
    if base64.b64encode(data).decode() != json:
        raise Refused("bits behind the end of base64")
    return data


def _uuid(json: Any) -> bytes:
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", _of(str, json)):
        raise Refused("no uuid")
    return bytes.fromhex(json.replace("-", ""))


def _time(kind: str, read: Callable[[str], tuple[int, int]]) -> Callable[[Any], tuple[int, int]]:
    def checked(json: Any) -> tuple[int, int]:
        value = read(_of(str, json))
        check_time(kind, *value)
        return value

    return checked


READERS: dict[str, Callable[[Any], Any]] = {
    "bool": lambda json: _of(bool, json),
    "f32": _float("<f"),
    "f64": _float("<d"),
    "string": _text,
    "bytes": _bytes,
    "uuid": _uuid,
    "timestamp": _time("timestamp", read_timestamp),
    "duration": _time("duration", read_duration),
}


def _enum(schema: Schema, type: Type, json: Any) -> int:
    if not isinstance(json, str):
        return _integer("i32", json)
    members = schema.declarations[type[1]].members
    if json not in members:
        raise Refused("no such member")
    return members[json]


def _map(schema: Schema, type: Type, json: dict[str, Any], field: Field | None) -> dict[Any, Any]:
    entries: dict[Any, Any] = {}
    for text, held in json.items():
        key = _key(schema, type[1], text)
        if key in entries:
            raise Refused("a key in two spellings")
        entries[key] = from_json(schema, type[2], held, field)
    return entries


def _key(schema: Schema, type: Type, text: str) -> Any:
    kind = schema.kind(type)
    if kind == "string":
        return _text(text)
    if kind == "bool":
        if text not in ("true", "false"):
            raise Refused("no bool")
        return text == "true"
    if kind == "enum" and text in schema.declarations[type[1]].members:
        return schema.declarations[type[1]].members[text]
    if not re.fullmatch(DECIMAL, text):
        raise Refused("no decimal digits")
    return _integer("i32" if kind == "enum" else kind, text if kind in ("i64", "u64") else int(text))


def _record(schema: Schema, type: Type, json: dict[str, Any]) -> dict[Any, Any]:
    value = {}
    for it in schema.declarations[type[1]].fields:
        held = json.get(it.name)
        if held is None:
            held = it.default
        if held is not None:
            value[it.number] = from_json(schema, it.type, held, it)
        elif not it.optional:
            value[it.number] = zero_of(schema, it.type)
    return value


def _union(schema: Schema, type: Type, json: dict[str, Any]) -> Any:
    if len(json) != 1:
        raise Refused("exactly one member")
    ((name, held),) = json.items()
    if name == "$unknown":
        # Who has learnt to know the member since reads it.
        return decode(schema, type, _bytes(held))
    member = next((it for it in schema.declarations[type[1]].fields if it.name == name), None)
    if member is None:
        raise Refused("no such member")
    return (member.number, from_json(schema, member.type, held, member))
