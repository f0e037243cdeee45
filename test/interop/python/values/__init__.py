"""Values as bytes and as JSON: part 1 of docs/wire.md, and docs/json.md."""
