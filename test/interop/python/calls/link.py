"""Frames on a TCP connection or a Unix socket: each behind its length (2.8)."""

from __future__ import annotations

import asyncio
import struct

from values.refused import Refused

# Of a frame beside its payload: the headers, and all the rest.
ROOM = (16 + 8) * 1024


class Broken(Exception):
    """The stream ended without a goodbye."""


class Link:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message_limit: int):
        self.reader, self.writer = reader, writer
        self.longest = message_limit + ROOM
        self.has_left = False

    async def read(self) -> bytes | None:
        """The next frame; None is the peer's goodbye."""
        try:
            (length,) = struct.unpack("<I", await self.reader.readexactly(4))
            if length > self.longest:
                raise Refused("a frame that is too long")
            return await self.reader.readexactly(length) if length else None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise Broken from None

    def write(self, frame: bytes) -> None:
        if not self.has_left:
            self.writer.write(struct.pack("<I", len(frame)) + frame)

    async def drain(self) -> None:
        try:
            await self.writer.drain()
        except ConnectionError:
            raise Broken from None

    def goodbye(self) -> None:
        if self.has_left:
            return
        self.has_left = True
        self.writer.write(bytes(4))
        if self.writer.can_write_eof():
            self.writer.write_eof()

    async def close(self) -> None:
        """Says goodbye, and waits for the peer's."""
        self.goodbye()
        try:
            while await self.read() is not None:
                pass
        except (Broken, Refused):
            pass
        self.abort()

    def abort(self) -> None:
        self.has_left = True
        self.writer.transport.abort()


async def dial(address: str, message_limit: int) -> Link:
    """`unix:PATH` or `tcp://HOST:PORT`."""
    if address.startswith("unix:"):
        return Link(*await asyncio.open_unix_connection(address[5:]), message_limit)
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    return Link(*await asyncio.open_connection(host, int(port)), message_limit)
