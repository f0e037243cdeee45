"""A client: it calls over one connection, and over another with the same id when that is lost."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass, field, replace

from values.refused import Refused
from values.source import varint

from .connection import Connection, Windows, settings_of
from .failure import Failure, read_failure
from .frames import CANCEL, END, ERROR, ITEM, REPLY, Call, Frame
from .handshake import BOUND_INSTANCE, CLIENT_ID, INSTANCE_ID, SERVICES, STORE_ID, Method, Settings, hello, read_services, read_welcome
from .link import Broken, Link, dial
from .streams import Incoming


class NeverSent(Exception):
    """The server's GOAWAY says that it has not begun the call, and will not."""


@dataclass
class Pending:
    """A call on the way: its answer, and the elements that come with it."""

    stream: int
    items: Incoming
    answer: asyncio.Future[bytes] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)
            self.answer.exception()  # who reads the elements alone does not ask for it
        self.items.end(error)


class ClientConnection(Connection):
    """Calls of one connection."""

    def __init__(self, link: Link, own: Windows, peer: Settings):
        super().__init__(link, own, peer)
        self.methods = {it.path: (number, it) for number, it in enumerate(read_services(peer.values[SERVICES]))}
        self.pending: dict[int, Pending] = {}
        self.streams = 0

    def number(self, path: str) -> int:
        return self.methods[path][0]

    async def begin(self, call: Call, *, settles: bool = False) -> Pending:
        if self.goaway:
            raise NeverSent
        self.streams += 1
        stream = self.streams
        self.open(stream)
        pending = self.pending[stream] = Pending(stream, self.incoming(stream))
        await self.send(call.settle(stream) if settles else call.frame(stream))
        return pending

    async def cancel(self, pending: Pending, code: int = 1) -> None:
        """The client wants nothing more of the call, and it is over."""
        await self.send(Frame(CANCEL, pending.stream, varint(code)))
        self.over(pending)
        pending.fail(Failure("CANCELLED", "unknown"))

    def over(self, pending: Pending) -> None:
        self.pending.pop(pending.stream, None)
        self.stream_credits.pop(pending.stream, None)
        if self.goaway and not self.pending:
            self.link.goodbye()

    async def on_frame(self, frame: Frame) -> None:
        pending = self.pending.get(frame.stream)
        if pending is None:
            if frame.kind not in (ITEM, END, CANCEL) or frame.stream > self.streams:
                self.stray(frame)
            elif frame.kind == ITEM:
                self.granted.arrived(len(frame.rest) + 64)
                self.granted.taken(len(frame.rest) + 64)
        elif frame.kind == ITEM:
            pending.items.item(frame.rest)
        elif frame.kind == CANCEL:
            self.stream_credits.pop(frame.stream, None)
        elif frame.kind in (REPLY, END, ERROR):
            if frame.kind == ERROR:
                pending.fail(read_failure(frame.rest))
            else:
                pending.answer.set_result(frame.rest)
                pending.items.end()
            self.over(pending)
        else:
            self.stray(frame)

    def on_goaway(self, frame: Frame) -> None:
        for pending in [it for it in self.pending.values() if it.stream > frame.stream]:
            self.pending.pop(pending.stream)
            pending.fail(NeverSent())
        if not self.pending:
            self.link.goodbye()

    def on_lost(self, reason: Exception) -> None:
        for pending in self.pending.values():
            pending.fail(reason)
        self.pending.clear()


class Client:
    """Connections to an address, one after another, under one id; its calls are counted over all of them."""

    def __init__(self, address: str, own: Windows | None = None):
        self.address, self.own = address, own or Windows()
        self.id = os.urandom(16)
        self.sequence = 0
        self.connection: ClientConnection | None = None
        self.reading: asyncio.Task[None] | None = None
        self.bound: bytes | None = None

    async def connect(self) -> ClientConnection:
        if self.connection and not self.connection.link.has_left and not self.connection.goaway:
            return self.connection
        link = await dial(self.address, self.own.message_limit)
        settings = Settings({CLIENT_ID: self.id, **settings_of(self.own)})
        if self.bound:
            settings.values[BOUND_INSTANCE] = self.bound
        link.write(hello(settings))
        answer = await asyncio.wait_for(link.read(), 5)
        if answer is None:
            raise Refused("a goodbye instead of a WELCOME")
        peer = read_welcome(answer)
        self.bound = peer.values[INSTANCE_ID]
        self.connection = ClientConnection(link, self.own, peer)
        self.reading = asyncio.create_task(self.connection.run())
        return self.connection

    async def new_call(self, path: str, request: bytes = b"", remaining_ms: int = 10_000) -> Call:
        connection = await self.connect()
        self.sequence += 1
        return Call(connection.number(path), request, sequence=self.sequence, remaining_ms=remaining_ms)

    async def unary(self, path: str, request: bytes, *, key: bytes | None = None, attempts: int = 3) -> bytes:
        """The response. What may be sent again is, after the connection was lost, as the same call."""
        call = await self.new_call(path, request)
        if key:
            call = replace(call, key=key, sequence=0)
        begun = time.monotonic()
        method = self.connection.methods[path][1]
        first = (self.bound, self.connection.peer.values.get(STORE_ID))
        while True:
            connection = await self.connect()
            now = (self.bound, connection.peer.values.get(STORE_ID))
            if call.attempt > 1 and not may_ask_again(method, first, now):
                raise Failure("FAILED_PRECONDITION", "unknown", reason="OUTCOME_UNKNOWN")
            try:
                # Methods have their numbers by connection.
                return await (await connection.begin(replace(call, method=connection.number(path)))).answer
            except NeverSent:
                continue
            except (Broken, Refused):
                if call.attempt >= attempts:
                    raise Failure("UNKNOWN", "unknown", reason="OUTCOME_UNKNOWN") from None
                age = int((time.monotonic() - begun) * 1000)
                call = replace(call, attempt=call.attempt + 1, age_ms=age)

    async def close(self) -> None:
        if self.connection and self.reading:
            self.connection.link.goodbye()
            await self.reading


def may_ask_again(method: Method, first: tuple[bytes | None, bytes | None], now: tuple[bytes | None, bytes | None]) -> bool:
    """Whether this server would know of the attempts before (2.9), or they do not matter."""
    if method.promise in ("readonly", "idempotent"):
        return True
    if method.promise == "exactlyOnce":
        return first[1] is not None and first[1] == now[1]
    return first[0] == now[0]
