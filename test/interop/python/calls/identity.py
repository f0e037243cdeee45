"""What is derived by hashing: keys of calls within calls (2.4), and the mark and proof of an offer (2.2)."""

from __future__ import annotations

import hashlib
import struct

from values.source import Source

from .frames import read_text


def _first16(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:16]


def child_key(parent: str, path: str, step: int | str) -> bytes:
    """`parent` is a call's id as text; `step` is how many calls of this method it made before, or a name."""
    client_or_key, sequence = parent.split("/")
    last = b"\0" + struct.pack("<I", step) if isinstance(step, int) else b"\1" + step.encode()
    return _first16(bytes.fromhex(client_or_key) + struct.pack("<Q", int(sequence)) + path.encode() + last)


def host_mark(instance: bytes) -> bytes:
    """Of this host; Linux alone."""
    with open("/proc/sys/kernel/random/boot_id", "rb") as boot_id:
        return _first16(boot_id.read() + instance)


def proof(secret: bytes, challenge: bytes) -> bytes:
    return _first16(secret + challenge)


def read_offer(data: bytes) -> tuple[bytes, bytes, list[str]]:
    """Mark, secret and addresses."""
    source = Source(data)
    mark, secret = source.take(16), source.take(16)
    addresses = [read_text(source) for _ in range(source.varint())]
    source.close()
    return mark, secret, addresses
