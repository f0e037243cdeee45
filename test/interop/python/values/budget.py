"""The limits of a value: how deep it is, and how many nodes it takes (1.6)."""

from collections.abc import Iterable

from .refused import Refused
from .schema import Field, Schema, Type

MAX_DEPTH = 100
MAX_NODES = 1_048_576
MAX_LISTS = 32

NUMBERS = ("i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64")
THREE_WORDS = ("i32", "u32", "i64", "u64", "f32", "f64", "duration", "enum")


class Budget:
    """What one value may still take. Depth is the caller's to give back, by `leave`."""

    def __init__(self, schema: Schema):
        self.schema = schema
        self.nodes = 0
        self.depth = 0
        self.weights: dict[str, int] = {}

    def count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise Refused("too many nodes")

    def enter(self, nodes: int) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Refused("too deep")
        self.count(nodes)

    def leave(self) -> None:
        self.depth -= 1

    def weight(self, type: Type, field: Field | None) -> int:
        kind = self.schema.kind(type)
        if kind == "list":
            return 4 if field and field.typed_array and self.schema.kind(type[1]) in NUMBERS else 1
        if kind in ("struct", "message"):
            return self.weight_of(type[1])
        return {"timestamp": 2, "bytes": 4, "map": 4}.get(kind, 0)

    def weight_of(self, name: str) -> int:
        if name not in self.weights:
            self.weights[name] = self._weigh(self.schema.declarations[name].fields)
        return self.weights[name]

    def _weigh(self, fields: Iterable[Field]) -> int:
        here = [it for it in fields if not it.optional]
        optional = sum(1 for it in fields if it.optional)
        words = sum(3 if self.schema.kind(it.type) in THREE_WORDS else 1 for it in here)
        themselves = len(here) if len(here) > 100 or optional > 12 else words // 8
        return 1 + themselves + sum(self.weight(it.type, it) for it in here)

    def extra(self, type: Type, field: Field | None) -> int:
        kind = self.schema.kind(type)
        if kind in ("enum", "message", "union"):
            return 0
        weight = self.weight(type, field)
        if kind == "struct":
            width = self.schema.width(type)
            return weight if width is not None and (width < 8 or width < 4 * weight) else 0
        return weight
