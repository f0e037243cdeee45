"""The types of a program, as table.ts writes them: aliases resolved, a type a name or a pair."""

from dataclasses import dataclass, field
from typing import Any

VARINT, FIXED4, FIXED8, TEXT, BYTES, MESSAGE, LIST, BLOCK = range(8)

WIDTHS = {
    "bool": 1, "i8": 1, "u8": 1, "i16": 2, "u16": 2, "i32": 4, "u32": 4, "i64": 8, "u64": 8,
    "f32": 4, "f64": 8, "timestamp": 12, "duration": 12, "uuid": 16,
}  # fmt: skip

# A scalar's name, ("list", type), ("map", key, value) or ("named", full name).
Type = Any


@dataclass(frozen=True)
class Field:
    name: str
    number: int
    type: Type
    optional: bool
    # As JSON (docs/json.md); None where there is none.
    default: Any
    # What the annotations of these names say. Sub-millisecond times and whole numbers from 2^53 on are not
    # for every program: what its types cannot hold it refuses, or loses.
    nanos: bool
    number64: bool
    typed_array: bool


@dataclass(frozen=True)
class Declaration:
    kind: str  # enum, struct, message or union; errors and parameter lists are messages
    fields: tuple[Field, ...] = ()
    members: dict[str, int] = field(default_factory=dict)


class Schema:
    def __init__(self, table: dict[str, Any]):
        self.declarations = {name: _declaration(it) for name, it in table.items()}
        self._widths: dict[str, int | None] = {}

    def of(self, type: Type) -> Declaration | None:
        return self.declarations[type[1]] if type[0] == "named" else None

    def kind(self, type: Type) -> str:
        """Of a scalar its name."""
        if isinstance(type, str):
            return type
        declaration = self.of(type)
        return declaration.kind if declaration else type[0]

    def width(self, type: Type) -> int | None:
        """Of a flat type in bytes; None of any other."""
        kind = self.kind(type)
        if kind == "enum":
            return 4
        if kind != "struct":
            return WIDTHS.get(kind)
        name = type[1]
        if name not in self._widths:
            self._widths[name] = None  # a struct that holds itself, by way of `?`, is not flat
            self._widths[name] = self._struct_width(self.declarations[name].fields)
        return self._widths[name]

    def _struct_width(self, fields: tuple[Field, ...]) -> int | None:
        total = 0
        for it in fields:
            width = None if it.optional else self.width(it.type)
            if width is None:
                return None
            total += width
        return total or 1

    def wire_type(self, type: Type) -> int:
        kind = self.kind(type)
        if kind in ("bool", "u8", "u16", "u32", "i8", "i16", "i32", "enum"):
            return VARINT
        if kind in ("f64", "i64", "u64"):
            return FIXED8
        fixed = {"f32": FIXED4, "string": TEXT, "bytes": BYTES, "message": MESSAGE, "union": MESSAGE, "map": LIST}
        if kind in fixed:
            return fixed[kind]
        if kind == "list":
            if self.width(type[1]) is not None:
                return BYTES
            return BLOCK if self.kind(type[1]) == "struct" else LIST
        return BLOCK if self.width(type) is None else BYTES


def _declaration(it: dict[str, Any]) -> Declaration:
    fields = tuple(
        Field(
            f["name"], f["number"], type_of(f["type"]), f["optional"], f.get("default"),
            f["nanos"], f["number64"], f["typedArray"],
        )
        for f in it.get("fields", [])
    )  # fmt: skip
    return Declaration(it["kind"], fields, it.get("members", {}))


def type_of(it: Any) -> Type:
    return it if isinstance(it, str) else tuple(type_of(part) for part in it)
