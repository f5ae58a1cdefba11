"""Freezes (FORMATS.md, chapter 14)."""

from dataclasses import dataclass

import ijson
import note as notes
import vkey as vkeys
from spell import hash_of, is_hash
from wrong import Wrong, need


@dataclass(frozen=True)
class Freeze:
    origin: str
    genesis: bytes
    registrar: vkeys.Vkey
    size: int
    root: bytes
    note: notes.Note


def head_of(text, name):
    """Origin, genesis hash and object of a two-line text that begins with `name`."""
    lines = text.split("\n")
    need(len(lines) == 3 and lines[2] == "", "not two lines")
    words = lines[0].split(" ")
    need(len(words) == 3 and words[0] == name and is_hash(words[2]), f"no {name}")
    return words[1], hash_of(words[2]), ijson.read(lines[1])


def only(body, must, may=()):
    need(set(must) <= set(body) <= set(must) | set(may), "fields too many or too few")


def count(value, low=0, high=2**53 - 1):
    need(isinstance(value, int) and not isinstance(value, bool) and low <= value <= high, "no such number")
    return value


def text(value):
    need(isinstance(value, str), "no text")
    return value


def read(data):
    got = notes.read(data)
    origin, genesis, body = head_of(got.text, "mithaq.freeze/v1")
    only(body, ("registrar", "size", "root"))
    key = vkeys.read(text(body["registrar"]))
    need(key.kind == vkeys.NOTE and key.name == f"{origin}/registrar", "not a registrar's key")
    return Freeze(origin, genesis, key, count(body["size"]), hash_of(text(body["root"])), got)


def of_act(value, where):
    """A freeze that stands in an act; its genesis hash is compared with the act's elsewhere."""
    try:
        got = read(value.encode())
        need(got.origin == where.origin, "a freeze of another register")
        need(len(got.note.lines) == 1, "a freeze has one line")
    except Wrong as wrong:
        raise Wrong(wrong.says, "act::body") from None
    return got
