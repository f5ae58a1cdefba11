"""Refusals and state notes (FORMATS.md, chapters 11 and 22), and which of the four notes bytes are."""

from dataclasses import dataclass

import checkpoint
import freeze as freezes
import note as notes
from freeze import count, head_of, only, text
from spell import hash_of, time_of
from wrong import need

GROUNDS = ("form", "key", "duplicate", "number", "previous", "quota", "signature")


@dataclass(frozen=True)
class Refusal:
    origin: str
    genesis: bytes
    act: bytes  # or None
    submission: bytes
    ground: str
    size: int
    note: notes.Note


@dataclass(frozen=True)
class State:
    origin: str
    genesis: bytes
    rules: int
    size: int
    root: bytes
    as_of: int
    lines: int
    state: bytes
    note: notes.Note


def read_refusal(data):
    got = notes.read(data)
    origin, genesis, body = head_of(got.text, "mithaq.refusal/v1")
    only(body, ("submission", "ground", "size", "at"), ("act",))
    need(body["ground"] in GROUNDS, "no ground")
    time_of(text(body["at"]))
    act = hash_of(text(body["act"])) if "act" in body else None
    return Refusal(origin, genesis, act, hash_of(text(body["submission"])), body["ground"], count(body["size"]), got)


def read_state(data):
    got = notes.read(data)
    origin, genesis, body = head_of(got.text, "mithaq.state/v1")
    only(body, ("rules", "size", "root", "as-of", "lines", "state"))
    return State(
        origin,
        genesis,
        count(body["rules"], 0, 2**32 - 1),
        count(body["size"]),
        hash_of(text(body["root"])),
        time_of(text(body["as-of"])),
        count(body["lines"]),
        hash_of(text(body["state"])),
        got,
    )


def read(data):
    """One of the four notes of chapter 21."""
    start = data.split(b" ", 1)[0]
    if start == b"mithaq.refusal/v1":
        return read_refusal(data)
    if start == b"mithaq.state/v1":
        return read_state(data)
    if start == b"mithaq.freeze/v1":
        return freezes.read(data)
    return checkpoint.read(data)
