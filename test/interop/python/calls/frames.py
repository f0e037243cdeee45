"""Frames and their bytes (2.3, 2.4, 2.5, 2.9). Those of the handshake are in handshake.py."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from values.refused import Refused
from values.source import Source, varint

CALL, REPLY, ERROR, ITEM, END, CANCEL, CREDIT, PING, PONG, GOAWAY, SETTLE, PIECE, TAKEN = range(1, 14)
HEADERS, KEY, UNUSUAL, SESSION = 0x10, 0x20, 0x40, 0x80


def text(value: str) -> bytes:
    return block(value.encode())


def block(value: bytes) -> bytes:
    return varint(len(value)) + value


def read_text(source: Source) -> str:
    try:
        return source.block().decode()
    except UnicodeDecodeError:
        raise Refused("text that is not UTF-8") from None


@dataclass
class Frame:
    """Any frame: `stream` is its first varint, which PING, PONG and TAKEN have for other things; `rest` is what its kind has behind it."""

    kind: int
    stream: int
    rest: bytes = b""
    flags: int = 0

    def __bytes__(self) -> bytes:
        return bytes([self.kind | self.flags]) + varint(self.stream) + self.rest


def read_frame(data: bytes) -> Frame:
    source = Source(data)
    first = source.byte()
    kind, flags = first & 15, first & 0xF0
    if flags and kind not in (CALL, SETTLE):
        raise Refused("flags on a frame that has none")
    frame = Frame(kind, source.varint(), source.rest(), flags)
    _check_rest(frame)
    return frame


def _check_rest(frame: Frame) -> None:
    """A frame has no bytes behind its last part."""
    source = Source(frame.rest)
    if frame.kind in (END, PING, PONG, TAKEN):
        source.close()
    elif frame.kind in (CANCEL, CREDIT):
        source.varint()
        source.close()


@dataclass
class Call:
    """What stands behind the stream of a CALL or SETTLE. The id is the key, or the client's and `sequence`."""

    method: int
    request: bytes = b""
    key: bytes | None = None
    sequence: int = 0
    ack_below: int = 0
    age_ms: int = 0
    remaining_ms: int = 0
    attempt: int = 1
    hop: int = 0
    criticality: int = 1
    # Id and ordinal.
    session: tuple[bytes, int] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    # As they came; read_headers says whether they are any.
    header_block: bytes = b""

    def frame(self, stream: int) -> Frame:
        unusual = (self.attempt, self.hop, self.criticality) != (1, 0, 1)
        flags = (HEADERS if self.headers else 0) | (KEY if self.key else 0) | (UNUSUAL if unusual else 0)
        flags |= SESSION if self.session else 0
        parts = [varint(self.method)]
        parts += [self.key] if self.key else [varint(self.sequence), varint(self.sequence - self.ack_below)]
        if self.key or unusual:
            parts.append(varint(self.age_ms))
        parts.append(varint(self.remaining_ms))
        if unusual:
            parts += [varint(self.attempt), varint(self.hop), bytes([self.criticality])]
        if self.session:
            parts += [self.session[0], varint(self.session[1])]
        return Frame(CALL, stream, b"".join([*parts, self._headers(), self.request]), flags)

    def settle(self, stream: int) -> Frame:
        identity = self.key + varint(self.age_ms) if self.key else varint(self.sequence)
        flags = (HEADERS if self.headers else 0) | (KEY if self.key else 0)
        return Frame(SETTLE, stream, varint(self.method) + identity + self._headers(), flags)

    def _headers(self) -> bytes:
        if not self.headers:
            return b""
        pairs = b"".join(text(key) + text(value) for key, value in self.headers.items())
        return block(varint(len(self.headers)) + pairs)


def read_call(frame: Frame) -> Call:
    """Of a CALL or SETTLE. Its headers are left as they came, for wrong ones cost the call alone."""
    source = Source(frame.rest)
    call = Call(source.varint())
    if frame.kind == SETTLE and frame.flags & ~(HEADERS | KEY):
        raise Refused("flags that a SETTLE does not have")
    if frame.flags & KEY:
        call.key = source.take(16)
    else:
        call.sequence = source.varint(53)
        if frame.kind == CALL:
            call.ack_below = call.sequence - source.varint(53)
        if call.sequence == 0 or call.ack_below < 0:
            raise Refused("sequences count from 1, and acknowledge what was before")
    if frame.flags & KEY or frame.flags & UNUSUAL:
        call.age_ms = source.varint(53)
    if frame.kind == CALL:
        call.remaining_ms = source.varint()
        if frame.flags & UNUSUAL:
            call.attempt, call.hop, call.criticality = source.varint(), source.varint(), source.byte()
        if call.attempt == 0:
            raise Refused("attempts count from 1")
        if frame.flags & SESSION:
            call.session = (source.take(16), source.varint(53))
    if frame.flags & HEADERS:
        call.header_block = source.block()
    call.request = source.rest()
    if frame.kind == SETTLE and call.request:
        raise Refused("bytes behind the end")
    return call


HEADER_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}")


def read_headers(data: bytes) -> dict[str, str]:
    """Raises Refused for what is no list of headers."""
    source, headers = Source(data), dict[str, str]()
    count = source.varint()
    if count > 64 or len(data) > 16 * 1024:
        raise Refused("too many headers, or too long ones")
    for _ in range(count):
        key, value = read_text(source), read_text(source)
        if not HEADER_KEY.fullmatch(key) or key.startswith("rpc-") or key in headers:
            raise Refused("no key of a header, or one that is there twice")
        if any(c < " " or c == "\x7f" for c in value):
            raise Refused("a control character in a header")
        headers[key] = value
    source.close()
    return headers
