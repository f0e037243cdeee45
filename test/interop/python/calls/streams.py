"""The two directions of a stream of elements, and the credit that bounds them (2.6)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from values.refused import Refused

ITEM_COST = 64


class Credit:
    """What a sender may still send, on one stream or on the whole connection."""

    def __init__(self, window: int):
        self.left = window
        self.changed = asyncio.Event()

    def grant(self, amount: int) -> None:
        self.left += amount
        if self.left >= 2**31:
            raise Refused("credits beyond 2^31")
        self.changed.set()


async def pay(cost: int, *credits: Credit) -> None:
    """Waits until all are above 0; each may go below with this one."""
    while any(it.left <= 0 for it in credits):
        for it in credits:
            if it.left <= 0:
                it.changed.clear()
                await it.changed.wait()
    for it in credits:
        it.left -= cost


class Granted:
    """The other side of a Credit: what the peer may still send us, and what our reader has read since the last grant."""

    def __init__(self, window: int, grant: Callable[[int], None]):
        self.window, self.left, self.read, self.grant = window, window, 0, grant

    def arrived(self, cost: int) -> None:
        if self.left <= 0:
            raise Refused("an element beyond the credit")
        self.left -= cost

    def taken(self, cost: int) -> None:
        self.read += cost
        if self.read * 2 >= self.window:
            self.left += self.read
            self.grant(self.read)
            self.read = 0


class Incoming:
    """The elements that come on a stream, in order, as payloads; ends with END, or raises what ended the call instead."""

    def __init__(self, stream: Granted, connection: Granted):
        self.stream, self.connection = stream, connection
        self.queue: asyncio.Queue[bytes | Exception | None] = asyncio.Queue()

    def item(self, payload: bytes) -> None:
        cost = len(payload) + ITEM_COST
        self.stream.arrived(cost)
        self.connection.arrived(cost)
        self.queue.put_nowait(payload)

    def end(self, error: Exception | None = None) -> None:
        self.queue.put_nowait(error)

    def drop(self) -> None:
        """Nobody reads any more: the connection has its credit back."""
        while not self.queue.empty():
            it = self.queue.get_nowait()
            if isinstance(it, bytes):
                self.connection.taken(len(it) + ITEM_COST)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            it = await self.queue.get()
            if it is None:
                return
            if isinstance(it, Exception):
                raise it
            self.stream.taken(len(it) + ITEM_COST)
            self.connection.taken(len(it) + ITEM_COST)
            yield it
