"""A server: handlers by path, and the records of guarded calls (2.9)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from values.refused import Refused
from values.source import Source, varint

from .connection import Connection, Windows, settings_of
from .failure import Failure
from .frames import CALL, CANCEL, END, GOAWAY, ITEM, REPLY, SETTLE, Call, Frame, read_call, read_headers, text
from .handshake import (
    CLIENT_ID, INSTANCE_ID, RETENTION, SERVICES, STORE_ID, VERSION, Method, Settings, read_hello, refused,
    services_block, welcome,
)  # fmt: skip
from .link import Broken, Link
from .streams import Incoming

GUARDED = ("atMostOnce", "exactlyOnce")
MAX_WAITING = 4


@dataclass
class Context:
    """What a handler is given beside its request."""

    call: Call
    connection: "ServerConnection"
    items: Incoming


# Gives the response, or elements of a stream; None where there is no result.
Handler = Callable[[bytes, Context], Awaitable[bytes] | AsyncIterator[bytes]]


@dataclass
class Record:
    """What is known of a guarded call: its answer is a frame less its stream, once it has ended."""

    method: str
    request: bytes
    answer: asyncio.Future[tuple[int, bytes]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    waiting: int = 0


class Server:
    def __init__(self, methods: list[Method], handlers: dict[str, Handler], own: Windows | None = None):
        self.methods, self.handlers, self.own = methods, handlers, own or Windows()
        self.instance = os.urandom(16)
        self.records: dict[tuple[bytes, int], Record] = {}
        self.connections: set[ServerConnection] = set()
        # Those that are over too.
        self.all: list[ServerConnection] = []

    def settings(self) -> Settings:
        services: dict[str, list[Method]] = {}
        for it in self.methods:
            services.setdefault(it.path.partition("/")[0], []).append(it)
        return Settings(
            {
                **settings_of(self.own),
                INSTANCE_ID: self.instance,
                SERVICES: services_block(services),
                STORE_ID: b"the only one",
                RETENTION: varint(600_000),
            }
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(reader, writer, self.own.message_limit)
        try:
            data = await asyncio.wait_for(link.read(), 5)
            version, peer = read_hello(data or b"")
            if version != VERSION:
                link.write(refused("FAILED_PRECONDITION", f"this server speaks version {VERSION}, the client {version}"))
                await link.close()
                return
        except (Refused, Broken, TimeoutError):
            link.abort()
            return
        link.write(welcome(self.settings()))
        connection = ServerConnection(link, self, peer)
        self.connections.add(connection)
        self.all.append(connection)
        await connection.run()
        self.connections.discard(connection)


class ServerConnection(Connection):
    def __init__(self, link: Link, server: Server, peer: Settings):
        super().__init__(link, server.own, peer)
        self.server = server
        self.client = peer.values[CLIENT_ID]
        self.last = 0
        self.ack_below = 0
        self.running: dict[int, asyncio.Task[None]] = {}
        self.items: dict[int, Incoming] = {}
        self.is_leaving = False

    def leave(self) -> None:
        self.is_leaving = True
        self.link.write(bytes(Frame(GOAWAY, self.last, bytes([14]) + text("this server is leaving"))))
        if not self.running:
            self.link.goodbye()

    async def on_frame(self, frame: Frame) -> None:
        if frame.kind in (CALL, SETTLE):
            self._begin(frame)
        elif frame.kind == CANCEL and frame.stream <= self.last:
            task = self.running.get(frame.stream)
            if task:
                task.cancel()
        elif frame.kind in (ITEM, END) and frame.stream <= self.last:
            items = self.items.get(frame.stream)
            if frame.kind == ITEM:
                if items:
                    items.item(frame.rest)
                else:
                    self.granted.arrived(len(frame.rest) + 64)
                    self.granted.taken(len(frame.rest) + 64)
            elif items:
                items.end()
        else:
            self.stray(frame)

    def _begin(self, frame: Frame) -> None:
        call = read_call(frame)
        if self.is_leaving and frame.stream > self.last:
            return
        if frame.stream in self.running:
            raise Refused("a stream for the second time")
        self.last = max(self.last, frame.stream)
        self.ack_below = max(self.ack_below, call.ack_below)
        self.open(frame.stream)
        self.items[frame.stream] = self.incoming(frame.stream)
        work = self._settle(frame.stream, call) if frame.kind == SETTLE else self._answer(frame.stream, call)
        self.running[frame.stream] = asyncio.create_task(self._until_over(frame.stream, work))

    async def _until_over(self, stream: int, work: Any) -> None:
        try:
            await work
        except (Broken, asyncio.CancelledError):
            pass
        finally:
            self.items.pop(stream).drop()
            self.stream_credits.pop(stream)
            self.running.pop(stream)
            if self.goaway or self.is_leaving:
                if not self.running:
                    self.link.goodbye()

    async def _answer(self, stream: int, call: Call) -> None:
        if call.method >= len(self.server.methods):
            await self.send(Failure("UNIMPLEMENTED", "no", "no such method").frame(stream))
            return
        method = self.server.methods[call.method]
        try:
            call.headers = read_headers(call.header_block) if call.header_block else {}
        except Refused as wrong_headers:
            await self.send(Failure("INVALID_ARGUMENT", "no", str(wrong_headers)).frame(stream))
            return
        context = Context(call, self, self.items[stream])
        if method.promise in GUARDED and method.kind == "unary":
            kind, rest = await self._guarded(method, call, context)
        else:
            kind, rest = await self._run(stream, method, call, context)
        await self.send(Frame(kind, stream, rest))

    async def _run(self, stream: int, method: Method, call: Call, context: Context) -> tuple[int, bytes]:
        """The handler's answer as a frame less its stream."""
        handler = self.server.handlers[method.path]
        try:
            # The server gives a unary call at most 60 s.
            limit = call.remaining_ms / 1000 or (60 if method.kind == "unary" else None)
            async with asyncio.timeout(limit):
                if method.kind in ("unary", "client stream"):
                    return REPLY, await handler(call.request, context)  # type: ignore[misc]
                async for payload in handler(call.request, context):  # type: ignore[union-attr]
                    await self.send_item(stream, payload)
                return END, b""
        except TimeoutError:
            return 3, Failure("DEADLINE_EXCEEDED", "unknown", "the deadline has passed").rest()
        except Failure as failure:
            return 3, failure.rest()
        except Refused as refused_value:
            return 3, Failure("INVALID_ARGUMENT", "no", str(refused_value)).rest()

    async def _guarded(self, method: Method, call: Call, context: Context) -> tuple[int, bytes]:
        identity = (call.key, 0) if call.key else (self.client, call.sequence)
        record = self.server.records.get(identity)
        if record is None:
            if not call.key and call.sequence < self.ack_below:
                return 3, Failure("FAILED_PRECONDITION", "unknown", reason="STALE").rest()
            record = self.server.records[identity] = Record(method.path, call.request)
            # It runs on, whoever waits for it.
            asyncio.create_task(self._record(record, method, call, context))
        elif (record.method, record.request) != (method.path, call.request):
            return 3, Failure("INVALID_ARGUMENT", "no", reason="CALL_ID_REUSED").rest()
        elif not record.answer.done() and record.waiting >= MAX_WAITING:
            return 3, Failure("FAILED_PRECONDITION", "unknown", reason="IN_PROGRESS").rest()
        record.waiting += 1
        try:
            return await asyncio.shield(record.answer)
        finally:
            record.waiting -= 1

    async def _record(self, record: Record, method: Method, call: Call, context: Context) -> None:
        record.answer.set_result(await self._run(0, method, call, context))

    async def _settle(self, stream: int, call: Call) -> None:
        identity = (call.key, 0) if call.key else (self.client, call.sequence)
        record = self.server.records.get(identity)
        if record is None:
            # From now on it never will.
            record = self.server.records[identity] = Record(self.server.methods[call.method].path, b"")
            record.answer.set_result((3, Failure("CANCELLED", "no", "it had not begun, and never will").rest()))
        kind, rest = await asyncio.shield(record.answer)
        await self.send(Frame(kind, stream, rest))

    def on_goaway(self, frame: Frame) -> None:
        if not self.running:
            self.link.goodbye()

    def on_lost(self, reason: Exception) -> None:
        for task in list(self.running.values()):
            task.cancel()
