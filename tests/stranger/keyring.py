"""Whose keys have force, in the order of index (FORMATS.md, chapters 3, 7.1 and 10; RULES-1.md, 2)."""

from dataclasses import dataclass, field

import founding
import vkey as vkeys
import whose_key
from instrument import note_goes_to
from let_in import raw_of
from wrong import Undecided


@dataclass
class Live:
    key: whose_key.Key
    since: int
    over: int = None  # index from which it is over

    def lives(self, index):
        return self.since <= index and (self.over is None or index < self.over)


@dataclass
class Vote:
    by: str
    index: int
    seat: dict
    full: bool  # signed by all the new roots


class Keyring:
    def __init__(self, first, instrument):
        self.founding, self.instrument = first, instrument
        self.keys = {}  # signer -> Live
        self.k = {}  # participant -> {"root": k, "recovery": k}
        self.raw = {first.registrar.key}
        self.votes = {}  # participant -> votes
        self.recoveries = []  # (index, time), not replayed
        for participant, roots in first.roots.items():
            self.seat(participant, roots, first.recovery.get(participant), 1)

    def seat(self, participant, roots, recovery, since):
        self.k[participant] = {"root": roots.k}
        for capacity, keys in (("root", roots), ("recovery", recovery)):
            if keys is None:
                continue
            self.k[participant][capacity] = keys.k
            for label, vkey in keys.labels().items():
                signer = f"{participant}/{label}"
                self.keys[signer] = Live(whose_key.Key(signer, capacity, vkey, None), since)
                self.raw.add(vkey.raw())

    def live(self, signer, index):
        one = self.keys.get(signer)
        return one.key if one and one.lives(index) else None

    def known(self, signer):
        return self.keys[signer].key if signer in self.keys else None

    def stood_before(self, act):
        """Whether a key, label or recipient that this act brings in stood in the register before."""
        if act.kind == "enrol" and "key" in act.body:
            key = act.body["key"]
            return f"{act.by}/{key['label']}" in self.keys or bool(set(raw_of(key)) & self.raw)
        seat = act.body.get("seat") if act.kind == "enrol" else act.body if act.kind == "recover" else None
        if seat is None or act.kind == "enrol" and seat["participant"] in self.k:
            return False  # nothing comes in; a vote for a seat that is taken is void
        for one in (seat["roots"], seat.get("recovery", {"keys": []})):
            for vkey in map(vkeys.read, one["keys"]):
                signer = vkey.name.removeprefix(act.origin + "/")
                if vkey.raw() in self.raw or signer in self.keys:
                    return True
        return act.kind == "succeed" and vkeys.read(act.body["registrar"]).raw() in self.raw

    def apply(self, index, entry):
        """What a well-formed act did to keys: it has force from the next index."""
        act = entry.act
        if act.kind == "enrol" and "key" in act.body:
            self.enrol(index, act)
        elif act.kind == "enrol":
            self.vote(index, entry)
        elif act.kind == "revoke":
            self.end(index, f"{act.by}/{act.body['label']}")
        elif act.kind == "disown" and "key" in act.body:
            self.end(index, f"{act.by}/{act.body['key']['label']}")
        elif act.kind == "recover":
            self.recoveries.append((index, entry.receipt.time))

    def at(self, witnessed):
        """A mark of this time: a recovery may have come into force by it."""
        for index, time in self.recoveries:
            if witnessed > time + 72 * 3600:
                raise Undecided(f"entry {index} is a `recover` that may have force: this verifier does not replay these")

    def enrol(self, index, act):
        key = act.body["key"]
        if self.instrument.is_void(key) or any(to not in self.k for to in note_goes_to(key)):
            return  # void; it stands in the register, and has no effect
        made = whose_key.of_enrol(act)
        self.keys[made.signer] = Live(made, index + 1)
        self.raw |= set(raw_of(key))

    def end(self, index, signer):
        one = self.keys.get(signer)
        if one is None or one.over is not None:
            return
        if one.key.capacity in ("root", "recovery"):
            mine = signer.split("/")[0] + "/"
            left = [s for s, o in self.keys.items() if s.startswith(mine) and s != signer and o.over is None]
            count = sum(self.keys[s].key.capacity == one.key.capacity for s in left)
            if count < self.k[signer.split("/")[0]][one.key.capacity]:
                return  # so few can't be left
        one.over = index + 1

    def vote(self, index, entry):
        act = entry.act
        seat = act.body["seat"]
        participant = seat["participant"]
        if participant in self.k or participant not in self.instrument.roles:
            return
        new = {f"{participant}/{label}" for label in founding.key_set(seat["roots"]).labels()}
        votes = self.votes.setdefault(participant, [])
        votes.append(Vote(act.by, index, seat, new <= set(act.signers)))
        latest = {vote.by: vote for vote in votes}  # of one voter, the last vote counts
        same = [vote for vote in latest.values() if vote.seat == seat]
        seated = set(self.k)
        needed = self.instrument.with_role("guarantor") & seated
        parties = self.instrument.with_role("party") & seated
        if len(parties) < 2:
            needed = needed | parties
        if needed <= {vote.by for vote in same} and any(vote.full for vote in same):
            recovery = founding.key_set(seat["recovery"]) if "recovery" in seat else None
            self.seat(participant, founding.key_set(seat["roots"]), recovery, index + 1)
