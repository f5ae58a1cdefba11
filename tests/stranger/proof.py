"""tlog-proofs (FORMATS.md, chapter 20) and standing proofs (chapter 24)."""

from dataclasses import dataclass

import checkpoint
import entry as entries
import founding
import ijson
import said
import tree
import whose_key
from exhibit_of import Unconfirmed
from founding import key_set
from freeze import only, text
from instrument import Instrument
from let_in import by_roots
from report import Report
from spell import b64, decimal, digest, hash_of, is_register, unb64, voice_name
from wrong import Wrong, need


@dataclass(frozen=True)
class Proof:
    index: int
    entry: bytes
    path: tuple
    point: checkpoint.Checkpoint


def read(data):
    start, empty, end = data.partition(b"\n\n")
    need(empty != b"", "a proof without a checkpoint")
    try:
        lines = start.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Wrong("no tlog-proof") from None
    need(len(lines) >= 3 and lines[0] == "c2sp.org/tlog-proof@v1", "no tlog-proof")
    need(lines[1].startswith("extra ") and lines[2].startswith("index "), "no `extra`, or no `index`")
    path = tuple(map(hash_of, lines[3:]))
    need(len(path) <= 63, "a path of more than 63 hashes")
    return Proof(decimal(lines[2][6:]), unb64(lines[1][6:]), path, checkpoint.read(end))


def holds(proof, policy):
    """Whether the entry leads to the root, and the checkpoint has its quorum."""
    leaf = tree.leaf(proof.entry)
    need(tree.included(leaf, proof.index, proof.point.size, proof.path, proof.point.root), "it is not below the checkpoint")
    wrong = policy.lines(proof.point, unknown=False)
    need(wrong is None, wrong)
    need(policy.final(proof.point), "the checkpoint has no quorum")


def of_register(proof, first):
    """The entry of a proof: of this register, with a receipt that holds."""
    entry = entries.read(proof.entry)
    need(first.is_ours(entry.act), "an entry of another register")
    need(first.good_receipt(entry, proof.index), "its receipt is not for this index and submission, or does not hold")
    return entry


def tlog_file(data, known=()):
    """A bare proof is decided only beside the register that it is of."""
    report = Report()
    try:
        proof = read(data)
        mine = [one for one in known if one.founding and one.policy and one.founding.origin == proof.point.origin]
        if not mine:
            report.undecided.append("no register of this origin was given")
            return report
        holds(proof, mine[0].policy)
        entry = of_register(proof, mine[0].founding)
        report.said.append(f"entry {proof.index} of {proof.point.size}: `{entry.act.kind}` by {entry.act.by}")
    except Wrong as wrong:
        report.wrong("", wrong.says)
    return report


def standing(data, asked=None):
    """Checks a standing proof, and says what it shows."""
    need(data.endswith(b"\n") and data.count(b"\n") == 1, "not one line that ends in a line feed")
    body = ijson.read(data[:-1])
    only(body, ("format", "genesis", "policy", "keys", "proof"), ("instrument", "seats", "state"))
    need(body["format"] == "mithaq.proof/v1", "another format")
    # 1
    genesis = entries.read(unb64(text(body["genesis"])))
    first = founding.Founding(genesis.act)
    need(not genesis.submission.passkeys and not genesis.submission.intakes, "a genesis with lines of others")
    for signer, line in zip(genesis.act.signers, genesis.submission.signers):
        vkey = first.registrar if signer == "registrar" else first.founder_key(signer)[0]
        need(vkey is not None and whose_key.good_line(vkey, genesis.act, line), f"{signer}: its line is wrong")
    need(first.good_receipt(genesis, 0), "the receipt of the genesis does not hold")
    need(asked is None or is_register(first.hash, asked), "another register than the one asked for")
    policy_text = text(body["policy"]).encode()
    named = genesis.act.body["annexes"]["policy"]
    need((b64(digest(policy_text)), len(policy_text)) == (named["sha256"], named["size"]), "another policy")
    policy = checkpoint.read_policy(policy_text, first.origin)
    need(policy.log == first.log, "the policy's log is not the registrar")
    beside = Beside(first, policy)
    if "instrument" in body:
        data = text(body["instrument"]).encode()
        named = genesis.act.body["annexes"]["instrument"]
        need((b64(digest(data)), len(data)) == (named["sha256"], named["size"]), "another instrument")
        beside.instrument = Instrument(data)
    # 2
    proof = read(text(body["proof"]).encode())
    holds(proof, policy)
    entry = of_register(proof, first)
    need(isinstance(body["keys"], list), "`keys` is no list")
    # 3
    if "seats" in body:
        need(isinstance(body["seats"], list) and body["seats"] != [], "`seats` is no list")
        beside.seat(list(map(text, body["seats"])), proof.point)
    # 4
    keys, capacities = {}, {}
    for one in body["keys"]:
        index, key = beside.enrolled(text(one), proof.point)
        if index < proof.index:
            keys.setdefault(key.signer, key)
    # 5
    for signer, line in zip(entry.act.signers, entry.submission.signers):
        capacity, root = ("registrar", first.registrar) if signer == "registrar" else beside.root(signer)
        key = whose_key.Key(signer, capacity, root, None) if root else keys.get(signer)
        need(key is not None, f"{signer}: its key is not shown")
        assertion = entry.submission.passkeys.get(signer)
        if key.vkey is None:
            need(assertion is None, f"{signer}: a line beside that of a passkey")
            line, assertion = None, line
        need(key.vkey is None or key.vkey.matches(line), f"{signer}: a line of another key")
        need(key.passkey is None or (assertion and key.passkey[0].matches(assertion)), f"{signer}: no line of its passkey")
        payloads = [one and one.payload for one in (line, assertion)]
        need(key.signed(entry.act, *payloads), f"{signer}: its line is wrong")
        capacities[signer] = key.capacity
    need(proof.index == 0 or beside.may_sign(entry.act, capacities), "keys that may not sign such an act, or too few")
    shown = [
        f"register {first.origin}, by voice {voice_name(first.hash)}",
        f"entry {proof.index} of {proof.point.size}: `{entry.act.kind}` by {entry.act.by}, act {b64(entry.act.id)}",
    ]
    # 6
    if "state" in body:
        shown += state(body["state"], beside, proof.point)
    return shown


class Beside:
    """What stands beside the act: who has which seat, and whose keys were enrolled."""

    instrument = None

    def __init__(self, founding, policy):
        self.founding, self.policy = founding, policy
        self.seats = {who: (0, roots, founding.recovery.get(who)) for who, roots in founding.roots.items()}

    def entry(self, data, point):
        """An entry under the same checkpoint, with its index."""
        proof = read(data.encode())
        holds(proof, self.policy)
        need((proof.point.size, proof.point.root) == (point.size, point.root), "a proof to another checkpoint")
        return proof.index, of_register(proof, self.founding)

    def seat(self, proofs, point):
        votes = {}
        for one in proofs:
            index, entry = self.entry(one, point)
            need(entry.act.kind == "enrol" and "seat" in entry.act.body, "no vote for a seat")
            votes.setdefault(entry.act.body["seat"]["participant"], []).append((index, one))
        for who, cast in votes.items():
            need(who not in self.founding.roots, "a seat of a founder")
            need(self.instrument is not None, "no instrument says who seats others")
            try:
                roots, recovery = whose_key.seated(self, point, point.size, who, [one for _, one in cast])
            except Unconfirmed as wrong:
                raise Wrong(f"the seat of {who}: {wrong.says}") from None
            self.seats[who] = max(index for index, _ in cast), roots, recovery

    def root(self, signer):
        participant, _, label = signer.partition("/")
        _, *sets = self.seats.get(participant, (0, None, None))
        named = zip(("root", "recovery"), sets)
        return next(((what, keys.labels()[label]) for what, keys in named if keys and label in keys.labels()), ("", None))

    def may_sign(self, act, capacities):
        """Whether signers of these capacities may sign an act of this kind, and are enough."""
        if act.by == "registrar":
            return set(capacities) == {"registrar"}
        _, roots, recovery = self.seats.get(act.by, (0, None, None))
        needed, of = ("root", roots) if by_roots(act) else ("officer", None)
        if act.kind == "recover" and act.body["participant"] == act.by:
            needed, of = "recovery", recovery
        own = [capacities[s] for s in capacities if s.startswith(act.by + "/")]
        others = {s for s in capacities if not s.startswith(act.by + "/")}
        new = set()
        if act.kind == "enrol" and "seat" in act.body:
            seat = act.body["seat"]
            new = {f"{seat['participant']}/{label}" for label in key_set(seat["roots"]).labels()}
        enough = len(own) >= (of.k if of else 1) and (of is not None or needed == "officer")
        return enough and all(one == needed for one in own) and others in (set(), new)

    def enrolled(self, data, point):
        """The key of an `enrol` by the roots of its participant's seat."""
        index, entry = self.entry(data, point)
        act = entry.act
        need(act.kind == "enrol" and "key" in act.body, "no enrolment of a key")
        need(act.by in self.seats and self.seats[act.by][0] < index, "an enrolment by somebody without a seat")
        need(whose_key.signed_by_roots(entry, self.seats[act.by][1]), "an enrolment that the roots did not sign")
        key = act.body["key"]
        void = self.instrument is not None and self.instrument.is_void(key)
        need(not void, "an enrolment that is void: an excluded group, or nobody")
        return index, whose_key.of_enrol(act)


def state(body, beside, point):
    only(body, ("note", "key", "lines"))
    note = said.read_state(text(body["note"]).encode())
    need((note.origin, note.genesis) == (beside.founding.origin, beside.founding.hash), "a state note of another register")
    need((note.size, note.root) == (point.size, point.root), "a state note of another size or root")
    need(len(note.note.lines) == 1, "a state note has one line here")
    _, key = beside.enrolled(text(body["key"]), point)
    need(key.capacity == "node" and key.vkey is not None, "the state note's key is no node's")
    need(note.note.good_by(key.vkey), "the state note is not signed by that key")
    out = []
    need(isinstance(body["lines"], list), "`lines` is no list")
    for one in body["lines"]:
        only(one, ("line", "index", "path"))
        need(isinstance(one["index"], int) and isinstance(one["path"], list), "a state line")
        path = [hash_of(text(item)) for item in one["path"]]
        leaf = tree.leaf(text(one["line"]).encode())
        need(tree.included(leaf, one["index"], note.lines, path, note.state), "a state line that is not in the state")
        out.append("  " + one["line"])
    return out


def standing_file(data, asked=None):
    report = Report()
    try:
        report.said += standing(data, asked)
    except Wrong as wrong:
        report.wrong("", wrong.says)
    return report
