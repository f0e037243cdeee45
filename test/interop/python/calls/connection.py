"""What both ends do alike: they read frames, answer PINGs, put pieces together, and pay for elements."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from values.refused import Refused
from values.source import Source, varint

from .failure import CODES
from .frames import CREDIT, GOAWAY, ITEM, PIECE, PING, PONG, TAKEN, Frame, read_frame, read_text, text
from .handshake import CONNECTION_WINDOW, MESSAGE_LIMIT, STREAM_WINDOW, Settings
from .link import ROOM, Broken, Link
from .pieces import Cutter, Joiner
from .streams import ITEM_COST, Credit, Granted, Incoming, pay


class Windows:
    """What one end takes. Small ones make a short test meet their end."""

    def __init__(self, message_limit: int = 4 << 20, stream: int = 4096, connection: int = 16384, pieces: int = 10_000):
        self.message_limit, self.stream, self.connection, self.pieces = message_limit, stream, connection, pieces


class Connection:
    """Subclasses say what the frames of calls mean, in `on_frame`, and what is lost with the link, in `on_lost`."""

    def __init__(self, link: Link, own: Windows, peer: Settings):
        self.link, self.own, self.peer = link, own, peer
        self.cutter = Cutter(link.write, own.pieces)
        self.joiner = Joiner(link.write, own.message_limit + ROOM)
        self.credit = Credit(peer.number(CONNECTION_WINDOW) or 0)
        self.stream_credits: dict[int, Credit] = {}
        self.granted = Granted(own.connection, self.granter(0))
        # What came, by kind, for those who watch.
        self.seen: Counter[int] = Counter()
        self.pongs: asyncio.Queue[int] = asyncio.Queue()
        self.goaway: Frame | None = None
        self.strays = 0
        # How it ended, if not by goodbyes.
        self.lost: str | None = None

    def granter(self, stream: int) -> Callable[[int], None]:
        return lambda amount: self.link.write(bytes(Frame(CREDIT, stream, varint(amount))))

    def open(self, stream: int) -> Credit:
        credit = self.stream_credits[stream] = Credit(self.peer.number(STREAM_WINDOW) or 0)
        return credit

    def incoming(self, stream: int) -> Incoming:
        return Incoming(Granted(self.own.stream, self.granter(stream)), self.granted)

    async def send(self, frame: Frame) -> None:
        await self.cutter.send(frame)
        await self.link.drain()

    async def send_item(self, stream: int, payload: bytes) -> None:
        await pay(len(payload) + ITEM_COST, self.stream_credits[stream], self.credit)
        await self.send(Frame(ITEM, stream, payload))

    async def ping(self, value: int) -> int:
        """What the PONG holds."""
        self.link.write(bytes(Frame(PING, value)))
        return await self.pongs.get()

    def stray(self, frame: Frame) -> None:
        """A frame of an unknown kind or for nothing that is known: ten are dropped."""
        self.strays += 1
        if self.strays > 10:
            raise Refused(f"frames for nothing, the last of kind {frame.kind}")

    async def run(self) -> None:
        """Reads until either end has said goodbye or the link broke; never raises."""
        reason: Exception = Broken("a goodbye")
        try:
            while (data := await self.link.read()) is not None:
                await self._take(read_frame(data))
            await self.link.close()
        except Refused as broken_rule:
            reason, self.lost = broken_rule, str(broken_rule)
            self.link.write(bytes(Frame(GOAWAY, 0, bytes([CODES.index("INVALID_ARGUMENT")]) + text(str(broken_rule)))))
            self.link.goodbye()
        except Broken:
            self.lost = "broken"
        await self.cutter.close()
        self.on_lost(reason)
        self.link.abort()

    async def _take(self, frame: Frame) -> None:
        self.seen[frame.kind] += 1
        if frame.kind == PIECE:
            whole = self.joiner.add(frame)
            if whole is None:
                return
            frame = whole
            self.seen[frame.kind] += 1
        if frame.kind == PING:
            self.link.write(bytes(Frame(PONG, frame.stream)))
        elif frame.kind == PONG:
            self.pongs.put_nowait(frame.stream)
        elif frame.kind == TAKEN:
            await self.cutter.taken(frame.stream)
        elif frame.kind == CREDIT:
            amount = Source(frame.rest).varint()
            credit = self.credit if frame.stream == 0 else self.stream_credits.get(frame.stream)
            if credit:
                credit.grant(amount)
        elif frame.kind == GOAWAY:
            source = Source(frame.rest)
            source.byte()
            read_text(source)
            source.close()
            self.goaway = frame
            self.on_goaway(frame)
        else:
            await self.on_frame(frame)

    async def on_frame(self, frame: Frame) -> None:
        raise NotImplementedError

    def on_goaway(self, frame: Frame) -> None:
        raise NotImplementedError

    def on_lost(self, reason: Exception) -> None:
        raise NotImplementedError


def settings_of(windows: Windows) -> dict[int, bytes]:
    return {
        MESSAGE_LIMIT: varint(windows.message_limit),
        STREAM_WINDOW: varint(windows.stream),
        CONNECTION_WINDOW: varint(windows.connection),
    }
