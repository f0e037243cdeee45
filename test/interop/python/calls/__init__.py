"""Calls over a connection: part 2 of docs/wire.md."""
