"""Values of fixed width (1.2)."""

import math
import struct
from typing import Any

from .refused import Refused
from .schema import Field, Schema, Type
from .source import Source

INTEGERS = {
    "i8": "<b", "u8": "<B", "i16": "<h", "u16": "<H", "i32": "<i", "u32": "<I", "i64": "<q", "u64": "<Q", "enum": "<i",
}  # fmt: skip
FLOATS = {"f32": ("<f", bytes.fromhex("0000c07f")), "f64": ("<d", bytes.fromhex("000000000000f87f"))}
SECONDS = {"timestamp": (-62135596800, 253402300799), "duration": (-315576000000, 315576000000)}
SAFE = 2**53 - 1


def check_safe(value: int, field: Field | None) -> int:
    if field and field.number64 and abs(value) > SAFE:
        raise Refused("beyond the safe integers, with @number")
    return value


def check_time(kind: str, seconds: int, nanos: int) -> None:
    low, high = SECONDS[kind]
    if not low <= seconds <= high or not 0 <= nanos < 10**9 or (kind == "duration" and seconds == high and nanos):
        raise Refused(f"a {kind} out of range")


def write_flat(schema: Schema, type: Type, value: Any, field: Field | None) -> bytes:
    kind = schema.kind(type)
    if kind == "bool":
        return b"\1" if value else b"\0"
    if kind in INTEGERS:
        return struct.pack(INTEGERS[kind], value if kind == "enum" else check_safe(value, field))
    if kind in FLOATS:
        form, nan = FLOATS[kind]
        return nan if math.isnan(value) else struct.pack(form, value)
    if kind in SECONDS:
        check_time(kind, *value)
        return struct.pack("<qI", *value)
    if kind == "uuid":
        return value
    fields = schema.declarations[type[1]].fields
    return b"".join(write_flat(schema, it.type, value[it.number], it) for it in fields) or b"\0"


def read_flat(schema: Schema, type: Type, source: Source, field: Field | None) -> Any:
    kind = schema.kind(type)
    if kind == "bool":
        return read_bool(source.byte())
    if kind in INTEGERS:
        form = INTEGERS[kind]
        (value,) = struct.unpack(form, source.take(struct.calcsize(form)))
        return check_safe(value, field) if kind in ("i64", "u64") else value
    if kind in FLOATS:
        form, nan = FLOATS[kind]
        data = source.take(len(nan))
        (value,) = struct.unpack(form, data)
        if math.isnan(value) and data != nan:
            raise Refused("another NaN")
        return value
    if kind in SECONDS:
        seconds, nanos = struct.unpack("<qI", source.take(12))
        check_time(kind, seconds, nanos)
        return (seconds, nanos)
    if kind == "uuid":
        return source.take(16)
    fields = schema.declarations[type[1]].fields
    if not fields and source.byte() != 0:
        raise Refused("a struct without fields is a byte 0")
    return {it.number: read_flat(schema, it.type, source, it) for it in fields}


def read_bool(value: int) -> bool:
    if value > 1:
        raise Refused("a bool is 0 or 1")
    return value == 1
