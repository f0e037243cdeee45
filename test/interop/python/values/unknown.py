"""Fields and members that the reader's types do not have: they are stepped over, and kept (1.3, 1.4)."""

from dataclasses import dataclass

from .budget import MAX_LISTS, Budget
from .refused import Refused
from .schema import BLOCK, BYTES, FIXED4, FIXED8, LIST, MESSAGE, TEXT, VARINT
from .source import Source
from .text import LONG, Pool, read_long

MAX_NUMBER = 2**29 - 1


@dataclass(frozen=True)
class Unknown:
    number: int
    wire_type: int
    payload: bytes
    text: str  # its share of the pool


def read_unknown(source: Source, pool: Pool, budget: Budget, number: int, wire_type: int) -> Unknown:
    start = source.at
    share: list[str] = []
    _skip(source, pool, budget, wire_type, share, 0)
    return Unknown(number, wire_type, source.data[start : source.at], "".join(share))


def read_tag(source: Source, before: int) -> tuple[int, int] | None:
    """Number and wire type of the next field, or None at the end of the message."""
    tag = source.varint()
    if tag == 0:
        return None
    if tag >> 3 <= before:
        raise Refused("numbers ascend, from 1")
    return tag >> 3, tag & 7


def _skip(source: Source, pool: Pool, budget: Budget, wire_type: int, share: list[str], lists: int) -> None:
    if wire_type == VARINT:
        source.varint()
    elif wire_type == FIXED4:
        source.take(4)
    elif wire_type == FIXED8:
        source.take(8)
    elif wire_type == BYTES:
        source.block()
    elif wire_type == TEXT:
        units = source.varint()
        if units < LONG:
            share.append(pool.take(units))
        else:
            read_long(source, units)
    elif wire_type == BLOCK:
        length, units = source.varint(), source.varint()
        source.take(length)
        share.append(pool.take(units))
    elif wire_type == MESSAGE:
        budget.enter(1)
        before = 0
        while (tag := read_tag(source, before)) is not None:
            before = tag[0]
            _skip(source, pool, budget, tag[1], share, 0)
        budget.leave()
    else:
        _skip_list(source, pool, budget, share, lists + 1)


def _skip_list(source: Source, pool: Pool, budget: Budget, share: list[str], lists: int) -> None:
    if lists > MAX_LISTS:
        raise Refused("lists too deep")
    head = source.varint()
    if head == 0:
        return
    count, element = head >> 3, head & 7
    if count == 0:
        raise Refused("a list without elements is a byte 0")
    if element in (FIXED4, FIXED8):
        raise Refused("elements of such a type are flat")
    types = [element]
    if element == VARINT:
        both = source.byte()
        types = [both >> 4, both & 15]
        if types[0] not in (VARINT, FIXED8, TEXT) or types[1] > 7:
            raise Refused("no map has such entries")
    if count * len(types) > source.left():
        raise Refused("a count beyond the bytes")
    for _ in range(count):
        budget.count(1)
        for type in types:
            _skip(source, pool, budget, type, share, lists)


def keep(unknown: Unknown, pool: list[str], budget: Budget) -> bytes:
    """Its payload as it was; its text goes to the pool that is being written. It counts as it did when it was read."""
    text = Pool(unknown.text.encode("utf-16-le"), 1) if any(c > "\xff" for c in unknown.text) else None
    share = text or Pool(unknown.text.encode("latin-1"), 0)
    _skip(Source(unknown.payload), share, budget, unknown.wire_type, [], 0)
    pool.append(unknown.text)
    return unknown.payload
