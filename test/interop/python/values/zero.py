"""What a field holds that was not written (1.4)."""

from typing import Any

from .flat import write_flat
from .refused import Refused
from .schema import Schema, Type

SCALARS = {"bool": False, "string": "", "bytes": b"", "timestamp": (0, 0), "duration": (0, 0), "uuid": bytes(16)}


def zero_of(schema: Schema, type: Type) -> Any:
    """Of a message or struct, its fields by number."""
    kind = schema.kind(type)
    if kind == "union":
        raise Refused("a union has no zero")
    if kind == "list":
        return []
    if kind == "map":
        return {}
    if kind in ("message", "struct"):
        fields = schema.declarations[type[1]].fields
        return {it.number: zero_of(schema, it.type) for it in fields if not it.optional}
    return SCALARS.get(kind, 0)


def is_zero(schema: Schema, type: Type, value: Any) -> bool:
    """Whether nothing of it would be written: the bytes of a flat type are all 0, a message is its final byte alone."""
    if schema.width(type) is not None:
        return not any(write_flat(schema, type, value, None))
    kind = schema.kind(type)
    if kind == "union":
        return False
    if kind not in ("message", "struct"):
        return not value
    if None in value:
        return False
    for it in schema.declarations[type[1]].fields:
        if it.optional:
            if it.number in value:
                return False
        elif (it.default is not None and kind == "message") or not is_zero(schema, it.type, value[it.number]):
            return False
    return True
