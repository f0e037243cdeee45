"""Values to their only bytes; the forms of values are those of decode.py."""

from __future__ import annotations

from typing import Any

from .budget import Budget
from .flat import write_flat
from .refused import Refused
from .schema import BLOCK, BYTES, Field, Schema, Type
from .source import varint, zigzag
from .text import LONG, form_of, order_of, text_bytes, units_of
from .unknown import Unknown, keep
from .zero import is_zero


def encode(schema: Schema, type: Type, value: Any) -> bytes:
    """A whole value (1.5). Raises Refused for what is too deep or too large."""
    if schema.width(type) is not None:
        return write_flat(schema, type, value, None)
    encoder = _Encoder(schema)
    body = encoder.alone(type, value)
    text = "".join(encoder.pool)
    form = form_of(text)
    return varint(units_of(text) << 1 | form) + body + text_bytes(text, form)


class _Encoder:
    def __init__(self, schema: Schema):
        self.schema, self.budget = schema, Budget(schema)
        self.pool: list[str] = []

    def alone(self, type: Type, value: Any) -> bytes:
        if self.schema.kind(type) == "struct":
            return self.struct(type, value)
        if self.schema.kind(type) == "list" and self.schema.wire_type(type) == BLOCK:
            return self.structs(type[1], value, None)
        return self.payload(type, value, None)

    def payload(self, type: Type, value: Any, field: Field | None) -> bytes:
        kind = self.schema.kind(type)
        match kind:
            case "bool" | "u8" | "u16" | "u32":
                return varint(int(value))
            case "i8" | "i16" | "i32" | "enum":
                return varint(zigzag(value))
            case "f32" | "f64" | "i64" | "u64":
                return write_flat(self.schema, type, value, field)
            case "string":
                return self.text(value)
            case "bytes":
                return varint(len(value)) + value
            case "message":
                return self.message(type, value)
            case "union":
                return self.union(type, value)
            case "map":
                return self.map(type, value, field)
            case "list":
                return self.list(type, value, field)
        if self.schema.width(type) is None:
            return self.block(lambda: self.struct(type, value))
        data = write_flat(self.schema, type, value, field)
        return varint(len(data)) + data

    def text(self, value: str) -> bytes:
        units = units_of(value)
        if units < LONG:
            self.pool.append(value)
            return varint(units)
        form = form_of(value)
        return varint(units) + bytes([form]) + text_bytes(value, form)

    def block(self, write: Any) -> bytes:
        before = len(self.pool)
        body = write()
        return varint(len(body)) + varint(units_of("".join(self.pool[before:]))) + body

    def list(self, type: Type, value: list[Any], field: Field | None) -> bytes:
        element, wire_type = type[1], self.schema.wire_type(type)
        if wire_type == BYTES:
            if self.schema.kind(element) == "struct":
                self.budget.count(len(value) * self.budget.extra(element, field))
            data = b"".join(write_flat(self.schema, element, it, field) for it in value)
            return varint(len(data)) + data
        if wire_type == BLOCK:
            return self.block(lambda: self.structs(element, value, field) if value else b"")
        if not value:
            return b"\0"
        head = varint(len(value) << 3 | self.schema.wire_type(element))
        return head + b"".join(self.element(element, it, field) for it in value)

    def element(self, type: Type, value: Any, field: Field | None) -> bytes:
        self.budget.count(1 + self.budget.extra(type, field))
        return self.payload(type, value, field)

    def structs(self, element: Type, value: list[Any], field: Field | None) -> bytes:
        out = [varint(len(value))]
        for it in value:
            self.budget.count(1 + self.budget.extra(element, field))
            out.append(self.struct(element, it))
        return b"".join(out)

    def map(self, type: Type, value: dict[Any, Any], field: Field | None) -> bytes:
        if not value:
            return b"\0"
        _, key, of = type
        out = [varint(len(value) << 3), bytes([self.schema.wire_type(key) << 4 | self.schema.wire_type(of)])]
        for at in sorted(value, key=order_of):
            out += [self.payload(key, at, field), self.element(of, value[at], field)]
        return b"".join(out)

    def message(self, type: Type, value: dict[Any, Any]) -> bytes:
        self.budget.enter(self.budget.weight_of(type[1]))
        fields: list[Field | Unknown] = [*self.schema.declarations[type[1]].fields, *value.get(None, [])]
        if None in value:
            self.budget.count(4)
        out = []
        for it in sorted(fields, key=lambda it: it.number):
            if isinstance(it, Unknown):
                out.append(varint(it.number << 3 | it.wire_type) + keep(it, self.pool, self.budget))
            elif it.number in value:
                out.append(self.field(it, value[it.number]))
            elif not it.optional:
                raise Refused("a field that is missing")
        self.budget.leave()
        return b"".join(out) + b"\0"

    def field(self, field: Field, value: Any) -> bytes:
        tag = varint(field.number << 3 | self.schema.wire_type(field.type))
        if field.optional:
            self.budget.count(self.budget.extra(field.type, field))
            return tag + self.payload(field.type, value, field)
        if field.default is not None or self.schema.kind(field.type) == "union":
            return tag + self.payload(field.type, value, field)
        return b"" if is_zero(self.schema, field.type, value) else tag + self.payload(field.type, value, field)

    def union(self, type: Type, value: Any) -> bytes:
        number, held = value
        self.budget.enter(1)
        if isinstance(held, Unknown):
            self.budget.count(4)
            tag, payload = held.number << 3 | held.wire_type, keep(held, self.pool, self.budget)
        else:
            field = next(it for it in self.schema.declarations[type[1]].fields if it.number == number)
            tag = number << 3 | self.schema.wire_type(field.type)
            self.budget.count(self.budget.extra(field.type, field))
            payload = self.payload(field.type, held, field)
        self.budget.leave()
        return varint(tag) + payload + b"\0"

    def struct(self, type: Type, value: dict[Any, Any]) -> bytes:
        if self.schema.width(type) is not None:
            return write_flat(self.schema, type, value, None)
        self.budget.enter(self.budget.weight_of(type[1]))
        out = []
        for it in self.schema.declarations[type[1]].fields:
            if it.optional:
                out.append(b"\1" if it.number in value else b"\0")
                if it.number not in value:
                    continue
                self.budget.count(self.budget.extra(it.type, it))
            held = value[it.number]
            if self.schema.kind(it.type) == "struct":
                out.append(self.struct(it.type, held))
            elif self.schema.width(it.type) is not None:
                out.append(write_flat(self.schema, it.type, held, it))
            else:
                out.append(self.payload(it.type, held, it))
        self.budget.leave()
        return b"".join(out)
