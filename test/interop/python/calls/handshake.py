"""The first frame in either direction (2.2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from values.refused import Refused
from values.source import Source, varint

from .failure import CODES, Failure, code_of
from .frames import block, read_text, text

MAGIC = b"rpcg"
VERSION = 1

CLIENT_ID, BOUND_INSTANCE, MESSAGE_LIMIT, STREAM_WINDOW, CONNECTION_WINDOW, INSTANCE_ID = 1, 2, 3, 4, 5, 6
SERVICES, STORE_ID, RETENTION, CHALLENGE, PROOF, NEARER = 7, 8, 9, 10, 11, 12

KINDS = ("unary", "server stream", "client stream", "both")
PROMISES = ("readonly", "idempotent", "atMostOnce", "exactlyOnce", "failStop")


@dataclass(frozen=True)
class Method:
    path: str
    kind: str
    promise: str


@dataclass
class Settings:
    """Of one end, by number. What is known of them has a property."""

    values: dict[int, bytes] = field(default_factory=dict)

    def __bytes__(self) -> bytes:
        return b"".join(varint(number) + block(value) for number, value in self.values.items())

    def number(self, setting: int, bits: int = 32) -> int | None:
        value = self.values.get(setting)
        if value is None:
            return None
        source = Source(value)
        number = source.varint(bits)
        source.close()
        return number


def read_settings(source: Source) -> Settings:
    settings = Settings()
    while source.left():
        number = source.varint()
        if number in settings.values:
            raise Refused("a setting twice")
        settings.values[number] = source.block()
    return settings


def hello(settings: Settings, version: int = VERSION) -> bytes:
    return MAGIC + varint(version) + bytes(settings)


def read_hello(data: bytes) -> tuple[int, Settings]:
    """The settings of another version may be anything, and are left unread."""
    source = Source(data)
    if source.take(4) != MAGIC:
        raise Refused("no HELLO")
    version = source.varint()
    if version != VERSION:
        return version, Settings()
    return version, checked(read_settings(source), (CLIENT_ID,), (CLIENT_ID, BOUND_INSTANCE, CHALLENGE))


def welcome(settings: Settings) -> bytes:
    return MAGIC + varint(VERSION) + b"\0" + bytes(settings)


def refused(code: str, message: str) -> bytes:
    return MAGIC + varint(VERSION) + b"\1" + bytes([CODES.index(code)]) + text(message)


def read_welcome(data: bytes) -> Settings:
    """Raises Failure if it is a refusal."""
    source = Source(data)
    if source.take(4) != MAGIC:
        raise Refused("no WELCOME")
    version = source.varint()
    status = source.byte()
    if status == 1:
        raise Failure(code_of(source.byte()), "no", read_text(source))
    if status != 0 or version != VERSION:
        raise Refused("a WELCOME of another version")
    settings = checked(read_settings(source), (INSTANCE_ID, SERVICES), (INSTANCE_ID, PROOF))
    read_services(settings.values[SERVICES])
    settings.number(RETENTION, 53)
    try:
        settings.values.get(STORE_ID, b"").decode()
    except UnicodeDecodeError:
        raise Refused("the name of a store that is not UTF-8") from None
    return settings


def checked(settings: Settings, needed: tuple[int, ...], ids: tuple[int, ...]) -> Settings:
    """Settings of the other end's greeting are as good as unknown here."""
    for number in (MESSAGE_LIMIT, STREAM_WINDOW, CONNECTION_WINDOW, *needed):
        if number not in settings.values:
            raise Refused(f"the setting {number} is missing")
    for number in (MESSAGE_LIMIT, STREAM_WINDOW, CONNECTION_WINDOW):
        settings.number(number)
    for number in ids:
        if len(settings.values.get(number, bytes(16))) != 16:
            raise Refused("an id that has not 16 bytes")
    return settings


def services_block(services: dict[str, list[Method]]) -> bytes:
    out = [varint(len(services))]
    for name, methods in services.items():
        out += [text(name), text(""), varint(len(methods))]
        for it in methods:
            head = KINDS.index(it.kind) | PROMISES.index(it.promise) << 2
            out += [text(it.path.rpartition("/")[2]), bytes([head])]
    return b"".join(out)


def promise_of(number: int) -> str:
    return PROMISES[number] if number < len(PROMISES) else ""


def read_services(data: bytes) -> list[Method]:
    """In the order of their numbers."""
    source, methods = Source(data), []
    for _ in range(source.varint()):
        service = read_text(source)
        read_text(source)
        for _ in range(source.varint()):
            name, head = read_text(source), source.byte()
            methods.append(Method(f"{service}/{name}", KINDS[head & 3], promise_of(head >> 2)))
    source.close()
    if len({it.path for it in methods}) < len(methods):
        raise Refused("a method that is listed twice")
    return methods
