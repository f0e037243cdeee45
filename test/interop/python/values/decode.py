"""Bytes to values: messages and structs are fields by number, with what is unknown under None; a union is a pair."""

from __future__ import annotations

from typing import Any

from .budget import Budget
from .flat import INTEGERS, read_bool, read_flat
from .refused import Refused
from .schema import BLOCK, BYTES, VARINT, Field, Schema, Type
from .source import Source, unzigzag
from .text import LONG, Pool, order_of, read_long
from .unknown import Unknown, read_tag, read_unknown
from .zero import is_zero, zero_of


def decode(schema: Schema, type: Type, data: bytes) -> Any:
    """A whole value (1.5). Raises Refused."""
    source = Source(data)
    if schema.width(type) is not None:
        value = read_flat(schema, type, source, None)
        source.close()
        return value
    header = source.varint()
    size = header >> 1 << (header & 1)
    if size > source.left():
        raise Refused("a pool beyond the bytes")
    source.end -= size
    decoder = _Decoder(schema, source, Pool(data[source.end :], header & 1))
    value = decoder.alone(type)
    source.close()
    decoder.pool.close()
    return value


class _Decoder:
    def __init__(self, schema: Schema, source: Source, pool: Pool):
        self.schema, self.source, self.pool, self.budget = schema, source, pool, Budget(schema)

    def alone(self, type: Type) -> Any:
        kind = self.schema.kind(type)
        if kind == "struct":
            return self.struct(type)
        if kind == "list" and self.schema.wire_type(type) == BLOCK:
            return self.structs(type[1], None)
        return self.payload(type, None)

    def payload(self, type: Type, field: Field | None) -> Any:
        """Behind a tag, in a list or map, or in a struct (1.3)."""
        source, kind = self.source, self.schema.kind(type)
        match kind:
            case "bool":
                return read_bool(source.varint())
            case "u8" | "u16" | "u32" | "i8" | "i16" | "i32" | "enum":
                return _ranged(kind, source.varint())
            case "f32" | "f64" | "i64" | "u64":
                return read_flat(self.schema, type, source, field)
            case "string":
                units = source.varint()
                return self.pool.take(units) if units < LONG else read_long(source, units)
            case "bytes":
                return source.block()
            case "message":
                return self.message(type)
            case "union":
                return self.union(type)
            case "map":
                return self.map(type, field)
            case "list":
                return self.list(type, field)
        if self.schema.width(type) is None:
            return self.block(lambda: self.struct(type))
        inner = Source(source.block())
        value = read_flat(self.schema, type, inner, field)
        inner.close()
        return value

    def block(self, read: Any, empty: Any = None) -> Any:
        length, units = self.source.varint(), self.source.varint()
        if length == 0 and units == 0 and empty is not None:
            return empty
        outer, before = self.source, self.pool.source.at
        self.source = Source(outer.take(length))
        value = read()
        self.source.close()
        self.source = outer
        if self.pool.source.at - before != units << self.pool.form:
            raise Refused("a block that uses other text than it says")
        return value

    def list(self, type: Type, field: Field | None) -> list[Any]:
        element, wire_type = type[1], self.schema.wire_type(type)
        if wire_type == BYTES:
            return self.flat_list(element, field)
        if wire_type == BLOCK:
            return self.block(lambda: self.structs(element, field, above=0), [])
        count = self.count(self.schema.wire_type(element), 1)
        return [self.element(element, field) for _ in range(count)]

    def element(self, type: Type, field: Field | None) -> Any:
        self.budget.count(1 + self.budget.extra(type, field))
        return self.payload(type, field)

    def count(self, low: int, least: int) -> int:
        """The head of a LIST, whose low bits must be these. Each element takes `least` bytes at the least."""
        head = self.source.varint()
        if head == 0:
            return 0
        if head & 7 != low or head < 8:
            raise Refused("the head of another list")
        if (head >> 3) * least > self.source.left():
            raise Refused("a count beyond the bytes")
        return head >> 3

    def flat_list(self, element: Type, field: Field | None) -> list[Any]:
        inner, items = Source(self.source.block()), []
        if inner.left() % (self.schema.width(element) or 1):
            raise Refused("half an element")
        extra = self.budget.extra(element, field) if self.schema.kind(element) == "struct" else 0
        while inner.left():
            self.budget.count(extra)
            items.append(read_flat(self.schema, element, inner, field))
        return items

    def structs(self, element: Type, field: Field | None, above: int = -1) -> list[Any]:
        count = self.source.varint()
        if count <= above or count > self.source.left():
            raise Refused("a count that is 0, or beyond the bytes")
        items = []
        for _ in range(count):
            self.budget.count(1 + self.budget.extra(element, field))
            items.append(self.struct(element))
        return items

    def map(self, type: Type, field: Field | None) -> dict[Any, Any]:
        _, key, value = type
        count = self.count(VARINT, 2)
        if count and self.source.byte() != self.schema.wire_type(key) << 4 | self.schema.wire_type(value):
            raise Refused("a map of other types")
        entries: dict[Any, Any] = {}
        last = None
        for _ in range(count):
            at = self.payload(key, field)
            order = order_of(at)
            if last is not None and order <= last:
                raise Refused("keys ascend")
            last = order
            entries[at] = self.element(value, field)
        return entries

    def message(self, type: Type) -> dict[Any, Any]:
        self.budget.enter(self.budget.weight_of(type[1]))
        by_number = {it.number: it for it in self.schema.declarations[type[1]].fields}
        value: dict[Any, Any] = {}
        unknown: list[Unknown] = []
        before = 0
        while (tag := read_tag(self.source, before)) is not None:
            before, wire_type = tag
            field = by_number.get(before)
            if field is None:
                if not unknown:
                    self.budget.count(4)
                unknown.append(read_unknown(self.source, self.pool, self.budget, before, wire_type))
            else:
                value[before] = self.field(field, wire_type)
        for it in by_number.values():
            if not it.optional and it.number not in value:
                value[it.number] = zero_of(self.schema, it.type)
        if unknown:
            value[None] = unknown
        self.budget.leave()
        return value

    def field(self, field: Field, wire_type: int) -> Any:
        if wire_type != self.schema.wire_type(field.type):
            raise Refused("a field of another wire type")
        if field.optional:
            self.budget.count(self.budget.extra(field.type, field))
        value = self.payload(field.type, field)
        if not field.optional and field.default is None and self.schema.kind(field.type) != "union":
            if is_zero(self.schema, field.type, value):
                raise Refused("a zero that is written")
        return value

    def union(self, type: Type) -> Any:
        self.budget.enter(1)
        tag = read_tag(self.source, 0)
        if tag is None:
            raise Refused("a union without a member")
        number, wire_type = tag
        field = next((it for it in self.schema.declarations[type[1]].fields if it.number == number), None)
        value: Any
        if field is None:
            self.budget.count(4)
            value = read_unknown(self.source, self.pool, self.budget, number, wire_type)
        else:
            if wire_type != self.schema.wire_type(field.type):
                raise Refused("a member of another wire type")
            self.budget.count(self.budget.extra(field.type, field))
            value = self.payload(field.type, field)
        if read_tag(self.source, number) is not None:
            raise Refused("a union with two members")
        self.budget.leave()
        return (number, value)

    def struct(self, type: Type) -> dict[Any, Any]:
        """The body of a struct that is not flat; of a flat one within it, its bytes."""
        if self.schema.width(type) is not None:
            return read_flat(self.schema, type, self.source, None)
        self.budget.enter(self.budget.weight_of(type[1]))
        value: dict[Any, Any] = {}
        for it in self.schema.declarations[type[1]].fields:
            if it.optional:
                if not read_bool(self.source.byte()):
                    continue
                self.budget.count(self.budget.extra(it.type, it))
            if self.schema.kind(it.type) == "struct":
                value[it.number] = self.struct(it.type)
            elif self.schema.width(it.type) is not None:
                value[it.number] = read_flat(self.schema, it.type, self.source, it)
            else:
                value[it.number] = self.payload(it.type, it)
        self.budget.leave()
        return value


def _ranged(kind: str, value: int) -> int:
    if kind[0] == "u":
        bits, number = int(kind[1:]), value
        low, high = 0, 1 << bits
    else:
        bits, number = 32 if kind == "enum" else int(kind[1:]), unzigzag(value)
        low, high = -(1 << bits - 1), 1 << bits - 1
    if not low <= number < high:
        raise Refused(f"beyond {kind}")
    return number
