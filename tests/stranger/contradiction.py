"""Files of contradictions (FORMATS.md, chapter 27): their form, and what they convict."""

from dataclasses import dataclass

import ijson
import shows
import vkey as vkeys
from exhibit_of import Quoted, Unconfirmed
from spell import unb64
from wrong import Wrong

MAX_FILE = 4 * 1024 * 1024
MAX_REST = 16_384
MAX_INCLUDED = 32
BIG = {"genesis", "policy", "instrument", "entry", "submission", "act"}


@dataclass(frozen=True)
class Verdict:
    word: str
    says: str

    def __str__(self):
        return self.word

    @property
    def confirmed(self):
        return not self.word.startswith("unconfirmed")


def shape(holds, says):
    if not holds:
        raise Unconfirmed("shape", says)


def text(value):
    shape(isinstance(value, str), "no text")
    return value


def quote(value):
    shape(isinstance(value, str), "no quote")
    try:
        unb64(value)
    except Wrong as wrong:
        raise Unconfirmed("shape", wrong.says) from None
    return value


def hash_(value):
    shape(isinstance(value, str), "no hash")
    try:
        unb64(value, 32)
    except Wrong as wrong:
        raise Unconfirmed("shape", wrong.says) from None
    return value


def count(value):
    shape(isinstance(value, int) and not isinstance(value, bool) and value >= 0, "no number")
    return value


def vkey(value):
    try:
        vkeys.read(text(value))
    except Wrong as wrong:
        raise Unconfirmed("shape", wrong.says) from None
    return value


def listed(kind, most=None):
    def of(value):
        shape(isinstance(value, list) and (most is None or len(value) <= most), "no list, or too long a one")
        return [kind(item) for item in value]

    return of


def record(*fields):
    """Fields in this order; a name that ends in `?` may be absent. What is `null` or empty is absent too,
    and the file is refused afterwards, by its spelling."""
    names = [(name.rstrip("?"), name.endswith("?"), kind) for name, kind in fields]

    def of(value):
        shape(isinstance(value, dict), "no object")
        shape(set(value) <= {name for name, _, _ in names}, f"unknown fields: {sorted(value)}")
        out = {}
        for name, optional, kind in names:
            if optional and value.get(name) in (None, []):
                continue
            shape(name in value, f"`{name}` is missing")
            out[name] = kind(value[name])
        return out

    return of


INCLUDED = record(("index", count), ("entry", quote), ("proof", listed(hash_)))
SEVERAL = listed(INCLUDED, MAX_INCLUDED)
NOTE = CHECKPOINT = PAYLOAD = quote
PREFIX = record(("root", hash_), ("proof", listed(hash_)))
KEY = record(
    ("signer", text),
    ("enrolled?", record(("entry?", INCLUDED), ("seats?", SEVERAL), ("checkpoint", CHECKPOINT))),
)
SIGNED_ACT = record(("act", quote), ("signature?", PAYLOAD), ("assertion?", PAYLOAD))
STAMPED = record(("act", quote), ("stamp", PAYLOAD))
SUBMITTED = record(("submission", quote))
TWO_RECEIPTS = record(("a", PAYLOAD), ("b", PAYLOAD))
TWO_STAMPS = record(("key", KEY), ("a", STAMPED), ("b", STAMPED))

KINDS = {
    "fork": (shows.fork, record(("a", CHECKPOINT), ("b", CHECKPOINT), ("prefix?", PREFIX))),
    "double-index": (shows.double_index, TWO_RECEIPTS),
    "receipt-not-kept": (
        shows.receipt_not_kept,
        record(("receipt", PAYLOAD), ("leaf", INCLUDED), ("checkpoint", CHECKPOINT)),
    ),
    "time-backwards": (shows.time_backwards, TWO_RECEIPTS),
    "dated-after": (shows.dated_after, record(("entry", INCLUDED), ("checkpoint", CHECKPOINT))),
    "dated-before": (
        shows.dated_before,
        record(("entry", INCLUDED), ("mark", INCLUDED), ("checkpoint", CHECKPOINT)),
    ),
    "malformed-let-in": (
        shows.malformed_let_in,
        record(("ground", text), ("entry", INCLUDED), ("before?", SEVERAL), ("checkpoint", CHECKPOINT)),
    ),
    "false-refusal": (
        shows.false_refusal,
        record(("refusal", NOTE), ("submission", quote), ("entries?", SEVERAL), ("checkpoint?", CHECKPOINT)),
    ),
    "author-fork": (shows.author_fork, record(("key", KEY), ("a", SIGNED_ACT), ("b", SIGNED_ACT))),
    "freeze-broken": (
        shows.freeze_broken,
        record(("witness", vkey), ("freeze", NOTE), ("checkpoint", CHECKPOINT), ("last", INCLUDED)),
    ),
    "witness-fork": (
        shows.witness_fork,
        record(("witness", vkey), ("a", CHECKPOINT), ("b", CHECKPOINT), ("prefix?", PREFIX)),
    ),
    "witness-backwards": (
        shows.witness_backwards,
        record(("witness", vkey), ("a", CHECKPOINT), ("b", CHECKPOINT)),
    ),
    "intake-fork": (shows.intake_fork, TWO_STAMPS),
    "intake-backwards": (shows.intake_backwards, TWO_STAMPS),
    "false-state-note": (shows.false_state_note, record(("key", KEY), ("a", NOTE), ("b", NOTE))),
    "chain-replayed": (shows.chain_replayed, record(("a", SUBMITTED), ("b", SUBMITTED))),
}
REGISTER = record(("genesis", quote), ("registrar", text), ("policy?", quote), ("instrument?", quote))


def rest_of(value, name=""):
    """How long a file is without what may be long."""
    if isinstance(value, dict):
        return sum(0 if n in BIG and isinstance(v, str) else rest_of(v, n) for n, v in value.items())
    if isinstance(value, list):
        return sum(rest_of(item) for item in value)
    return len(value) if isinstance(value, str) else 0


def read(data):
    if len(data) > MAX_FILE:
        raise Unconfirmed("too_long", "more than 4 MiB")
    if not data.endswith(b"\n") or b"\n" in data[:-1]:
        raise Unconfirmed("not_one_line", "not one line that ends in a line feed")
    try:
        said = ijson.read(data[:-1])
    except Wrong as wrong:
        raise Unconfirmed("not_one_line", wrong.says) from None
    shape(said.get("format") == "mithaq.contradiction/v1", "another format")
    shape(isinstance(said.get("kind"), str) and said["kind"] in KINDS, "another kind")
    run, form = KINDS[said["kind"]]
    fields = record(("format", text), ("kind", text), ("register", REGISTER), ("shows", form))
    out = fields(said)
    if (ijson.write(out) + "\n").encode() != data:
        raise Unconfirmed("spelling", "another spelling than the one")
    if rest_of(out) > MAX_REST:
        raise Unconfirmed("too_long", "more than 16 KiB of what is not quoted at length")
    return run, out


def judge(data, register=None):
    """The verdict on a file, in the register that the reader means (by voice or by hash)."""
    try:
        run, said = read(data)
        return Verdict(*run(Quoted(said["register"], register), said["shows"]))
    except Unconfirmed as unconfirmed:
        return Verdict(f"unconfirmed {unconfirmed.reason}", unconfirmed.says)
