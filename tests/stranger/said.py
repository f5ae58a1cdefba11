"""Refusals, state notes, receipts as notes (FORMATS.md, chapters 11, 22 and 21), and which of the notes bytes are."""

from dataclasses import dataclass

import checkpoint
import entry as entries
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


@dataclass(frozen=True)
class Promise:
    """A receipt as a note of its own."""

    origin: str
    genesis: bytes
    receipt: entries.Receipt
    note: notes.Note


def read_promise(data):
    got = notes.read(data)
    need(len(got.lines) == 1, "more than one signature")
    said = got.text.split("\n")
    need(len(said) == 7, "no receipt")
    receipt = entries.read_receipt(got.lines[0].payload, got.lines[0])
    origin, genesis = said[1], hash_of(said[2])
    need(entries.receipt_message(origin, genesis, receipt) == got.text.encode(), "text and payload differ")
    return Promise(origin, genesis, receipt, got)


def read(data):
    """One of the five notes of chapter 21."""
    if data.startswith(b"mithaq.receipt/v1\n"):
        return read_promise(data)
    start = data.split(b" ", 1)[0]
    if start == b"mithaq.refusal/v1":
        return read_refusal(data)
    if start == b"mithaq.state/v1":
        return read_state(data)
    if start == b"mithaq.freeze/v1":
        return freezes.read(data)
    return checkpoint.read(data)
