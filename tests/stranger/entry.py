"""Submissions, entries, receipts and intakes (FORMATS.md, chapters 8, 9 and 12)."""

from dataclasses import dataclass
from functools import lru_cache

import act as acts
import ed25519
import note as notes
import tree
import vkey as vkeys
from spell import MAX_TIME, b64, digest, hash_of, is_signer, time_of, unb64
from wrong import Wrong, need

MAX_ENTRY = 65_535


@dataclass(frozen=True)
class Submission:
    note: notes.Note
    act: acts.Act
    signers: tuple  # a line of each signer
    passkeys: dict  # signer -> its second line
    intakes: tuple  # lines

    @property
    def bytes(self):
        return self.note.bytes

    @property
    def hash(self):
        return digest(self.bytes)


@dataclass(frozen=True)
class Receipt:
    line: notes.Line
    index: int
    time: int
    submission: bytes
    signature: bytes


@dataclass(frozen=True)
class Entry:
    bytes: bytes
    submission: Submission
    receipt: Receipt

    @property
    def act(self):
        return self.submission.act

    @property
    def leaf(self):
        return tree.leaf(self.bytes)


def lines(holds, number):
    need(holds, f"signature line {number}: signers, their passkeys, intakes, in this order", "act::signature_lines")


def read_submission(data, limit=15):
    note = notes.read(data)
    return split(note, limit)


def split(note, limit=15):
    act = acts.read(note.text.encode())
    genesis = act.kind == "genesis"
    need(len(note.lines) <= (63 if genesis else limit), "too many signature lines", "act::signature_lines")
    for i, signer in enumerate(act.signers):
        lines(i < len(note.lines) and note.lines[i].name == act.key_name(signer), i + 1)
    passkeys, intakes, places = {}, [], [act.key_name(signer) for signer in act.signers]
    place = 0
    for i, line in enumerate(note.lines[len(places) :], len(places) + 1):
        lines(not genesis, i)
        if line.name in places:
            lines(not intakes and line.name in places[place:], i)
            place = places.index(line.name) + 1
            passkeys[act.signers[place - 1]] = line
        else:
            rest = line.name.removeprefix(act.origin + "/")
            lines(rest != line.name and rest != "registrar" and is_signer(rest), i)
            intakes.append(line)
    return Submission(note, act, note.lines[: len(places)], passkeys, tuple(intakes))


def read_receipt(payload, line=None):
    need(len(payload) == 112, "a receipt has 112 bytes", "act::no_receipt")
    number = lambda data: int.from_bytes(data, "big")
    need(number(payload[8:16]) <= MAX_TIME, "a receipt beyond the year 9999", "act::no_receipt")
    return Receipt(line, number(payload[:8]), number(payload[8:16]), payload[16:48], payload[48:])


@lru_cache(maxsize=4096)
def read(data):
    need(len(data) <= MAX_ENTRY, f"longer than {MAX_ENTRY} bytes", "act::entry_too_long")
    note = notes.read(data)
    act = acts.read(note.text.encode())
    last = note.lines[-1]
    need(last.name == f"{act.origin}/receipt" and len(last.payload) == 112, "no receipt", "act::no_receipt")
    need(len(note.lines) <= (64 if act.kind == "genesis" else 16), "too many lines", "act::signature_lines")
    need(len(note.lines) > 1, "no line but the receipt", "act::signature_lines")
    submission = split(notes.Note(note.text, note.lines[:-1]))
    return Entry(data, submission, read_receipt(last.payload, last))


def receipted(data):
    """The hash of what an entry's receipt is for; none if it can't be read."""
    try:
        return read(data).submission.hash
    except Wrong:
        return None


def receipt_message(origin, genesis, receipt):
    return (
        f"mithaq.receipt/v1\n{origin}\n{b64(genesis)}\n{receipt.index}\n{receipt.time}\n{b64(receipt.submission)}\n"
    ).encode()


def receipt_key(origin, registrar):
    return vkeys.Vkey(f"{origin}/receipt", vkeys.RECEIPT, registrar.key)


def receipt_holds(origin, genesis, registrar, receipt):
    return ed25519.holds(registrar.key, receipt_message(origin, genesis, receipt), receipt.signature)


@dataclass(frozen=True)
class Intake:
    act: bytes
    time: int
    previous: bytes
    signature: bytes

    @property
    def message(self):
        return f"mithaq.intake/v1\n{b64(self.act)}\n{self.time}\n{b64(self.previous)}\n".encode()

    @property
    def hash(self):
        return digest(self.message)

    def holds(self, key):
        return ed25519.holds(key.key, self.message, self.signature)


def read_intake(act_id, payload):
    need(len(payload) == 104, "an intake has 104 bytes")
    need(int.from_bytes(payload[:8], "big") <= MAX_TIME, "an intake beyond the year 9999")
    return Intake(act_id, int.from_bytes(payload[:8], "big"), payload[8:40], payload[40:])


def intake_of(act):
    """What the act `intake` carries in its body."""
    body = act.body
    return Intake(hash_of(body["act"]), time_of(body["time"]), hash_of(body["previous"]), unb64(body["signature"], 64))
