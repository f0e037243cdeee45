"""Answers lines of JSON about values: what a value is as bytes, what bytes are as a value. One answer a line.

{"table": …}                        the types that the lines behind it speak of
{"type": …, "json": …}              -> {"hex": …}
{"type": …, "hex": …}               -> {"json": …, "again": hex of what was decoded, encoded}
                                    or {"refused": reason}
{"weigh": name}                     -> {"weight": …, "extras": of its fields, by number}
"""

import json
import sys
from typing import Any

from values.budget import Budget
from values.decode import decode
from values.encode import encode
from values.json_form import from_json, to_json
from values.refused import Refused
from values.schema import Schema, type_of

# Lists within lists within messages, each a few frames deep.
sys.setrecursionlimit(50_000)


def weights(schema: Schema, name: str) -> dict[str, Any]:
    budget = Budget(schema)
    extras = {it.number: budget.extra(it.type, it) for it in schema.declarations[name].fields}
    return {"weight": budget.weight_of(name), "extras": extras}


def answer(schema: Schema, line: dict[str, Any]) -> dict[str, Any]:
    type = type_of(line["type"])
    try:
        if "hex" in line:
            value = decode(schema, type, bytes.fromhex(line["hex"]))
            return {"json": to_json(schema, type, value), "again": encode(schema, type, value).hex()}
        return {"hex": encode(schema, type, from_json(schema, type, line["json"])).hex()}
    except Refused as refused:
        return {"refused": str(refused)}


def main() -> None:
    schema = Schema({})
    for text in sys.stdin:
        line = json.loads(text)
        if "table" in line:
            schema = Schema(line["table"])
        elif "weigh" in line:
            print(json.dumps(weights(schema, line["weigh"])))
        else:
            print(json.dumps(answer(schema, line)))


main()
