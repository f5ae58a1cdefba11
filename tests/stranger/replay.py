"""Judges each entry in index order: the grounds of chapter 10, in their order (FORMATS.md, chapters 8 to 13)."""

from dataclasses import dataclass

import checkpoint
import entry as entries
import founding
import let_in
import note as notes
import passkey
import tree
import vkey as vkeys
from keyring import Keyring
from wrong import Undecided, Wrong, need

DAY = 86_400
ACTS_A_DAY, ANNEXES_A_DAY = 1000, 64 * 1024 * 1024  # where the instrument says nothing


@dataclass(frozen=True)
class Judged:
    index: int
    entry: entries.Entry  # or None: it is none
    ground: str  # or None
    says: str


class Replay:
    def __init__(self, first, policy, instrument):
        self.founding, self.policy, self.instrument = first, policy, instrument
        self.ring = Keyring(first, instrument)
        self.ring.raw |= {key.key for _, key in policy.witnesses}
        self.chains, self.ids, self.days = {}, set(), {}
        self.marked = 0  # the largest size of a mark
        self.leaves = []
        self.signatures = 0

    def judge(self, index, data):
        leaf = tree.leaf(data)
        try:
            entry = self.check(index, data)
        except Wrong as wrong:
            self.leaves.append(leaf)
            try:
                entry = entries.read(data)
            except Wrong:
                entry = None
            return Judged(index, entry, wrong.code or "form", wrong.says)
        self.leaves.append(leaf)
        act = entry.act
        self.ids.add(act.id)
        self.chains[act.signers[0]] = (act.n, act.id)
        if act.kind == "mark":
            point = checkpoint.read(act.body["checkpoint"].encode())
            self.marked = point.size
            self.ring.at(checkpoint.lower_median(self.policy.times(point)))
        if act.by != "registrar":
            day = self.days.setdefault((act.by, entry.receipt.time // DAY), [0, 0])
            day[0] += 1
            day[1] += annex_bytes(act)
        if index > 0:
            self.ring.apply(index, entry)
        return Judged(index, entry, None, "")

    def check(self, index, data):
        try:
            entry = entries.read(data)
        except Wrong as wrong:
            raise Wrong(wrong.says, "form") from None
        act, submission, receipt = entry.act, entry.submission, entry.receipt
        f = self.founding
        form = lambda holds, says: need(holds, says, "form")
        form(f.is_ours(act), "an act of another register")
        if act.kind == "succeed":
            raise Undecided(f"entry {index} is a `succeed`: this verifier does not replay successions")
        if self.opens(act) in self.instrument.amending:
            raise Undecided(f"entry {index} may change the instrument: this verifier does not replay matters")
        form((act.kind == "genesis") == (index == 0), "a genesis is entry 0")
        form(receipt.index == index, f"its receipt is for index {receipt.index}")
        form(receipt.submission == submission.hash, "its receipt is for another submission")
        if act.kind == "mark":
            self.mark_form(index, act, form)
        if act.kind == "freeze":
            self.same_genesis(act.body["note"], form)
        for text in act.body["freezes"] if act.kind == "succeed" else ():
            self.same_genesis(text, form)
        self.keys(index, entry)
        need(act.id not in self.ids, "the same act stands before", "duplicate")
        last = self.chains.get(act.signers[0], (0, None))
        need(act.n > last[0], f"`n` is {act.n}, and was {last[0]}", "number")
        need(act.prev == last[1], "`prev` is not the last act of this key", "previous")
        self.quota(entry)
        self.lines(entry)
        return entry

    def opens(self, act):
        """The procedure of the matter that the act opens."""
        body = act.body.get("does", {}).get("open") if act.kind == "transcribe" else act.body
        return body.get("procedure") if body and act.kind in ("open", "transcribe") else None

    def same_genesis(self, text, form):
        import freeze as freezes

        form(freezes.read(text.encode()).genesis == self.founding.hash, "a freeze of another register")

    def mark_form(self, index, act, form):
        point = checkpoint.read(act.body["checkpoint"].encode())
        form(point.size <= index, "a mark of more than stands before it")
        form(point.size >= self.marked, "a mark smaller than one before")
        form(point.root == tree.root(self.leaves[: point.size]), "a mark whose root is not that of the entries")
        form(let_in.lines_of_policy(self.policy, point), "a mark whose lines are not those of the policy")

    def keys(self, index, entry):
        act, submission, f = entry.act, entry.submission, self.founding
        key_ = lambda holds, says: need(holds, says, "key")
        key_(entries.receipt_key(f.origin, f.registrar).matches(entry.receipt.line), "a receipt by another key")
        self.signatures += 1
        need(f.receipt_holds(entry.receipt), "the receipt's signature is wrong", "signature")
        roots = []
        new = self.new_roots(act)
        for signer, line in zip(act.signers, submission.signers):
            if signer == "registrar":
                key_(f.registrar.matches(line), "not the registrar's key")
                continue
            if signer in new and not signer.startswith(act.by + "/"):
                key_(new[signer].matches(line), f"{signer}: not the key that the seat names")
                continue
            key = self.genesis_key(signer) if index == 0 else self.ring.live(signer, index)
            key_(key is not None, f"{signer} is not enrolled, or over")
            if index > 0:
                key_(let_in.allowed(key.capacity, act), f"{signer}: capacity {key.capacity} may not sign a {act.kind}")
            roots.append(key.capacity)
            first = key.vkey or key.passkey[0]
            key_(first.matches(line), f"{signer}: a line by another key")
            second = submission.passkeys.get(signer)
            key_((second is not None) == bool(key.vkey and key.passkey), f"{signer}: a passkey's line too much or too few")
            if key.passkey:
                vkey, rp, origins = key.passkey
                assertion = second or line
                key_(vkey.matches(assertion), f"{signer}: a passkey's line by another key")
                verdict = passkey.verdict(vkey.key, rp, origins, act.id, assertion.payload)
                self.signatures += 1
                need(verdict == "good", f"{signer}'s passkey: {verdict}", "signature")
        if index > 0 and let_in.by_roots(act):
            capacity = roots[0]
            key_(set(roots) == {capacity}, "roots and others sign together")
            key_(len(roots) >= self.ring.k[act.by].get(capacity, 1), "fewer sign than k")
        if index > 0:
            key_(not self.ring.stood_before(act), "a key, label or recipient that stood before")
        for line in submission.intakes:
            key = self.ring.live(line.name.removeprefix(f.origin + "/"), index)
            key_(key is not None and key.capacity == "intake" and key.vkey.matches(line), f"{line.name}: no intake key")
        if act.kind == "intake":
            key = self.ring.live(act.body["key"], index)
            key_(key is not None and key.capacity == "intake", "the intake is by no intake key")

    def new_roots(self, act):
        if act.kind != "enrol" or "seat" not in act.body:
            return {}
        keys = map(vkeys.read, act.body["seat"]["roots"]["keys"])
        return {key.name.removeprefix(act.origin + "/"): key for key in keys}

    def genesis_key(self, signer):
        import whose_key

        vkey, capacity = self.founding.founder_key(signer)
        return whose_key.Key(signer, capacity, vkey, None) if vkey else None

    def quota(self, entry):
        act = entry.act
        if act.by == "registrar":
            return
        quota = self.instrument.table.get("quota", {})
        most, most_bytes = quota.get("acts", ACTS_A_DAY), quota.get("bytes", ANNEXES_A_DAY)
        acts, size = self.days.get((act.by, entry.receipt.time // DAY), (0, 0))
        need(acts < most and size + annex_bytes(act) <= most_bytes, "more than the quota", "quota")

    def lines(self, entry):
        """All other signatures."""
        act, submission, f = entry.act, entry.submission, self.founding
        text = act.text.encode()
        sign = lambda holds, says: need(holds, f"the signature is wrong: {says}", "signature")
        new = self.new_roots(act)
        for signer, line in zip(act.signers, submission.signers):
            if signer == "registrar":
                vkey = f.registrar
            elif signer in new and not signer.startswith(act.by + "/"):
                vkey = new[signer]
            else:
                key = self.genesis_key(signer) if act.kind == "genesis" else self.ring.known(signer)
                vkey = key.vkey
            if vkey is not None:
                self.signatures += 1
                sign(notes.signed(vkey, text, line.payload), signer)
        for line in submission.intakes:
            key = self.ring.known(line.name.removeprefix(f.origin + "/"))
            self.signatures += 1
            good = len(line.payload) == 104 and entries.read_intake(act.id, line.payload).holds(key.vkey)
            sign(good, f"the intake of {line.name}")
        if act.kind == "intake":
            self.signatures += 1
            sign(entries.intake_of(act).holds(self.ring.known(act.body["key"]).vkey), "the intake in its body")
        if act.kind == "mark":
            point = checkpoint.read(act.body["checkpoint"].encode())
            for line in point.note.lines:
                for key in (self.policy.log, *(key for _, key in self.policy.witnesses)):
                    if key.matches(line):
                        self.signatures += 1
                        sign(checkpoint.holds(key, point, line), f"{line.name} in the mark's checkpoint")


def annex_bytes(act):
    import bodies

    return sum(size for _, size in bodies.annexes_of(act.kind, act.body))
