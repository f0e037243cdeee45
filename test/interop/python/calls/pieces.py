"""Long frames in pieces, so that frames of other streams pass them (2.3)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from values.refused import Refused
from values.source import Source, varint

from .frames import CALL, CANCEL, CREDIT, END, ERROR, ITEM, PIECE, REPLY, SETTLE, TAKEN, Frame, read_frame
from .link import Broken

CUTTABLE = (CALL, REPLY, ERROR, ITEM, SETTLE)
# Those that wait for a frame of their stream that is in pieces.
OF_A_STREAM = (*CUTTABLE, END, CANCEL, CREDIT)
# So many pieces may be under way.
AHEAD = 3


class Cutter:
    """Sends frames; those longer than `size` bytes in pieces, one frame at a time."""

    def __init__(self, write: Callable[[bytes], None], size: int):
        self.write, self.size = write, size
        self.under_way = 0
        self.in_pieces: int | None = None
        self.changed = asyncio.Condition()
        self.is_over = False

    async def send(self, frame: Frame) -> None:
        data = bytes(frame)
        is_long = frame.kind in CUTTABLE and len(data) > self.size
        # A frame of the stream that is in pieces waits; so does any other that would be in pieces itself.
        while self.in_pieces is not None and frame.kind in OF_A_STREAM and (is_long or frame.stream == self.in_pieces):
            await self._change()
        if not is_long:
            self.write(data)
            return
        self.in_pieces = frame.stream
        # Who is cancelled meanwhile leaves no half of a frame: the pieces of others would be taken for its rest.
        sending = asyncio.ensure_future(self._send_pieces(frame.stream, data))
        # How that ended nobody asks then, as where the connection breaks before the last piece.
        sending.add_done_callback(lambda task: task.cancelled() or task.exception())
        await asyncio.shield(sending)

    async def _send_pieces(self, stream: int, data: bytes) -> None:
        try:
            for at in range(0, len(data), self.size):
                while self.under_way >= AHEAD:
                    await self._change()
                self.under_way += 1
                piece = data[at : at + self.size]
                self.write(bytes(Frame(PIECE, stream, varint(len(data) - at - len(piece)) + piece)))
        finally:
            self.in_pieces = None
            async with self.changed:
                self.changed.notify_all()

    async def _change(self) -> None:
        async with self.changed:
            await self.changed.wait()
        if self.is_over:
            raise Broken

    async def close(self) -> None:
        """Nothing leaves any more, and nobody waits for that."""
        self.is_over = True
        async with self.changed:
            self.changed.notify_all()

    async def taken(self, count: int) -> None:
        if count > self.under_way:
            raise Refused("more pieces taken than were sent")
        self.under_way -= count
        async with self.changed:
            self.changed.notify_all()


class Joiner:
    """Puts the pieces of the peer together, and answers each."""

    def __init__(self, write: Callable[[bytes], None], longest: int):
        self.write, self.longest = write, longest
        self.stream = 0
        self.left = 0
        self.parts: list[bytes] = []

    def add(self, frame: Frame) -> Frame | None:
        """The whole frame with its last piece."""
        source = Source(frame.rest)
        left, piece = source.varint(), source.rest()
        if not piece:
            raise Refused("an empty piece")
        if self.parts and (frame.stream, left + len(piece)) != (self.stream, self.left):
            raise Refused("a piece that does not continue its frame")
        if left + len(piece) > self.longest and not self.parts:
            raise Refused("a frame in pieces that is too long")
        self.stream, self.left = frame.stream, left
        self.parts.append(piece)
        self.write(bytes(Frame(TAKEN, 1)))
        if self.left:
            return None
        whole, self.parts = read_frame(b"".join(self.parts)), []
        if whole.kind not in CUTTABLE or whole.stream != self.stream:
            raise Refused("pieces that are no such frame")
        return whole
