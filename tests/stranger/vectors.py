"""Recomputes every vector of docs/vectors. `python3 tests/stranger/vectors.py [FOLDER]`"""

import json
import sys
import time
from pathlib import Path

import act as acts
import checkpoint
import ed25519
import entry as entries
import es256
import instrument
import note as notes
import passkey
import said
import spell
import tree
import vkey as vkeys
from spell import b64, digest, hash_of, unb64
from wrong import Wrong

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "vectors"
counts, failures, remarks = {}, [], []


def check(file, name, holds, says):
    counts[file] = counts.get(file, 0) + 1
    if not holds:
        failures.append(f"{file}.json, {name}: {says}")


def equal(file, name, field, got, expected):
    check(file, name, got == expected, f"{field} is {str(got)[:90]}, the vector has {str(expected)[:90]}")


def load(folder, file):
    return json.loads((folder / f"{file}.json").read_text(encoding="utf-8"))["vectors"]


def keys(vectors):
    seeds = {}
    for vector in vectors:
        name = vector["name"]
        kind, key, seed = (bytes.fromhex(vector[field]) for field in ("kind", "key", "seed"))
        equal("keys", name, "seed", digest(f"mithaq sample key {vector['seed_of']}".encode()), seed)
        if kind == vkeys.WEBAUTHN and key[0] == 2:
            equal("keys", name, "key", b"\x02" + es256.public(int.from_bytes(seed, "big")), key)
        elif kind == vkeys.WEBAUTHN:
            equal("keys", name, "key", b"\x01" + ed25519.public(seed), key)
        else:
            equal("keys", name, "key", ed25519.public(seed), key)
        equal("keys", name, "key_id", vkeys.key_id(name, kind, key).hex(), vector["key_id"])
        got = vkeys.read(vector["vkey"])
        equal("keys", name, "vkey", (got.name, got.kind, got.key, str(got)), (name, kind, key, vector["vkey"]))
        check("keys", name, got.enrollable(), "a key that may not be enrolled")
        seeds[name, kind] = (seed, got)
    return seeds


def of_acts(vectors, seeds):
    """Form, hashes, receipts and all signatures of the register; the keys are those that its acts enrol."""
    origin, genesis = vectors["origin"], hash_of(vectors["genesis"])
    registrar, enrolled, leaves, last, time_before = None, {}, [], {}, 0
    equal("acts", "register", "voice_name", spell.voice_name(genesis), vectors["voice_name"])
    annexes = {}
    for annex in vectors["annexes"]:
        equal("acts", annex["name"], "sha256", b64(digest(annex["text"].encode())), annex["sha256"])
        annexes[annex["name"]] = annex["text"].encode()
    policy = checkpoint.read_policy(annexes["policy"], origin)
    kinds = set()
    for i, vector in enumerate(vectors["entries"]):
        name = f"{i}, {vector['name']}"
        data = unb64(vector["entry"])
        try:
            got = entries.read(data)
            alone = entries.read_submission(unb64(vector["submission"]))
        except Wrong as wrong:
            check("acts", name, False, f"refused: {wrong.says} ({wrong.code})")
            continue
        act = got.act
        kinds.add(act.kind)
        leaves.append(got.leaf)
        equal("acts", name, "index", (vector["index"], got.receipt.index), (i, i))
        equal("acts", name, "kind", act.kind, vector["kind"])
        equal("acts", name, "text", act.text, vector["text"])
        equal("acts", name, "id", b64(act.id), vector["id"])
        equal("acts", name, "register", act.register, genesis)
        equal("acts", name, "submission", got.submission.bytes, alone.bytes)
        equal("acts", name, "submission_hash", b64(alone.hash), vector["submission_hash"])
        equal("acts", name, "leaf_hash", b64(got.leaf), vector["leaf_hash"])
        equal("acts", name, "root_of_all_so_far", b64(tree.root(leaves)), vector["root_of_all_so_far"])
        if act.kind == "genesis":
            registrar = vkeys.read(act.body["registrar"])
            enrolled["registrar"] = {"vkey": registrar}
            for seat in act.body["founders"]:
                enrol_seat(enrolled, seat, origin)
            for field, annex in act.body["annexes"].items():
                data = annexes[field]
                equal("acts", name, field, (annex["sha256"], annex["size"]), (b64(digest(data)), len(data)))
        receipt = got.receipt
        message = entries.receipt_message(origin, genesis, receipt)
        equal("acts", name, "receipt", str(receipt.line), vector["receipt"] + "\n" * (not vector["receipt"].endswith("\n")))
        equal("acts", name, "receipt_message", message.decode(), vector["receipt_message"])
        equal("acts", name, "time", receipt.time, vector["time"])
        equal("acts", name, "receipt's submission", receipt.submission, got.submission.hash)
        check("acts", name, entries.receipt_key(origin, registrar).matches(receipt.line), "the receipt's key")
        check("acts", name, entries.receipt_holds(origin, genesis, registrar, receipt), "the receipt does not hold")
        check("acts", name, receipt.time >= time_before, "time goes backwards")
        time_before = receipt.time
        new = {}
        if act.kind == "enrol" and "seat" in act.body:
            enrol_seat(new, act.body["seat"], origin)
        signatures(name, got, {**enrolled, **new}, registrar, origin)
        chain = last.setdefault(act.signers[0], (0, None))
        check("acts", name, act.n > chain[0] and act.prev == chain[1], "the chain of n and prev")
        last[act.signers[0]] = (act.n, act.id)
        if act.kind == "mark":
            point = checkpoint.read(act.body["checkpoint"].encode())
            check("acts", name, point.size <= i and point.root == tree.root(leaves[: point.size]), "its root")
            check("acts", name, policy.final(point), "no quorum")
        if act.seen:
            check("acts", name, act.seen[1] == tree.root(leaves[: act.seen[0]]), "what it has seen")
        if act.kind == "enrol" and "key" in act.body:
            enrol_key(enrolled, act.by, act.body["key"])
        if act.kind == "enrol" and "seat" in act.body:
            enrol_seat(enrolled, act.body["seat"], origin)
        if act.kind == "recover":
            enrol_seat(enrolled, act.body, origin)
        if act.kind == "succeed":
            registrar = vkeys.read(act.body["registrar"])
            enrolled["registrar"] = {"vkey": registrar}
    check("acts", "all", len(kinds) == 33, f"{len(kinds)} of 33 kinds")
    for signer, key in enrolled.items():  # `forged.json` has one whose seed `keys.json` does not name
        if "vkey" in key:
            seeds.setdefault((key["vkey"].name, key["vkey"].kind), (None, key["vkey"]))


def enrol_seat(enrolled, seat, origin):
    for keys in (seat["roots"], seat.get("recovery", {"keys": []})):
        for key in map(vkeys.read, keys["keys"]):
            enrolled[key.name.removeprefix(origin + "/")] = {"vkey": key}


def enrol_key(enrolled, by, key):
    out = {}
    if "vkey" in key:
        out["vkey"] = vkeys.read(key["vkey"])
    if "passkey" in key:
        passkey = key["passkey"]
        out["passkey"] = (vkeys.read(passkey["vkey"]), passkey["rp"], passkey["origins"])
    enrolled[f"{by}/{key['label']}"] = out


def signatures(name, got, enrolled, registrar, origin):
    act, submission = got.act, got.submission
    for signer, line in zip(act.signers, submission.signers):
        key = enrolled.get(signer, {})
        if "vkey" in key:
            good = key["vkey"].matches(line) and notes.signed(key["vkey"], act.text.encode(), line.payload)
            check("acts", name, good, f"{signer}'s line")
            check("acts", name, ("passkey" in key) == (signer in submission.passkeys), f"{signer}'s passkey")
            line = submission.passkeys.get(signer)
        if "passkey" in key and line is not None:
            vkey, rp, origins = key["passkey"]
            verdict = passkey.verdict(vkey.key, rp, origins, act.id, line.payload)
            check("acts", name, vkey.matches(line) and verdict == "good", f"{signer}'s passkey: {verdict}")
        check("acts", name, key != {}, f"{signer} is not enrolled")
    for line in submission.intakes:
        key = enrolled.get(line.name.removeprefix(origin + "/"), {}).get("vkey")
        good = key is not None and key.matches(line)
        check("acts", name, good and entries.read_intake(act.id, line.payload).holds(key), "an intake")
    if act.kind == "intake":
        key = enrolled.get(act.body["key"], {}).get("vkey")
        check("acts", name, key is not None and entries.intake_of(act).holds(key), "the intake in its body")


def intakes(vectors, seeds):
    seed, key = seeds["register.example/river-accord/harbour/intake", vkeys.INTAKE]
    previous = bytes(32)
    for i, vector in enumerate(vectors):
        got = entries.read_intake(hash_of(vector["act"]), unb64(vector["payload"]))
        line = notes.Line(key.name, key.id, unb64(vector["payload"]))
        equal("intakes", i, "line", str(line).strip("\n"), vector["line"].strip("\n"))
        equal("intakes", i, "message", got.message.decode(), vector["message"])
        equal("intakes", i, "hash", b64(got.hash), vector["hash"])
        equal("intakes", i, "time", got.time, vector["time"])
        equal("intakes", i, "previous", (b64(got.previous), got.previous), (vector["previous"], previous))
        check("intakes", i, got.holds(key), "the signature")
        equal("intakes", i, "signature", ed25519.sign(seed, got.message), got.signature)
        previous = got.hash


def of_notes(vectors, seeds):
    origin = "register.example/river-accord"
    for vector in vectors:
        name = vector["name"]
        try:
            got = said.read(vector["note"].encode())
        except Wrong as wrong:
            check("notes", name, False, f"refused: {wrong.says}")
            continue
        equal("notes", name, "text", got.note.text, vector["text"])
        equal("notes", name, "note", got.note.bytes.decode(), vector["note"])
        if name.startswith("refusal"):
            seed, key = seeds[f"{origin}/registrar", vkeys.NOTE]
            equal("notes", name, "ground", got.ground, name.split(", ")[1])
        elif name == "freeze":
            line = got.note.lines[0]
            seed, key = seeds[line.name, vkeys.FREEZE]
        else:
            seed, key = seeds[got.note.lines[0].name, vkeys.NOTE]
        check("notes", name, got.note.good_by(key), "the signature")
        equal("notes", name, "signature", ed25519.sign(seed, got.note.text.encode()), got.note.lines[0].payload)


def passkeys(vectors, _):
    for vector in vectors:
        name, payload = vector["name"], unb64(vector["payload"])
        parts = [bytes.fromhex(vector[f]) if f != "client_data" else vector[f].encode() for f in (
            "authenticator_data", "client_data", "signature")]  # fmt: skip
        joined = b"".join(len(p).to_bytes(2, "big") + p for p in parts[:2]) + parts[2]
        equal("passkeys", name, "payload", payload, joined)
        act, key = hash_of(vector["act"]), bytes.fromhex(vector["key"])
        got = passkey.verdict(key, vector["rp"], vector["origins"], act, payload)
        equal("passkeys", name, "verdict", got, vector["verdict"])


def commitments(vectors, _):
    for i, vector in enumerate(vectors):
        filer = vector["filer"].encode()
        data = b"mithaq.exhibit/v1\n" + hash_of(vector["genesis"]) + bytes([len(filer)]) + filer
        data += hash_of(vector["salt"]) + unb64(vector["plain"])
        equal("commitments", i, "commitment", b64(digest(data)), vector["commitment"])


def curve(vectors, _):
    for vector in vectors["keys"]:
        got = ed25519.enrollable(bytes.fromhex(vector["key"]))
        equal("ed25519", vector["key"], "verdict", got, vector["verdict"])
    for vector in vectors["signatures"]:
        three = [bytes.fromhex(vector[field]) for field in ("key", "message", "signature")]
        equal("ed25519", vector["name"], "zip215", ed25519.holds(*three), vector["zip215"])
        got = ed25519.holds_without_cofactor(*three)
        equal("ed25519", vector["name"], "cofactorless", got, vector["cofactorless"])


def words(vectors, _):
    for vector in vectors["references"]:
        got = spell.reference(vector["kind"], vector["year"], vector["number"])
        equal("words", vector["reference"], "reference", got, vector["reference"])
    for vector in vectors["instants"]:
        got = (spell.time_of(vector["text"]), spell.write_time(vector["seconds"]))
        equal("words", vector["text"], "instant", got, (vector["seconds"], vector["text"]))
    for vector in vectors["voice_names"]:
        genesis = hash_of(vector["genesis"])
        equal("words", vector["genesis"], "voice_name", spell.voice_name(genesis), vector["voice_name"])
        heard = vector["voice_name"].lower().replace("0", "o").replace("1", "L").replace("-", " ")
        check("words", vector["genesis"], spell.is_register(genesis, heard), "it is not read as it is heard")


def forged(vectors, seeds):
    for kind, read in (("texts", lambda v: acts.read(v["text"].encode())), ("entries", lambda v: entries.read(unb64(v["entry"])))):
        for vector in vectors[kind]:
            try:
                read(vector)
                check("forged", vector["name"], False, f"let in; it is {vector['verdict']}")
            except Wrong as wrong:
                check("forged", vector["name"], True, "")
                if wrong.code != vector["verdict"]:
                    remarks.append(f"forged.json, {vector['name']}: {wrong.code}, the vector has {vector['verdict']}")
    origin = "register.example/river-accord"
    registrar = seeds[f"{origin}/registrar", vkeys.NOTE][1]
    for vector in vectors["lying"]:
        got = entries.read(unb64(vector["entry"]))
        act, receipt = got.act, got.receipt
        author = seeds[act.key_name(act.signers[0]), vkeys.NOTE][1]
        good_line = notes.signed(author, act.text.encode(), got.submission.signers[0].payload)
        good_receipt = entries.receipt_key(origin, registrar).matches(receipt.line) and entries.receipt_holds(
            origin, act.register, registrar, receipt
        )
        verdict = (
            "author's signature" if not good_line
            else "receipt's signature" if not good_receipt
            else "receipt for another submission" if receipt.submission != got.submission.hash
            else "good"
        )  # fmt: skip
        equal("forged", vector["name"], "verdict", verdict, vector["verdict"])


def contradictions(folder):
    import contradiction

    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    seen = {"index.json"}
    for case in index["cases"]:
        seen.add(case["file"])
        got = contradiction.judge((folder / case["file"]).read_bytes(), case["register"])
        expected = case["convicts"] if "convicts" in case else f"unconfirmed {case['unconfirmed']}"
        check("contradictions", case["file"], str(got) == expected, f"{got} ({got.says}); the index has {expected}")
    for path in folder.iterdir():
        check("contradictions", path.name, path.name in seen, "no case of the index")


def folding(vectors, _):
    for one in vectors["names"]:
        words = instrument.fold(one["name"])
        equal("folding", one["name"], "folded", (" ".join(words), "".join(words)), (one["folded"], one["key"]))


def main(folder):
    start = time.monotonic()
    seeds = keys(load(folder, "keys"))
    for file, run in (
        ("acts", of_acts), ("intakes", intakes), ("notes", of_notes), ("passkeys", passkeys),
        ("commitments", commitments), ("ed25519", curve), ("words", words), ("forged", forged),
        ("folding", folding),
    ):  # fmt: skip
        run(load(folder, file), seeds)
    contradictions(folder / "contradictions")
    for file, count in counts.items():
        print(f"{file:15} {count:5} checks")
    for remark in remarks:
        print(f"remark: refused by another rule. {remark}")
    for failure in failures:
        print(f"WRONG {failure}")
    print(f"{sum(counts.values())} checks, {len(failures)} wrong, {time.monotonic() - start:.1f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
