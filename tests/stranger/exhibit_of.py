"""What a contradiction quotes: the register, checkpoints, entries, keys (FORMATS.md, chapter 27)."""

import checkpoint
import entry as entries
import founding
import note as notes
import said
import tree
import vkey as vkeys
from instrument import Instrument
from spell import digest, hash_of, is_register, unb64
from wrong import Wrong


class Unconfirmed(Exception):
    def __init__(self, reason, says=""):
        super().__init__(reason)
        self.reason = reason
        self.says = says


def need(holds, reason, says=""):
    if not holds:
        raise Unconfirmed(reason, says)


def readable(read, *args):
    try:
        return read(*args)
    except Wrong as wrong:
        raise Unconfirmed("unreadable", wrong.says) from None


RULES = (1,)


class Quoted:
    """The register that a file names, and what is read of it."""

    def __init__(self, register, asked):
        try:
            self.founding = founding.of(unb64(register["genesis"]))
        except Wrong as wrong:
            raise Unconfirmed("genesis", wrong.says) from None
        f = self.founding
        need(asked is None or is_register(f.hash, asked), "other_register", "another register than the one meant")
        need(f.rules in RULES, "unknown_rules", f"rules version {f.rules}")
        need(register["registrar"] == "genesis", "later_registrar", "a registrar's key that came later")
        self.origin, self.hash, self.registrar = f.origin, f.hash, f.registrar
        self._policy = self._instrument = None
        if "policy" in register:
            data = self.annex(register["policy"], "policy")
            try:
                self._policy = checkpoint.read_policy(data, f.origin)
            except Wrong as wrong:
                raise Unconfirmed("annex", wrong.says) from None
            need(self._policy.log == f.log, "annex", "the policy's log is another")
        if "instrument" in register:
            try:
                self._instrument = Instrument(self.annex(register["instrument"], "instrument"))
            except Wrong as wrong:
                raise Unconfirmed("annex", wrong.says) from None

    def annex(self, quoted, name):
        data, named = unb64(quoted), self.founding.act.body["annexes"][name]
        need(digest(data) == hash_of(named["sha256"]) and len(data) == named["size"], "annex", f"another {name}")
        return data

    @property
    def policy(self):
        need(self._policy is not None, "annex_missing", "the policy is not quoted")
        return self._policy

    @property
    def instrument(self):
        need(self._instrument is not None, "annex_missing", "the instrument is not quoted")
        return self._instrument

    # Things quoted

    def ours(self, holds):
        need(holds, "other_register_quoted", "something of another register")

    def signed_checkpoint(self, quoted):
        point = readable(checkpoint.read, unb64(quoted))
        self.ours(point.origin == self.origin)
        need(point.by_registrar(self.founding.log), "unsigned", "a checkpoint that the registrar did not sign")
        return point

    def checkpoint(self, quoted):
        """Signed, and cosigned by a quorum; and the times of its cosignatures."""
        policy = self.policy
        point = self.signed_checkpoint(quoted)
        times = policy.times(point)
        need(len(times) >= policy.k, "not_final", "a checkpoint without a quorum")
        return point, times

    def cosigned(self, quoted, witness):
        point = self.signed_checkpoint(quoted)
        times = point.cosigned(witness)
        need(times, "unsigned", "a checkpoint that the witness did not cosign")
        return point, max(times)

    def witness(self, text):
        key = vkeys.read(text)
        for name, one in self.policy.witnesses:
            if one == key:
                return name, key
        raise Unconfirmed("unknown_witness", "no witness of the policy")

    def included(self, quoted, point):
        """The bytes of an entry that stands below a checkpoint, and its index."""
        data, index = unb64(quoted["entry"]), quoted["index"]
        proof = [hash_of(item) for item in quoted["proof"]]
        holds = tree.included(tree.leaf(data), index, point.size, proof, point.root)
        need(holds, "not_included", "an entry that is not below the checkpoint")
        return index, data

    def entry(self, quoted, point):
        """An entry of this register, in good form, that stands below a checkpoint."""
        index, data = self.included(quoted, point)
        got = readable(entries.read, data)
        self.ours(self.founding.is_ours(got.act))
        return index, got

    def receipt(self, quoted):
        got = readable(entries.read_receipt, unb64(quoted))
        need(self.founding.receipt_holds(got), "unsigned", "a receipt that the registrar did not sign")
        return got

    def act(self, quoted):
        import act as acts

        got = readable(acts.read, unb64(quoted))
        self.ours(self.founding.is_ours(got))
        return got

    def submission(self, quoted):
        got = readable(entries.read_submission, unb64(quoted))
        self.ours(self.founding.is_ours(got.act))
        return got

    def note(self, read, quoted):
        got = readable(read, unb64(quoted))
        self.ours((got.origin, got.genesis) == (self.origin, self.hash))
        return got

    def state(self, quoted):
        return self.note(said.read_state, quoted)

    def refusal(self, quoted):
        got = self.note(said.read_refusal, quoted)
        need(got.note.good_by(self.registrar), "unsigned", "a refusal that the registrar did not sign")
        return got


def good_line(key, act, line):
    return key.matches(line) and notes.signed(key, act.text.encode(), line.payload)
