"""What each kind of contradiction shows (FORMATS.md, chapter 27). Each returns whom it convicts, and a sentence."""

import checkpoint
import entry as entries
import freeze as freezes
import note as notes
import tree
import vkey as vkeys
import whose_key
from checkpoint import lower_median
from exhibit_of import need, readable
from false_refusal import is_false
from let_in import holds as malformed_holds
from spell import digest, hash_of, unb64
from wrong import Wrong


def shown(holds, says="all of it may be true at once"):
    need(holds, "nothing_shown", says)


# C1, C11


def forked(a, b, prefix):
    if prefix is None:
        shown(a.size == b.size and a.root != b.root)
        return
    shown(0 < a.size < b.size, "a prefix is for a smaller and a larger size")
    root, proof = hash_of(prefix["root"]), [hash_of(item) for item in prefix["proof"]]
    need(tree.consistent(a.size, root, b.size, b.root, proof), "not_consistent", "no proof of the prefix")
    shown(root != a.root, "the smaller is the beginning of the larger")


def fork(q, s):
    a, b = q.signed_checkpoint(s["a"]), q.signed_checkpoint(s["b"])
    forked(a, b, s.get("prefix"))
    return "registrar", "it signed two trees"


def witness_fork(q, s):
    name, witness = q.witness(s["witness"])
    (a, _), (b, _) = q.cosigned(s["a"], witness), q.cosigned(s["b"], witness)
    forked(a, b, s.get("prefix"))
    return f"witness {name}", "it cosigned two trees"


# C2, C3, C4: receipts


def double_index(q, s):
    a, b = q.receipt(s["a"]), q.receipt(s["b"])
    shown(a.index == b.index and (a.time, a.submission) != (b.time, b.submission))
    return "registrar", "two receipts for one index"


def time_backwards(q, s):
    a, b = q.receipt(s["a"]), q.receipt(s["b"])
    shown(a.index < b.index and a.time > b.time)
    return "registrar", "time went backwards"


def receipt_not_kept(q, s):
    receipt = q.receipt(s["receipt"])
    point, _ = q.checkpoint(s["checkpoint"])
    index, data = q.included(s["leaf"], point)
    shown(index == receipt.index, "the leaf stands elsewhere")
    shown(not kept(q, receipt, data), "the promise was kept")
    return "registrar", "what it promised does not stand there"


def kept(q, receipt, data):
    """Whether a leaf is the submission and after it a receipt's line with the promised time."""
    try:
        note = notes.read(data)
    except Wrong:
        return False
    last = note.lines[-1]
    before = data[: len(data) - len(str(last).encode())]
    if digest(before) != receipt.submission or last.name != f"{q.origin}/receipt" or len(last.payload) != 112:
        return False
    return entries.read_receipt(last.payload).time == receipt.time


# C5, C6: clocks


def dated_after(q, s):
    tolerance = q.instrument.tolerance
    point, times = q.checkpoint(s["checkpoint"])
    index, entry = q.entry(s["entry"], point)
    need(q.founding.good_receipt(entry, index), "unsigned", "an entry without a good receipt")
    shown(entry.receipt.time > lower_median(times) + tolerance)
    return "registrar", "dated after it was cosigned"


def dated_before(q, s):
    tolerance = q.instrument.tolerance
    point, _ = q.checkpoint(s["checkpoint"])
    index, entry = q.entry(s["entry"], point)
    place, mark = q.entry(s["mark"], point)
    shown(place < index and mark.act.kind == "mark", "no mark before it")
    need(q.founding.good_receipt(entry, index), "unsigned", "an entry without a good receipt")
    need(
        whose_key.good_line(q.registrar, mark.act, mark.submission.signers[0]), "unsigned", "a mark that is not signed"
    )
    marked = readable(checkpoint.read, mark.act.body["checkpoint"].encode())
    need(marked.by_registrar(q.founding.log), "unsigned", "a marked checkpoint that is not signed")
    times = q.policy.times(marked)
    need(len(times) >= q.policy.k, "not_final", "a mark without a quorum")
    shown(entry.receipt.time + tolerance < lower_median(times))
    return "registrar", "dated before what stood before it was cosigned"


# C7, C8


def malformed_let_in(q, s):
    point, _ = q.checkpoint(s["checkpoint"])
    index, data = q.included(s["entry"], point)
    before = []
    for one in s.get("before", []):
        place, earlier = q.included(one, point)
        shown(place < index, "an entry that stands behind it")
        before.append((place, readable(entries.read, earlier)))
        q.ours(q.founding.is_ours(before[-1][1].act))
    shown(index > 0, "entry 0 is never let in")
    shown(malformed_holds(q, s["ground"], index, data, before), "it is not shown that the ground holds")
    return "registrar", f"it let in what is malformed: {s['ground']}"


def false_refusal(q, s):
    refusal = q.refusal(s["refusal"])
    data = unb64(s["submission"])
    shown(digest(data) == refusal.submission, "another submission than the refused")
    several = []
    if "entries" in s:
        need("checkpoint" in s, "shape", "entries without a checkpoint")
        point, _ = q.checkpoint(s["checkpoint"])
        several = [q.entry(one, point) for one in s["entries"]]
    try:
        submission = entries.read_submission(data)
    except Wrong as wrong:
        shown(False, f"the submission is in no good form: {wrong.says}")
    shown(q.founding.is_ours(submission.act) and submission.act.by != "registrar", "no participant's act of it")
    shown(is_false(q, refusal, submission, several), "it is not shown that the ground is false")
    return "registrar", f"it refused for a ground that is false: {refusal.ground}"


# C9: authors


def author_fork(q, s):
    key = whose_key.resolve(q, s["key"], ("registrar", "officer", "root", "recovery"))
    acts = [q.act(s[side]["act"]) for side in "ab"]
    shown(all(act.signers[0] == key.signer for act in acts), "it is not the first signer of both")
    for act, side in zip(acts, "ab"):
        good = key.signed(act, whose_key.payload(s[side], "signature"), whose_key.payload(s[side], "assertion"))
        need(good, "unsigned", f"`{side}` is not signed")
    shown(acts[0].n == acts[1].n and acts[0].id != acts[1].id)
    who = "registrar" if key.signer == "registrar" else f"author {key.signer}"
    return who, f"two acts of the number {acts[0].n}"


# C10, C12: witnesses


def freeze_broken(q, s):
    name, witness = q.witness(s["witness"])
    freeze = q.note(freezes.read, s["freeze"])
    frozen = vkeys.Vkey(witness.name, vkeys.FREEZE, witness.key)
    need(freeze.note.good_by(frozen), "unsigned", "a freeze that the witness did not sign")
    point, _ = q.cosigned(s["checkpoint"], witness)
    index, data = q.included(s["last"], point)
    shown(freeze.registrar == q.registrar, "another key was frozen")
    shown(point.size > freeze.size, "it was not beyond the frozen size")
    shown(index == point.size - 1, "not the last entry")
    last = readable(entries.read, data)
    q.ours(q.founding.is_ours(last.act))
    need(q.founding.good_receipt(last, index), "unsigned", "the last entry has no receipt of the frozen key")
    return f"witness {name}", "it cosigned a key that it had frozen"


def witness_backwards(q, s):
    tolerance = q.instrument.tolerance
    name, witness = q.witness(s["witness"])
    (a, time_a), (b, time_b) = q.cosigned(s["a"], witness), q.cosigned(s["b"], witness)
    shown(a.size < b.size and time_a > time_b + tolerance)
    return f"witness {name}", "a smaller size, later"


# C13, C14: intakes


def stamps(q, s):
    key = whose_key.resolve(q, s["key"], ("intake",))
    out = []
    for side in "ab":
        act = q.act(s[side]["act"])
        stamp = readable(entries.read_intake, act.id, unb64(s[side]["stamp"]))
        need(stamp.holds(key.vkey), "unsigned", f"the stamp of `{side}` does not hold")
        out.append(stamp)
    return key, *out


def intake_fork(q, s):
    key, a, b = stamps(q, s)
    shown(a.previous == b.previous and a.hash != b.hash)
    return f"intake {key.signer}", "two stamps after one"


def intake_backwards(q, s):
    key, a, b = stamps(q, s)
    shown(b.previous == a.hash and b.time < a.time)
    return f"intake {key.signer}", "a stamp earlier than the one before it"


# C15, C16


def false_state_note(q, s):
    key = whose_key.resolve(q, s["key"], ("node",))
    a, b = q.state(s["a"]), q.state(s["b"])
    need(a.note.good_by(key.vkey) and b.note.good_by(key.vkey), "unsigned", "a state note that is not signed")
    same = (a.rules, a.size, a.root, a.as_of) == (b.rules, b.size, b.root, b.as_of)
    shown(same and (a.lines, a.state) != (b.lines, b.state))
    return f"node {key.signer}", "two states of one register"


def chain_replayed(q, s):
    a, b = (q.submission(s[side]["submission"]) for side in "ab")
    shown(a.act.id == b.act.id and a.bytes != b.bytes)
    return "nobody", "one act, handed in twice"
