"""C7: what shows an entry malformed, from its bytes, the genesis and some entries before it."""

import checkpoint
import entry as entries
import note as notes
import passkey
import vkey as vkeys
import whose_key
from spell import MAX_TIME
from wrong import Wrong

ROOT_KINDS = ("enrol", "revoke", "disown", "recover")


def by_roots(act):
    """Whether roots sign this act: the four kinds, but for the `disown` of an act."""
    return act.kind in ROOT_KINDS and not (act.kind == "disown" and "act" in act.body)


def allowed(capacity, act):
    if capacity == "root":
        return by_roots(act)
    if capacity == "recovery":
        return act.kind == "recover" and act.body["participant"] == act.by
    return capacity == "officer" and not by_roots(act) and act.kind not in ("genesis", "mark")


class Known:
    """The keys that the genesis and good enrolments before an entry give."""

    def __init__(self, q, before):
        self.q, self.keys, self.over, self.raw = q, {}, {}, set(q.founding.raw_keys())
        enrolments = [(i, e.act) for i, e in before if e.act.kind == "enrol" and "key" in e.act.body]
        for index, act in enrolments:
            if not whose_key.has_force(q, act):
                continue
            key = whose_key.of_enrol(act)
            self.keys[key.signer] = (index, key)
            self.raw |= set(raw_of(act.body["key"]))
        for index, entry in before:
            act = entry.act
            ended = act.body["label"] if act.kind == "revoke" else None
            if act.kind == "disown" and "key" in act.body:
                ended = act.body["key"]["label"]
            signer = f"{act.by}/{ended}"
            if ended and signer in self.keys and index > self.keys[signer][0]:
                self.over[signer] = index

    def key(self, signer):
        """A founder's root or recovery key, or one enrolled before."""
        if signer == "registrar":
            return whose_key.Key(signer, "registrar", self.q.registrar, None)
        vkey, capacity = self.q.founding.founder_key(signer)
        if vkey is not None:
            return whose_key.Key(signer, capacity, vkey, None)
        return self.keys[signer][1] if signer in self.keys else None


def raw_of(key):
    """The keys in an enrolment: what may stand once."""
    out = [vkeys.read(key["vkey"]).raw()] if "vkey" in key else []
    if "passkey" in key:
        out.append(vkeys.read(key["passkey"]["vkey"]).raw())
    return out + ([key["recipient"].encode()] if "recipient" in key else [])


def holds(q, ground, index, data, before):
    try:
        entry = entries.read(data)
    except Wrong:
        return ground == "form"
    if ground == "form":
        return of_form(q, index, entry, before)
    if not q.founding.is_ours(entry.act) or ground not in GROUNDS:
        return False
    return GROUNDS[ground](q, index, entry, before)


def of_form(q, index, entry, before):
    act, receipt = entry.act, entry.receipt
    if not q.founding.is_ours(act) or act.kind == "genesis":
        return True
    if receipt.index != index or receipt.submission != entry.submission.hash:
        return True
    if act.kind != "mark":
        return False
    point = checkpoint.read(act.body["checkpoint"].encode())
    if point.size > index or any(e.act.kind == "mark" and marked(e.act).size > point.size for _, e in before):
        return True
    return not lines_of_policy(q.policy, point)


def marked(act):
    return checkpoint.read(act.body["checkpoint"].encode())


def lines_of_policy(policy, point):
    """Each line by the log's key or a witness, each once; enough witnesses. Signatures apart."""
    keys = [policy.log, *(key for _, key in policy.witnesses)]
    found = [next((k for k in keys if k.matches(line)), None) for line in point.note.lines]
    if None in found or len(set(found)) != len(found) or policy.log not in found:
        return False
    if not all(shaped(key, line.payload) for key, line in zip(found, point.note.lines)):
        return False
    return len(found) - 1 >= policy.k


def shaped(key, payload):
    """Whether a line's payload has the shape of its kind."""
    if key.kind == vkeys.COSIGN:
        return len(payload) == 72 and int.from_bytes(payload[:8], "big") <= MAX_TIME
    return len(payload) == 64


def of_signature(q, index, entry, before):
    act, known = entry.act, Known(q, before)
    if entries.receipt_key(q.origin, q.registrar).matches(entry.receipt.line):
        if not q.founding.receipt_holds(entry.receipt):
            return True
    new = {}
    if act.kind == "enrol" and "seat" in act.body:
        new = {key.name: key for key in map(vkeys.read, act.body["seat"]["roots"]["keys"])}
    for signer, line in zip(act.signers, entry.submission.signers):
        key = known.key(signer)
        if key is None and line.name in new:
            key = whose_key.Key(signer, "root", new[line.name], None)
        if key is None:
            continue
        if key.vkey and key.vkey.matches(line) and not notes.signed(key.vkey, act.text.encode(), line.payload):
            return True
        second = entry.submission.passkeys.get(signer) if key.vkey else line
        if key.passkey and second and key.passkey[0].matches(second):
            vkey, rp, origins = key.passkey
            if passkey.verdict(vkey.key, rp, origins, act.id, second.payload) != "good":
                return True
    for line in entry.submission.intakes:
        key = known.key(line.name.removeprefix(q.origin + "/"))
        if key and key.capacity == "intake" and key.vkey.matches(line):
            if len(line.payload) != 104 or not entries.read_intake(act.id, line.payload).holds(key.vkey):
                return True
    if act.kind == "intake":
        key = known.key(act.body["key"])
        if key and key.capacity == "intake" and not entries.intake_of(act).holds(key.vkey):
            return True
    if act.kind == "mark":
        point = marked(act)
        keys = [q.policy.log, *(key for _, key in q.policy.witnesses)]
        for line in point.note.lines:
            for key in keys:
                if key.matches(line) and not checkpoint.holds(key, point, line):
                    return True
    return False


def of_key(q, index, entry, before):
    act, known = entry.act, Known(q, before)
    if act.kind != "succeed" and not any(e.act.kind == "succeed" for _, e in before):
        if not entries.receipt_key(q.origin, q.registrar).matches(entry.receipt.line):
            return True
    roots = 0
    for signer, line in zip(act.signers, entry.submission.signers):
        if signer == "registrar":
            if not q.registrar.matches(line):
                return True
            continue
        _, founder = q.founding.founder_key(signer)
        key = known.key(signer)
        if key is None:
            continue
        if founder and not allowed(founder, act):
            return True
        roots += founder == "root"
        if founder:
            continue  # another key under the name of a root may have come by `recover`
        second = entry.submission.passkeys.get(signer)
        first = key.vkey or key.passkey[0] if key.vkey or key.passkey else None
        if not allowed(key.capacity, act) or signer in known.over:
            return True
        if first is None or not first.matches(line):
            return True
        if (key.vkey is not None and key.passkey is not None) != (second is not None):
            return True
        if second is not None and not key.passkey[0].matches(second):
            return True
    if by_roots(act) and act.by in q.founding.roots and act.kind != "recover":
        mine = [s for s in act.signers if s.startswith(act.by + "/")]
        if roots == len(mine) and roots < q.founding.roots[act.by].k:
            return True
    for line in entry.submission.intakes:
        key = known.key(line.name.removeprefix(q.origin + "/"))
        if key and (key.capacity != "intake" or not key.vkey.matches(line) or key.signer in known.over):
            return True
    if act.kind == "intake":
        key = known.key(act.body["key"])
        if key and (key.capacity != "intake" or key.signer in known.over):
            return True
    if act.kind == "enrol" and "key" in act.body:
        signer = f"{act.by}/{act.body['key']['label']}"
        if known.key(signer) is not None or set(raw_of(act.body["key"])) & known.raw:
            return True
    return False


def of_duplicate(q, index, entry, before):
    return any(e.act.id == entry.act.id for _, e in before)


def of_author(entry, before):
    return [(i, e.act) for i, e in before if e.act.signers[0] == entry.act.signers[0]]


def of_number(q, index, entry, before):
    act = entry.act
    if act.kind == "mark" and act.n == 1:
        return True
    return any(earlier.n >= act.n for _, earlier in of_author(entry, before))


def of_previous(q, index, entry, before):
    act = entry.act
    if act.kind == "mark" and act.prev is None:
        return True
    mine = of_author(entry, before)
    for place, earlier in mine:
        if act.prev is None or (earlier.n == act.n - 1 and earlier.id != act.prev):
            return True
        if any(other.id == act.prev and at < place for at, other in mine):
            return True
    return False


GROUNDS = {
    "signature": of_signature,
    "key": of_key,
    "duplicate": of_duplicate,
    "number": of_number,
    "previous": of_previous,
}
