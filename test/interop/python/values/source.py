"""Bytes that are read from front to back."""

from .refused import Refused


class Source:
    def __init__(self, data: bytes, at: int = 0, end: int | None = None):
        self.data = data
        self.at = at
        self.end = len(data) if end is None else end

    def left(self) -> int:
        return self.end - self.at

    def take(self, count: int) -> bytes:
        if count > self.left():
            raise Refused("cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def rest(self) -> bytes:
        return self.take(self.left())

    def varint(self, bits: int = 32) -> int:
        """Minimal, and below 2^bits: 32, or 53 with at most eight bytes."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift >= (56 if bits == 53 else 35):
                raise Refused("a varint that is too long")
        if byte == 0 and shift > 7:
            raise Refused("a varint that is not minimal")
        if value >> bits:
            raise Refused(f"a varint of 2^{bits} or more")
        return value

    def block(self) -> bytes:
        return self.take(self.varint())

    def close(self) -> None:
        if self.left():
            raise Refused("bytes behind the end")


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def unzigzag(value: int) -> int:
    return value >> 1 if value & 1 == 0 else -((value + 1) >> 1)
