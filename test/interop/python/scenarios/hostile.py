"""Rules that a client breaks: each must end the connection with a GOAWAY that says so."""

from __future__ import annotations

import asyncio
from typing import Any

from calls.client import Client
from calls.connection import Windows, settings_of
from calls.failure import CODES, Failure
from calls.frames import CREDIT, END, ITEM, PIECE, PONG, REPLY, Frame
from calls.handshake import CLIENT_ID, Settings, hello, read_welcome
from calls.link import Broken, dial
from notes import PREFIX, Notes
from values.source import Source, varint


async def version(notes: Notes, client: Client) -> Any:
    """A server that does not speak the version says which one it speaks, and leaves."""
    link = await dial(client.address, 1 << 20)
    link.write(hello(Settings({CLIENT_ID: bytes(16)}), 9))
    try:
        read_welcome(await link.read() or b"")
    except Failure as failure:
        return {"code": failure.code, "names both": "1" in failure.message and "9" in failure.message, "goodbye": await link.read() is None}


async def greetings(notes: Notes, client: Client) -> Any:
    """Greetings that are none: no WELCOME comes."""
    good = bytes(Settings({CLIENT_ID: bytes(16), **settings_of(Windows())}))
    short = bytes(Settings({CLIENT_ID: bytes(15), **settings_of(Windows())}))
    seen = {}
    for name, data in {
        "no magic": b"rpcx\1" + good,
        "a setting twice": b"rpcg\1" + good + good,
        "cut short": b"rpcg\1" + good[:-1],
        "a short id": b"rpcg\1" + short,
        "nothing": b"rpcg\1",
    }.items():
        link = await dial(client.address, 1 << 20)
        link.write(data)
        seen[name] = await _ending(link)
        link.abort()
    return seen


async def _ending(link: Any) -> str:
    """What the server sends instead of a WELCOME."""
    try:
        data = await link.read()
    except Broken:
        return "broken"
    if data is None:
        return "goodbye"
    try:
        read_welcome(data)
        return "WELCOME"
    except Failure as failure:
        return failure.code


# A Note with 300,000 bytes of data, more than a window. Who echoes it waits for our credit and reads no more.
LONG_NOTE = b"\0\x14" + varint(300_000) + bytes(300_000) + b"\0"

BREACHES: dict[str, list[bytes]] = {
    "flags on a frame that has none": [bytes([ITEM | 0x10, 1, 0])],
    "a frame without a stream": [bytes([END])],
    "bytes behind an END": [bytes([END, 1, 0])],
    "a varint that is not minimal": [bytes([END, 0x81, 0])],
    "an element beyond the credit": [b"CHAT", *[bytes(Frame(ITEM, 1, LONG_NOTE))] * 6],
    "an empty piece": [bytes(Frame(PIECE, 1, varint(9)))],
    "a piece of another stream": [bytes(Frame(PIECE, 1, varint(9) + b"12")), bytes(Frame(PIECE, 2, varint(7) + b"12"))],
    "a piece that announces as much": [bytes(Frame(PIECE, 1, varint(9) + b"12")), bytes(Frame(PIECE, 1, varint(9) + b"12"))],
    "a PING in pieces": [bytes(Frame(PIECE, 1, varint(0) + b"\x08\x01"))],
    "pieces longer than a frame": [bytes(Frame(PIECE, 1, varint(1 << 30) + b"12"))],
    "credits of 2^31": [bytes(Frame(CREDIT, 0, varint(2**31 - 1)))],
    "a stream for the second time": [b"CHAT", b"CHAT"],
    "eleven frames for nothing": [bytes(Frame(ITEM, 9))] * 11,
    "a REPLY": [bytes(Frame(REPLY, 1))],
    "a PONG with bytes behind it": [bytes([PONG, 1, 0])],
    "a stream of its own in pieces": [bytes(Frame(PIECE, 1, varint(0) + bytes(Frame(ITEM, 2))))],
    "an empty CALL": [b"\1"],
}


async def breaches(notes: Notes, client: Client) -> Any:
    seen = {}
    for name, frames in BREACHES.items():
        other = Client(client.address)
        connection = await other.connect()
        call = await other.new_call(PREFIX + "chat")
        connection.cutter.under_way = 100  # for the pieces that are written below
        for frame in frames:
            connection.link.write(bytes(call.frame(1)) if frame == b"CHAT" else frame)
        seen[name] = await _verdict(other)
        connection.link.abort()
    return seen


async def _verdict(client: Client) -> str:
    """How the connection ended, if the answer to a PING does not come first."""
    connection, reading = client.connection, client.reading
    assert connection and reading
    pong = asyncio.create_task(connection.ping(1))
    await asyncio.wait([pong, reading], return_when=asyncio.FIRST_COMPLETED)
    if pong.done():
        return "goes on"
    pong.cancel()
    if connection.goaway is None:
        return "ends without a word"
    source = Source(connection.goaway.rest)
    return CODES[source.byte()]


async def strays(notes: Notes, client: Client) -> Any:
    """Ten frames for nothing, and kinds that nobody knows, are dropped."""
    connection = await client.connect()
    for frame in [bytes(Frame(ITEM, 9))] * 5 + [bytes([14, 0]), bytes([15, 1, 2, 3])] + [bytes(Frame(END, 7))] * 3:
        connection.link.write(frame)
    return await connection.ping(5)


HOSTILE = {"version": version, "greetings": greetings, "breaches": breaches, "strays": strays}
