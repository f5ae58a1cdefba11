"""`key` in a contradiction: whose key it is (FORMATS.md, chapter 27), and what it signed."""

from dataclasses import dataclass

import founding
import note as notes
import passkey
import vkey as vkeys
from exhibit_of import good_line, need
from instrument import note_goes_to
from spell import unb64


@dataclass(frozen=True)
class Key:
    signer: str
    capacity: str
    vkey: vkeys.Vkey  # or None
    passkey: tuple  # (vkey, rp, origins), or None

    def signed(self, act, signature, assertion):
        """Whether an act bears this key's good payloads, both where it has both."""
        if (self.vkey is None) != (signature is None) or (self.passkey is None) != (assertion is None):
            return False
        if self.vkey and not notes.signed(self.vkey, act.text.encode(), signature):
            return False
        if self.passkey:
            key, rp, origins = self.passkey
            return passkey.verdict(key.key, rp, origins, act.id, assertion) == "good"
        return True


def of_enrol(act):
    """The key that an `enrol` gives."""
    key = act.body["key"]
    pass_ = key.get("passkey")
    return Key(
        f"{act.by}/{key['label']}",
        key["capacity"],
        vkeys.read(key["vkey"]) if "vkey" in key else None,
        (vkeys.read(pass_["vkey"]), pass_["rp"], pass_["origins"]) if pass_ else None,
    )


def has_force(quoted, act):
    """Whether few entries show that an `enrol` is not void: its note goes to founders alone."""
    key = act.body["key"]
    return not quoted.instrument.is_void(key) and all(to in quoted.founding.roots for to in note_goes_to(key))


def signed_by_roots(entry, roots, others=()):
    """Signed by at least k of these roots, whose lines hold, and (but for `others`) by nobody else."""
    labels, count = roots.labels(), 0
    for signer, line in zip(entry.act.signers, entry.submission.signers):
        participant, _, label = signer.partition("/")
        if participant == entry.act.by and label in labels:
            if not good_line(labels[label], entry.act, line):
                return False
            count += 1
        elif signer not in others:
            return False
    return count >= roots.k


def seated(quoted, point, below, participant, seats):
    """The roots (and recovery keys) of a participant that was seated later."""
    f, votes, full, seat = quoted.founding, set(), False, None
    for one in seats:
        index, entry = quoted.entry(one, point)
        act = entry.act
        need(index < below, "key_unproven", "a vote that stands behind the enrolment")
        need(act.kind == "enrol" and "seat" in act.body, "key_unproven", "no vote for a seat")
        need(f.good_receipt(entry, index), "key_unproven", "a vote without a good receipt")
        seat = seat or act.body["seat"]
        need(act.body["seat"] == seat, "key_unproven", "votes for two seats")
        need(act.by in f.roots, "key_unproven", "a voter who is no founder")
        new = founding.key_set(seat["roots"])
        names = {key.name.removeprefix(f.origin + "/"): key for key in new.keys}
        need(signed_by_roots(entry, f.roots[act.by], names), "key_unproven", "a vote that its voter did not sign")
        lines = dict(zip(act.signers, entry.submission.signers))
        if all(name in lines and good_line(key, act, lines[name]) for name, key in names.items()):
            full = True
        votes.add(act.by)
    need(seat is not None and seat["participant"] == participant, "key_unproven", "a seat of somebody else")
    guarantors = quoted.instrument.with_role("guarantor") & set(f.roots)
    parties = quoted.instrument.with_role("party") & set(f.roots)
    needed = guarantors | (parties if len(parties) < 2 else set())
    need(needed <= votes and full, "key_unproven", "votes are missing")
    return founding.key_set(seat["roots"]), founding.key_set(seat["recovery"]) if "recovery" in seat else None


def resolve(quoted, said, capacities):
    """The key that `key` names, of one of these capacities."""
    key = find(quoted, said)
    need(key.capacity in capacities, "key_unproven", f"a key of capacity {key.capacity}")
    return key


def find(quoted, said):
    f, signer = quoted.founding, said["signer"]
    if signer == "registrar":
        need("enrolled" not in said, "key_unproven", "the registrar is not enrolled")
        return Key(signer, "registrar", f.registrar, None)
    enrolled = said.get("enrolled")
    if enrolled is None:
        vkey, capacity = f.founder_key(signer)
        need(vkey is not None, "key_unproven", "no key of the genesis")
        return Key(signer, capacity, vkey, None)
    point, _ = quoted.checkpoint(enrolled["checkpoint"])
    participant, _, label = signer.partition("/")
    below, entry = point.size, None
    if "entry" in enrolled:
        below, entry = quoted.entry(enrolled["entry"], point)
    if "seats" in enrolled:
        roots, recovery = seated(quoted, point, below, participant, enrolled["seats"])
    else:
        need(participant in f.roots, "key_unproven", "a participant that is no founder")
        roots, recovery = f.roots[participant], f.recovery.get(participant)
    if entry is None:
        for keys, capacity in ((roots, "root"), (recovery, "recovery")):
            if keys and label in keys.labels():
                return Key(signer, capacity, keys.labels()[label], None)
        need(False, "key_unproven", "no root that the seats give")
    act = entry.act
    need(act.kind == "enrol" and "key" in act.body, "key_unproven", "no enrolment")
    need((act.by, act.body["key"]["label"]) == (participant, label), "key_unproven", "another key's enrolment")
    need(f.good_receipt(entry, below), "key_unproven", "an enrolment without a good receipt")
    need(signed_by_roots(entry, roots), "key_unproven", "an enrolment that the roots did not sign")
    need(has_force(quoted, act), "key_unproven", "an enrolment that is not shown to have force")
    return of_enrol(act)


def payload(said, name):
    return unb64(said[name]) if name in said else None
