"""Registers made by the page alone, with keys that everybody knows: good ones, and ones with one thing malformed.

`folders(root)` yields (name, folder) for `compare.py`. Nothing here says what is right: the two verifiers must agree.
"""

from pathlib import Path

import ed25519
import ijson
import note as notes
import tiles
import tree
import vkey as vkeys
from checkpoint import text_of
from spell import b64, digest, write_time

ORIGIN = "register.example/forged"
START = 1_767_600_000
INSTRUMENT = b"""[instrument]
name = "EXERCISE: two parties and two guarantors"
exercise = true
languages = ["en"]
authentic = ["en"]
order = "alphabetical"
basis = "text"

[participant.north]
role = "party"
names = { own = "North", label = "North" }
[participant.south]
role = "party"
names = { own = "South", label = "South" }
[participant.harbour]
role = "guarantor"
names = { own = "Harbour", label = "Harbour" }
[participant.lake]
role = "guarantor"
names = { own = "Lake", label = "Lake" }

[excluded.reed-band]
names = { text = "Reed Band" }
aliases = ["reedmen"]

[calendar]
zone = "+00:00"
deemed = "7d"
heartbeat = "1h"
carriage = "7d"
"""
LIBRARY = b"".join(
    path.read_bytes()
    for path in sorted(Path(__file__).resolve().parents[2].joinpath("procedures").glob("*.toml"))
    if "." not in path.stem  # what it says in other languages is no part of it
)


def seed(name):
    return digest(f"forged key {name}".encode())


def key(signer, kind=vkeys.NOTE, of=None):
    """The key that signs as `signer` (or another's raw key under its name)."""
    return vkeys.Vkey(f"{ORIGIN}/{signer}", kind, ed25519.public(seed(of or signer)))


REGISTRAR = key("registrar")
LOG = vkeys.Vkey(ORIGIN, vkeys.NOTE, REGISTRAR.key)
WITNESS = vkeys.Vkey("w1.example/witness", vkeys.COSIGN, ed25519.public(seed("w1")))
POLICY = f"log {LOG}\nwitness w1 {WITNESS}\ngroup all 1 w1\nquorum all\n".encode()


def line(vkey, payload):
    return notes.Line(vkey.name, vkey.id, payload)


def signed(vkey, of, text):
    return line(vkey, ed25519.sign(seed(of), text.encode()))


def annex(data):
    return {"sha256": b64(digest(data)), "size": len(data)}


def file(name, **more):
    return {"sealed": b64(digest(name.encode())), "size": 10, "recipient": "age1" + "q" * 58,
            "commitment": b64(digest(b"c" + name.encode())), **more}  # fmt: skip


class Book:
    """A register that grows; what a case changes, it says in the arguments."""

    def __init__(self, roots=2, longer=None):
        self.entries, self.chains, self.time = [], {}, START
        keys = lambda who, k: {"k": k, "keys": [str(key(f"{who}/root-{i + 1}")) for i in range(k)]}
        founders = [{"participant": "harbour", "roots": keys("harbour", roots)},
                    {"participant": "lake", "roots": keys("lake", 1)},
                    {"participant": "north", "roots": keys("north", 1)}]  # fmt: skip
        signers = ["registrar", *(f"harbour/root-{i + 1}" for i in range(roots)), "lake/root-1", "north/root-1"]
        annexes = {"instrument": annex(INSTRUMENT), "library": annex(LIBRARY), "policy": annex(POLICY)}
        for name in [longer] if longer else []:
            annexes[name]["size"] += 1
        body = {"origin": ORIGIN, "rules": 1, "exercise": True, "annexes": annexes,
                "registrar": str(REGISTRAR), "founders": founders}  # fmt: skip
        self.genesis = None
        self.act("registrar", "genesis", body, signers)

    @property
    def harbour(self):
        return ["harbour/root-1", "harbour/root-2"]

    # What is signed

    def text(self, by, kind, body, signers, n=None, prev="own", origin=ORIGIN, genesis=None, seen=None):
        last = self.chains.get(signers[0], (0, None))
        prev = last[1] if prev == "own" else prev
        head = {"kind": kind, "by": by, "signers": signers, "n": n or last[0] + 1}
        if prev:
            head["prev"] = b64(prev)
        if seen:
            head["seen"] = seen
        head |= {"at": write_time(self.time), "body": body}
        genesis = genesis or self.genesis
        return f"mithaq.act/v1 {origin} {b64(genesis) if genesis else 'genesis'}\n{ijson.write(head)}\n"

    def act(self, by, kind, body, signers, lines=None, more=(), chain=True, receipt=None, bend=None, **head):
        """Adds an act. `lines(text)` are its signers' lines instead, `more(text)` further ones."""
        text = self.text(by, kind, body, signers, **head)
        sigs = lines(text) if lines else [signed(key(s), s, text) for s in signers]
        sigs += more(text) if more else []
        if bend is not None:
            payload = bytearray(sigs[bend].payload)
            payload[40] ^= 1
            sigs[bend] = notes.Line(sigs[bend].name, sigs[bend].id, bytes(payload))
        self.put(text, sigs, **(receipt or {}))
        if chain:
            last = self.chains.get(signers[0], (0, None))
            self.chains[signers[0]] = (head.get("n") or last[0] + 1, digest(text.encode()))
        self.genesis = self.genesis or digest(text.encode())
        return digest(text.encode())

    def put(self, text, lines, by="registrar", time=None, index=None, submission=None, bend=False):
        genesis = self.genesis or digest(text.encode())
        data = notes.Note(text, tuple(lines)).bytes
        self.time += 600
        index = len(self.entries) if index is None else index
        time = self.time if time is None else time
        submission = submission or digest(data)
        _, signed_line = receipt_of(genesis, by, index, time, submission, bend)
        self.entries.append(data + str(signed_line).encode())

    def root(self, size):
        return tree.root([tree.leaf(e) for e in self.entries[:size]])

    def checkpoint(self, size=None, root=None, cosign=True, time=None, text=None, more=(), bend=None):
        size = len(self.entries) if size is None else size
        text = text or text_of(ORIGIN, size, root or self.root(size))
        lines = [signed(LOG, "registrar", text)]
        if cosign:
            lines.append(self.cosignature(text, time))
        lines += [one(text) for one in more]
        if bend is not None:
            payload = bytearray(lines[bend].payload)
            payload[40] ^= 1
            lines[bend] = notes.Line(lines[bend].name, lines[bend].id, bytes(payload))
        return notes.Note(text, tuple(lines)).bytes

    def cosignature(self, text, time=None):
        time = self.time + 300 if time is None else time
        signature = ed25519.sign(seed("w1"), f"cosignature/v1\ntime {time}\n{text}".encode())
        return line(WITNESS, time.to_bytes(8, "big") + signature)

    def mark(self, checkpoint=None, **more):
        note = checkpoint or self.checkpoint()
        return self.act("registrar", "mark", {"checkpoint": note.decode()}, ["registrar"], **more)

    # Often needed

    def enrol(self, by, label, capacity="officer", of=None, signers=None, office="Desk", note=None, **more):
        kind = vkeys.INTAKE if capacity == "intake" else vkeys.NOTE
        body = {"label": label, "capacity": capacity, "vkey": str(key(f"{by}/{label}", kind, of)),
                "custody": "hosted", "office": office}  # fmt: skip
        if capacity == "seal":
            del body["vkey"]
            body["recipient"] = of
        if note:
            body["note"] = note
        signers = signers or (self.harbour if by == "harbour" else [f"{by}/root-1"])
        return self.act(by, "enrol", {"key": body}, signers, **more)

    def offer(self, signer="north/liaison", name="photo", **more):
        by = signer.split("/")[0]
        return self.act(by, "offer", {"files": [file(f"{signer} {name} {len(self.entries)}")]}, [signer], **more)

    def stamp(self, text, signer="harbour/intake", of=None, previous=bytes(32), time=None, bend=False, cut=False):
        time = self.time - 60 if time is None else time
        message = f"mithaq.intake/v1\n{b64(digest(text.encode()))}\n{time}\n{b64(previous)}\n".encode()
        signature = bytearray(ed25519.sign(seed(of or signer), message))
        if bend:
            signature[40] ^= 1
        payload = time.to_bytes(8, "big") + previous + bytes(signature)
        return line(key(signer, vkeys.INTAKE, of), payload[:-1] if cut else payload)

    def vote(self, by, new=(), k=1, of=None, order=None, **more):
        """A vote to seat South."""
        seat = {"participant": "south", "roots": {"k": k, "keys": [
            str(key("south/root-1", of=of)), str(key("south/root-2"))]}}  # fmt: skip
        signers = (self.harbour if by == "harbour" else [f"{by}/root-1"]) + list(new)
        signers = order or signers
        return self.act(by, "enrol", {"seat": seat}, signers, **more)

    def write(self, root, checkpoint=None, notes_=(), more=None):
        root = Path(root)
        put = lambda path, data: ((root / path).parent.mkdir(parents=True, exist_ok=True), (root / path).write_bytes(data))
        leaves = [tree.leaf(e) for e in self.entries]
        levels = tiles.levels_of(leaves)
        for path in tiles.expected(len(self.entries)):
            level, index, width = tiles.read_path(path)
            at = index * tiles.WIDTH
            if level == "entries":
                data = b"".join(len(e).to_bytes(2, "big") + e for e in self.entries[at : at + width])
            else:
                data = b"".join(levels[level][at : at + width])
            put(f"register/{path}", data)
        put("register/checkpoint", checkpoint or self.checkpoint())
        for data in (INSTRUMENT, LIBRARY, POLICY):
            put(f"register/annex/{digest(data).hex()}", data)
        for data in notes_:
            put(f"note/{digest(data).hex()}", data)
        for path, data in (more or {}).items():
            put(path, data)
        return root


def started(longer=None):
    book = Book(longer=longer)
    book.enrol("north", "liaison")
    book.enrol("harbour", "intake", "intake")
    book.mark()
    book.offer()
    return book


def two_torsioned(text, signer):
    """A signature that ZIP 215 takes and a verifier without the cofactor does not: R is moved by a point of order 2."""
    order_two = ed25519.decode((ed25519.P - 1).to_bytes(32, "little"))
    message, scalar, public = text.encode(), ed25519.secret(seed(signer))[0], ed25519.public(seed(signer))
    nonce = 123456789
    r = ed25519.encode(ed25519.add(ed25519.times(nonce, ed25519.BASE_TABLE), order_two))
    s = (nonce + ed25519.challenge(r, public, message) * scalar) % ed25519.L
    return line(key(signer), r + s.to_bytes(32, "little"))


def state_note(book, signer, **more):
    body = {"rules": 1, "size": len(book.entries), "root": b64(book.root(None)), "as-of": write_time(book.time),
            "lines": 10, "state": b64(bytes(32)), **more}  # fmt: skip
    text = f"mithaq.state/v1 {ORIGIN} {b64(book.genesis)}\n{ijson.write(body)}\n"
    return notes.Note(text, (signed(key(signer), signer, text),)).bytes


def receipt_of(genesis, by, index, time, submission, bend=False):
    """What a receipt is signed over, and its line."""
    message = f"mithaq.receipt/v1\n{ORIGIN}\n{b64(genesis)}\n{index}\n{time}\n{b64(submission)}\n"
    signature = bytearray(ed25519.sign(seed(by), message.encode()))
    if bend:
        signature[40] ^= 1
    payload = index.to_bytes(8, "big") + time.to_bytes(8, "big") + submission + bytes(signature)
    vkey = vkeys.Vkey(f"{ORIGIN}/receipt", vkeys.RECEIPT, ed25519.public(seed(by)))
    return message, line(vkey, payload)


def promise(book, back=1, by="registrar", submission=None, says=None, genesis=None, bend=False):
    """The receipt of an entry from the end, as a note."""
    index = len(book.entries) - back
    if submission is None:
        *rest, _ = book.entries[index].splitlines(keepends=True)
        submission = digest(b"".join(rest))
    text, signed_line = receipt_of(genesis or book.genesis, by, index, book.time, submission, bend)
    return notes.Note(says or text, (signed_line,)).bytes


def refusal(book, by="registrar", more=(), **change):
    body = {"submission": b64(bytes(32)), "ground": "number", "size": 3, "at": write_time(START), **change}
    text = f"mithaq.refusal/v1 {ORIGIN} {b64(book.genesis)}\n{ijson.write(body)}\n"
    lines = [signed(key("registrar", of=by), by, text)] + [one(text) for one in more]
    return notes.Note(text, tuple(lines)).bytes


def freeze(book, of="w1", name="w1.example/witness", size=2, bend=False, genesis=None):
    body = {"registrar": str(REGISTRAR), "size": size, "root": b64(book.root(size))}
    text = f"mithaq.freeze/v1 {ORIGIN} {b64(genesis or book.genesis)}\n{ijson.write(body)}\n"
    vkey = vkeys.Vkey(name, vkeys.FREEZE, ed25519.public(seed(of)))
    signature = bytearray(ed25519.sign(seed(of), text.encode()))
    signature[40] ^= bend
    return notes.Note(text, (line(vkey, bytes(signature)),)).bytes


def cases(everything=True):
    """(name, book, what else `write` takes)"""

    def of(name, long=False, **write):
        def wrap(change):
            if long and not everything:
                return change
            book = started()
            extra = change(book)
            extra = extra if isinstance(extra, dict) else {}
            out.append((name, book, {**write, **extra}))
            return change

        return wrap

    out = []
    stranger = lambda text: signed(vkeys.Vkey("stranger.example", vkeys.NOTE, ed25519.public(seed("x"))), "x", text)

    of("as it is")(lambda b: None)
    # numbers
    of("a number again")(lambda b: b.offer(n=1))
    of("a number left out")(lambda b: b.offer(n=9))
    of("no prev")(lambda b: b.offer(prev=None))
    of("another prev")(lambda b: b.offer(prev=bytes(32)))
    of("a prev on the first")(lambda b: (b.enrol("north", "second"), b.offer("north/second", prev=bytes(32))))

    @of("an act twice")
    def _(b):
        text = b.text("north", "offer", {"files": [file("x")]}, ["north/liaison"])
        sigs = [signed(key("north/liaison"), "north/liaison", text)]
        b.put(text, sigs), b.put(text, sigs)

    @of("after a malformed one, the same number")
    def _(b):
        b.offer(bend=0, chain=False)
        b.offer()

    # signatures and receipts
    of("an author's signature wrong")(lambda b: b.offer(bend=0))
    of("without the cofactor it does not hold")(
        lambda b: b.offer(lines=lambda text: [two_torsioned(text, "north/liaison")])
    )
    of("a receipt's signature wrong")(lambda b: b.offer(receipt={"bend": True}))
    of("a receipt by another key")(lambda b: b.offer(receipt={"by": "x"}))
    of("a receipt for another index")(lambda b: b.offer(receipt={"index": 99}))
    of("a receipt for another submission")(lambda b: b.offer(receipt={"submission": bytes(32)}))
    of("a receipt earlier than the one before")(lambda b: b.offer(receipt={"time": START + 700}))
    of("a receipt at the same time as the one before")(lambda b: b.offer(receipt={"time": b.time}))
    of("a receipt a day ahead of the cosignature")(lambda b: b.offer(receipt={"time": b.time + 86_400}))
    of("a receipt a day behind the mark before")(lambda b: (b.mark(b.checkpoint(time=b.time + 86_400)), b.offer()))
    of("a receipt beyond the year 9999")(lambda b: b.offer(receipt={"time": 2**63}))
    of("line of another's key id")(
        lambda b: b.offer(lines=lambda t: [signed(key("north/liaison", of="x"), "x", t)])
    )
    of("a signature of 63 bytes")(
        lambda b: b.offer(lines=lambda t: [line(key("north/liaison"), signed(key("north/liaison"), "north/liaison", t).payload[:63])])
    )
    # keys
    of("a key that is not enrolled")(lambda b: b.offer("north/nobody"))
    of("a root that offers")(lambda b: b.offer("north/root-1"))
    of("an officer that enrols")(lambda b: b.enrol("north", "second", signers=["north/liaison"]))
    of("a root and an officer enrol")(lambda b: b.enrol("north", "second", signers=["north/root-1", "north/liaison"]))
    of("a node's key that offers")(lambda b: (b.enrol("north", "node-1", "node"), b.offer("north/node-1")))
    of("an intake key that offers")(
        lambda b: b.offer("harbour/intake", lines=lambda t: [signed(key("harbour/intake", vkeys.INTAKE), "harbour/intake", t)])
    )
    of("too few roots")(lambda b: b.enrol("harbour", "desk", signers=["harbour/root-1"]))
    of("a label again")(lambda b: b.enrol("north", "liaison", of="y"))
    of("a label of a root again")(lambda b: b.enrol("north", "root-1", of="y"))
    of("a label that is a reserved word")(lambda b: b.enrol("north", "receipt"))
    of("a reserved word revoked")(lambda b: b.act("north", "revoke", {"label": "everyone"}, ["north/root-1"]))
    of("a raw key again")(lambda b: b.enrol("north", "second", of="north/liaison"))
    of("a root's raw key again")(lambda b: b.enrol("north", "second", of="lake/root-1"))
    of("the registrar's raw key")(lambda b: b.enrol("north", "second", of="registrar"))
    of("the witness' raw key")(lambda b: b.enrol("north", "second", of="w1"))
    of("a recipient again")(
        lambda b: (b.enrol("north", "seal-1", "seal", of="age1" + "q" * 58), b.enrol("harbour", "seal-1", "seal", of="age1" + "q" * 58))
    )
    of("a revoked key")(lambda b: (b.act("north", "revoke", {"label": "liaison"}, ["north/root-1"]), b.offer()))
    of("a revoked label again")(
        lambda b: (b.act("north", "revoke", {"label": "liaison"}, ["north/root-1"]), b.enrol("north", "liaison", of="y"))
    )
    of("a key revoked by an officer")(lambda b: b.act("north", "revoke", {"label": "liaison"}, ["north/liaison"]))
    of("a label revoked that is none")(lambda b: b.act("north", "revoke", {"label": "nobody"}, ["north/root-1"]))
    of("the last root revoked, and enrols")(
        lambda b: (b.act("north", "revoke", {"label": "root-1"}, ["north/root-1"]), b.enrol("north", "second"))
    )
    of("a disowned key")(
        lambda b: (b.act("north", "disown", {"key": {"label": "liaison", "since": 1}}, ["north/root-1"]), b.offer())
    )
    of("an act disowned by a root")(lambda b: b.act("north", "disown", {"act": b64(bytes(32))}, ["north/root-1"]))
    of("an act disowned by an officer")(lambda b: b.act("north", "disown", {"act": b64(bytes(32))}, ["north/liaison"]))
    of("an excluded office")(lambda b: b.enrol("north", "deputy", office="Reed-Band"))
    of("an excluded office, folded, that acts")(
        lambda b: (b.enrol("north", "deputy", office="the banned R\u00e9\u00ebd e B\u0101nd"), b.offer("north/deputy"))
    )
    of("an office of which an excluded name is a part, and it acts")(
        lambda b: (b.enrol("north", "deputy", office="Reed Band desk"), b.offer("north/deputy"))
    )
    of("an excluded office that acts")(lambda b: (b.enrol("north", "deputy", office="Reedmen"), b.offer("north/deputy")))
    of("an excluded office, then the label again")(
        lambda b: (b.enrol("north", "deputy", office="Reedmen"), b.enrol("north", "deputy", of="y"))
    )
    of("an excluded office, then the raw key again")(
        lambda b: (b.enrol("north", "deputy", office="Reedmen"), b.enrol("north", "other", of="north/deputy"))
    )
    for to in ("reedmen", "nobody", "south", "lake"):  # excluded, unknown, vacant, seated
        note = file("note", grants=[{"to": to, "sealed": b64(digest(b"g")), "size": 9}])
        of(f"a note to {to}, and the key acts")(
            lambda b, note=note: (b.enrol("north", "deputy", note=note), b.offer("north/deputy"))
        )
        of(f"a note to {to}, then the label again")(
            lambda b, note=note: (b.enrol("north", "deputy", note=note), b.enrol("north", "deputy", of="y"))
        )
    of("a key in the entry that enrols it")(
        lambda b: b.act("north", "offer", {"files": [file("x")]}, ["north/liaison", "north/second"])
    )
    of("two officers")(
        lambda b: (b.enrol("north", "second"), b.act("north", "offer", {"files": [file("x")]}, ["north/liaison", "north/second"]))
    )
    of("a participant that is none of the instrument's")(lambda b: b.offer("nobody/liaison"))
    # intakes
    of("a stamp")(lambda b: b.offer(more=lambda t: [b.stamp(t)]))
    of("a stamp that is wrong")(lambda b: b.offer(more=lambda t: [b.stamp(t, bend=True)]))
    of("a stamp that is cut")(lambda b: b.offer(more=lambda t: [b.stamp(t, cut=True)]))
    of("a stamp by no intake key")(lambda b: b.offer(more=lambda t: [b.stamp(t, "north/stamp")]))
    of("a stamp by a raw key of another")(lambda b: b.offer(more=lambda t: [b.stamp(t, of="x")]))
    of("two stamps of one key")(
        lambda b: b.offer(more=lambda t: [b.stamp(t), b.stamp(t, time=b.time - 30)])
    )
    of("two stamps in two acts after one")(
        lambda b: (b.offer(more=lambda t: [b.stamp(t)]), b.offer(more=lambda t: [b.stamp(t)]))
    )

    def intake(b, of=None, signer="harbour/desk", who="harbour/intake", bend=False):
        b.enrol("harbour", "desk")
        act = digest(b.entries[3])
        message = f"mithaq.intake/v1\n{b64(act)}\n{b.time}\n{b64(bytes(32))}\n".encode()
        signature = bytearray(ed25519.sign(seed(of or who), message))
        signature[40] ^= bend
        body = {"act": b64(act), "key": who, "time": write_time(b.time), "previous": b64(bytes(32)), "signature": b64(bytes(signature))}
        b.act("harbour", "intake", body, [signer])

    of("an intake")(lambda b: intake(b))
    of("an intake that is wrong")(lambda b: intake(b, bend=True))
    of("an intake by no intake key")(lambda b: intake(b, who="harbour/desk"))
    of("an intake by nobody's key")(lambda b: intake(b, who="harbour/nobody"))
    # marks
    of("a mark")(lambda b: b.mark())
    of("a mark of more than stands before it")(lambda b: b.mark(b.checkpoint(size=len(b.entries) + 1, root=bytes(32))))
    of("a mark smaller than the one before")(lambda b: (b.mark(), b.mark(b.checkpoint(size=2))))
    of("a mark as large as the one before")(lambda b: (b.mark(b.checkpoint(size=4)), b.mark(b.checkpoint(size=4))))
    of("a mark with another root")(lambda b: b.mark(b.checkpoint(root=bytes(32))))
    of("a mark without a quorum")(lambda b: b.mark(b.checkpoint(cosign=False)))
    of("a mark with a line by a stranger")(lambda b: b.mark(b.checkpoint(more=[stranger])))
    of("a mark with a cosignature twice")(lambda b: b.mark(b.checkpoint(more=[b.cosignature])))
    of("a mark whose cosignature is wrong")(lambda b: b.mark(b.checkpoint(bend=1)))
    of("a mark whose registrar's line is wrong")(lambda b: b.mark(b.checkpoint(bend=0)))
    of("a mark with an extension line")(
        lambda b: b.mark(b.checkpoint(text=text_of(ORIGIN, 4, b.root(4)) + "extension\n"))
    )
    of("a mark without prev")(lambda b: b.mark(prev=None))
    of("a mark whose witness time falls")(lambda b: (b.mark(), b.mark(b.checkpoint(time=START + 10))))
    of("a mark with a cosignature beyond the year 9999")(lambda b: b.mark(b.checkpoint(time=2**60)))
    of("a mark with \\u000a")(
        lambda b: (b.put(t := b.text("registrar", "mark", {"checkpoint": b.checkpoint().decode()}, ["registrar"]).replace("\\n", "\\u000a"), [signed(REGISTRAR, "registrar", t)]))
        and None
    )
    # other forms
    of("a second genesis")(lambda b: b.entries.append(b.entries[0]))
    of("an act of another origin")(lambda b: b.offer(origin="other.example/x", lines=lambda t: [signed(key("north/liaison"), "north/liaison", t)]))
    of("an act of another genesis")(lambda b: b.offer(genesis=bytes(32)))
    of("a `seen` that does not fit")(lambda b: b.offer(seen={"size": 3, "root": b64(bytes(32))}))
    of("a `seen` of size 0")(lambda b: b.offer(seen={"size": 0, "root": b64(bytes(32))}))
    of("rubble")(lambda b: b.entries.append(b"rubble"))
    of("an empty entry")(lambda b: b.entries.append(b""))
    of("a file of size 0")(lambda b: b.act("north", "offer", {"files": [{**file("x"), "size": 0}]}, ["north/liaison"]))
    of("a grant of more than 24,576 bytes")(
        lambda b: b.act("north", "offer", {"files": [file("x", grants=[{"to": "north", "sealed": b64(bytes(32)), "size": 30_000}])]}, ["north/liaison"])
    )
    of("a grant of size 0")(
        lambda b: b.act("north", "offer", {"files": [file("x", grants=[{"to": "north", "sealed": b64(bytes(32)), "size": 0}])]}, ["north/liaison"])
    )
    # seats
    of("a seat taken")(
        lambda b: (b.vote("harbour", ["south/root-1", "south/root-2"]), b.vote("lake"), b.vote("north"), b.enrol("south", "desk"))
    )
    of("a seat without a party's vote")(
        lambda b: (b.vote("harbour", ["south/root-1", "south/root-2"]), b.vote("lake"), b.enrol("south", "desk"))
    )
    of("a seat without the new roots")(
        lambda b: (b.vote("harbour"), b.vote("lake"), b.vote("north"), b.enrol("south", "desk"))
    )
    of("a seat with one of two new roots")(lambda b: b.vote("harbour", ["south/root-1"]))
    of("a seat with a new root first")(
        lambda b: b.vote("harbour", order=["south/root-1", "south/root-2", "harbour/root-1", "harbour/root-2"])
    )
    of("a seat with the new roots between")(
        lambda b: b.vote("harbour", order=["harbour/root-1", "south/root-1", "south/root-2", "harbour/root-2"])
    )
    of("a seat whose new root signs wrong")(lambda b: b.vote("harbour", ["south/root-1", "south/root-2"], bend=2))
    of("a seat for a raw key that stood before")(lambda b: b.vote("harbour", of="lake/root-1"))
    of("a seat by too few roots")(lambda b: b.vote("harbour", order=["harbour/root-1", "south/root-1", "south/root-2"]))
    of("a seat by one root and none new")(lambda b: b.vote("harbour", order=["harbour/root-1"]))
    of("a vote for a seat that is taken")(
        lambda b: (b.vote("harbour", ["south/root-1", "south/root-2"]), b.vote("lake"), b.vote("north"), b.vote("harbour"))
    )
    of("a vote that its voter changed")(
        lambda b: (b.vote("harbour", ["south/root-1", "south/root-2"]), b.vote("lake"), b.vote("lake", k=2), b.vote("north"), b.enrol("south", "desk"))
    )
    @of("one of two roots revoked, and one enrols")
    def _(b):
        b.act("harbour", "revoke", {"label": "root-2"}, b.harbour)
        b.enrol("harbour", "desk", signers=["harbour/root-1"])

    @of("one of two roots revoked, and both enrol")
    def _(b):
        b.act("harbour", "revoke", {"label": "root-2"}, b.harbour)
        b.enrol("harbour", "desk")

    of("a root disowned, and enrols")(
        lambda b: (b.act("north", "disown", {"key": {"label": "root-1", "since": 9}}, ["north/root-1"]), b.enrol("north", "second"))
    )
    of("a vote by a participant that is none")(
        lambda b: b.act("north", "enrol", {"seat": {"participant": "nobody", "roots": {"k": 1, "keys": [str(key("nobody/root-1"))]}}}, ["north/root-1"])
    )
    of("a recovery by another's roots")(
        lambda b: b.act("lake", "recover", {"participant": "north", "roots": {"k": 1, "keys": [str(key("north/root-9"))]}}, ["lake/root-1"])
    )
    # passkeys
    def passkeyed(b, custody="device", which=(False, True), **more):
        raw = ed25519.public(seed("pass"))
        vkey = vkeys.Vkey(f"{ORIGIN}/north/pass", vkeys.WEBAUTHN, b"\x01" + raw)
        body = {"label": "pass", "capacity": "officer", "custody": custody, "office": "Desk",
                "passkey": {"vkey": str(vkey), "rp": "desk.example", "origins": ["https://desk.example"]}}  # fmt: skip
        if which[0]:
            body["vkey"] = str(key("north/pass"))
        b.act("north", "enrol", {"key": body}, ["north/root-1"])

        def lines(text):
            out = [signed(key("north/pass"), "north/pass", text)] if which[0] else []
            return out + [assertion(vkey, text, **more)]

        return lines

    def assertion(vkey, text, challenge=None, flags=5, origin="https://desk.example", bend=0):
        import base64

        act = challenge or digest(text.encode())
        said = base64.urlsafe_b64encode(act).decode().rstrip("=")
        client = ijson.write({"type": "webauthn.get", "challenge": said, "origin": origin}).encode()
        auth = digest(b"desk.example") + bytes([flags]) + bytes(4)
        signature = bytearray(ed25519.sign(seed("pass"), auth + digest(client)))
        signature[40] ^= bend
        parts = b"".join(len(p).to_bytes(2, "big") + p for p in (auth, client))
        return line(vkey, parts + bytes(signature))

    both = {"custody": "node", "which": (True, True)}
    of("a passkey")(lambda b: b.offer("north/pass", lines=passkeyed(b)))
    of("a passkey that is wrong")(lambda b: b.offer("north/pass", lines=passkeyed(b, bend=1)))
    of("a passkey over another act")(lambda b: b.offer("north/pass", lines=passkeyed(b, challenge=bytes(32))))
    of("a passkey that nobody touched")(lambda b: b.offer("north/pass", lines=passkeyed(b, flags=4)))
    of("a passkey at another origin")(lambda b: b.offer("north/pass", lines=passkeyed(b, origin="https://x.example")))
    of("a vkey and a passkey")(lambda b: b.offer("north/pass", lines=passkeyed(b, **both)))
    of("a vkey, and its passkey missing")(
        lambda b: (lines := passkeyed(b, **both)) and b.offer("north/pass", lines=lambda t: lines(t)[:1])
    )
    of("a passkey, and its vkey missing")(
        lambda b: (lines := passkeyed(b, **both)) and b.offer("north/pass", lines=lambda t: lines(t)[1:])
    )
    of("a passkey too much")(
        lambda b: (lines := passkeyed(b)) and b.offer(lines=lambda t: [signed(key("north/liaison"), "north/liaison", t), notes.Line(key("north/liaison").name, lines(t)[0].id, lines(t)[0].payload)])
    )
    # many
    @of("three hundred entries")
    def _(b):
        for _ in range(300):
            b.offer()
        b.mark()

    @of("more acts in a day than the quota", long=True)
    def _(b):
        for _ in range(1001):
            b.offer(receipt={"time": START + 86_400})
        b.time = START + 86_400

    # freezes
    of("a freeze")(lambda b: (b.enrol("harbour", "desk"), b.act("harbour", "freeze", {"note": freeze(b).decode()}, ["harbour/desk"])))
    of("a freeze that is wrong")(
        lambda b: (b.enrol("harbour", "desk"), b.act("harbour", "freeze", {"note": freeze(b, bend=True).decode()}, ["harbour/desk"]))
    )
    of("a freeze by no witness")(
        lambda b: (b.enrol("harbour", "desk"), b.act("harbour", "freeze", {"note": freeze(b, "x", "x.example").decode()}, ["harbour/desk"]))
    )
    of("a freeze of another register")(
        lambda b: (b.enrol("harbour", "desk"), b.act("harbour", "freeze", {"note": freeze(b, genesis=bytes(32)).decode()}, ["harbour/desk"]))
    )
    # the stored checkpoint
    of("checkpoint: a line by a stranger")(lambda b: {"checkpoint": b.checkpoint(more=[stranger])})
    of("checkpoint: no quorum")(lambda b: {"checkpoint": b.checkpoint(cosign=False)})
    of("checkpoint: a cosignature twice")(lambda b: {"checkpoint": b.checkpoint(more=[lambda t: b.cosignature(t, b.time + 9)])})
    of("checkpoint: a cosignature that is wrong")(lambda b: {"checkpoint": b.checkpoint(bend=1)})
    of("checkpoint: smaller")(lambda b: {"checkpoint": b.checkpoint(size=2)})
    of("checkpoint: smaller than a mark")(lambda b: (b.mark(), {"checkpoint": b.checkpoint(size=2)})[1])
    of("checkpoint: of size 0")(lambda b: {"checkpoint": b.checkpoint(size=0)})
    of("checkpoint: larger")(lambda b: {"checkpoint": b.checkpoint(size=9, root=bytes(32))})
    of("checkpoint: another root")(lambda b: {"checkpoint": b.checkpoint(root=bytes(32))})
    of("checkpoint: an extension line")(lambda b: {"checkpoint": b.checkpoint(text=text_of(ORIGIN, 4, b.root(4)) + "x\n")})
    of("a malformed entry that is pending")(lambda b: (b.offer(bend=0), {"checkpoint": b.checkpoint(size=4)})[1])
    # notes
    of("note: a receipt that is kept")(lambda b: {"notes_": [promise(b)]})
    of("note: a receipt of an entry that is not here")(lambda b: {"notes_": [promise(b, 0, submission=bytes(32))]})
    of("note: a receipt that is not kept")(lambda b: {"notes_": [promise(b, submission=bytes(32))]})
    of("note: a receipt by another")(lambda b: {"notes_": [promise(b, by="x")]})
    of("note: a receipt whose signature is bent")(lambda b: {"notes_": [promise(b, bend=True)]})
    of("note: a receipt of another register")(lambda b: {"notes_": [promise(b, genesis=bytes(32))]})
    of("note: a receipt that says other than its line")(
        lambda b: {"notes_": [promise(b, says=receipt_of(b.genesis, "registrar", 0, START, bytes(32))[0])]}
    )
    of("note: a refusal")(lambda b: {"notes_": [refusal(b)]})
    of("note: a refusal by another")(lambda b: {"notes_": [refusal(b, "x")]})
    of("note: a refusal of a ground that is none")(lambda b: {"notes_": [refusal(b, ground="mood")]})
    of("note: a refusal with a line by a stranger")(lambda b: {"notes_": [refusal(b, more=[stranger])]})
    of("note: a refusal of a larger size than there is")(lambda b: {"notes_": [refusal(b, size=99)]})
    of("note: a state by an officer")(lambda b: {"notes_": [state_note(b, "north/liaison")]})
    of("note: a state by a node")(lambda b: (b.enrol("north", "node-1", "node"), {"notes_": [state_note(b, "north/node-1")]})[1])
    of("note: a state by a node that is over")(
        lambda b: (b.enrol("north", "node-1", "node"), b.act("north", "revoke", {"label": "node-1"}, ["north/root-1"]), {"notes_": [state_note(b, "north/node-1")]})[2]
    )
    of("note: a state of another root")(
        lambda b: (b.enrol("north", "node-1", "node"), {"notes_": [state_note(b, "north/node-1", root=b64(bytes(32)))]})[1]
    )
    of("note: a freeze")(lambda b: {"notes_": [freeze(b)]})
    of("note: a freeze by no witness")(lambda b: {"notes_": [freeze(b, "x", "x.example")]})
    of("note: a freeze that is wrong")(lambda b: {"notes_": [freeze(b, bend=True)]})
    of("note: a freeze of a larger size than there is")(lambda b: {"notes_": [freeze(b, size=99)]})
    of("note: a checkpoint")(lambda b: {"notes_": [b.checkpoint(size=3)]})
    of("note: a checkpoint without a cosignature")(lambda b: {"notes_": [b.checkpoint(size=3, cosign=False)]})
    of("note: a checkpoint with a line by a stranger")(lambda b: {"notes_": [b.checkpoint(size=3, more=[stranger])]})
    of("note: a checkpoint whose cosignature is wrong")(lambda b: {"notes_": [b.checkpoint(size=3, bend=1)]})
    of("note: a checkpoint of another root")(lambda b: {"notes_": [b.checkpoint(size=3, root=bytes(32))]})
    of("note: a checkpoint larger than the register")(lambda b: {"notes_": [b.checkpoint(size=99, root=bytes(32))]})
    of("note: an act")(lambda b: {"notes_": [b.entries[3]]})
    # files that acts name
    of("a sealed file")(lambda b: (b.act("north", "offer", {"files": [{**file("s"), "size": 1}]}, ["north/liaison"]), {"more": {"sealed/" + digest(b"s").hex(): b"s"}})[1])
    of("a sealed file of another size")(lambda b: (b.act("north", "offer", {"files": [{**file("s"), "size": 2}]}, ["north/liaison"]), {"more": {"sealed/" + digest(b"s").hex(): b"s"}})[1])
    of("a sealed file of a malformed act")(
        lambda b: (b.act("north", "offer", {"files": [{**file("s"), "size": 1}]}, ["north/liaison"], bend=0), {"more": {"sealed/" + digest(b"s").hex(): b"s"}})[1]
    )
    of("a sealed file of a pending act")(
        lambda b: (b.act("north", "offer", {"files": [{**file("s"), "size": 1}]}, ["north/liaison"]), {"checkpoint": b.checkpoint(size=4), "more": {"sealed/" + digest(b"s").hex(): b"s"}})[1]
    )
    of("a table of another size")(
        lambda b: (
            b.act("north", "batch", {"table": "events", "rows": 3, "annex": {**annex(b"table"), "size": 6}}, ["north/liaison"]),
            {"more": {"register/annex/" + digest(b"table").hex(): b"table"}},
        )[1]
    )
    of("a table of two sizes")(
        lambda b: (
            b.act("north", "batch", {"table": "events", "rows": 3, "annex": {**annex(b"table"), "size": 6}}, ["north/liaison"]),
            b.act("north", "batch", {"table": "events", "rows": 3, "annex": annex(b"table")}, ["north/liaison"]),
            {"more": {"register/annex/" + digest(b"table").hex(): b"table"}},
        )[2]
    )
    for name in ("instrument", "library", "policy"):
        out.append((f"the {name} of another size", started(longer=name), {}))
    of("a table that is missing")(lambda b: b.act("north", "batch", {"table": "events", "rows": 3, "annex": annex(b"table")}, ["north/liaison"]))
    of("a table")(
        lambda b: (b.act("north", "batch", {"table": "events", "rows": 3, "annex": annex(b"table")}, ["north/liaison"]), {"more": {"register/annex/" + digest(b"table").hex(): b"table"}})[1]
    )
    return out


def folders(root, everything=True):
    for name, book, extra in cases(everything):
        folder = Path(root) / "".join(c if c.isalnum() else "-" for c in name)
        yield name, book.write(folder, **extra)
