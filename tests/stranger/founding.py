"""What follows from the genesis alone: origin, hash, the registrar's key, the founders' keys."""

from dataclasses import dataclass

import act as acts
import entry as entries
import vkey as vkeys
from wrong import need


@dataclass(frozen=True)
class KeySet:
    k: int
    keys: tuple  # of vkeys

    def labels(self):
        return {key.name.rpartition("/")[2]: key for key in self.keys}


def key_set(value):
    return KeySet(value["k"], tuple(map(vkeys.read, value["keys"])))


class Founding:
    def __init__(self, act):
        need(act.kind == "genesis", "no genesis")
        self.act = act
        self.origin, self.hash = act.origin, act.id
        self.registrar = vkeys.read(act.body["registrar"])
        self.log = vkeys.Vkey(self.origin, vkeys.NOTE, self.registrar.key)
        self.rules = act.body["rules"]
        self.roots, self.recovery = {}, {}
        for seat in act.body["founders"]:
            self.roots[seat["participant"]] = key_set(seat["roots"])
            if "recovery" in seat:
                self.recovery[seat["participant"]] = key_set(seat["recovery"])

    def founder_key(self, signer):
        """The key of a founder's root or recovery key, and which of the two it is."""
        participant, _, label = signer.partition("/")
        for capacity, sets in (("root", self.roots), ("recovery", self.recovery)):
            if participant in sets and label in sets[participant].labels():
                return sets[participant].labels()[label], capacity
        return None, None

    def raw_keys(self):
        sets = [*self.roots.values(), *self.recovery.values()]
        return {self.registrar.key} | {key.raw() for one in sets for key in one.keys}

    def is_ours(self, act):
        return act.origin == self.origin and act.register == self.hash

    def receipt_holds(self, receipt, registrar=None):
        """By the registrar's key that the genesis names, or another."""
        registrar = registrar or self.registrar
        key = entries.receipt_key(self.origin, registrar)
        named = receipt.line is None or key.matches(receipt.line)
        return named and entries.receipt_holds(self.origin, self.hash, registrar, receipt)

    def good_receipt(self, entry, index):
        receipt = entry.receipt
        return (
            receipt.index == index
            and receipt.submission == entry.submission.hash
            and self.receipt_holds(receipt)
        )


def of(data):
    return Founding(acts.read(data))
