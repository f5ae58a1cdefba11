"""The body of each kind of act (FORMATS.md, chapters 7, 13, 14 and 18)."""

import checkpoint
import freeze as freezes
import values as v
import vkey as vkeys
from spell import hash_of, time_of
from values import check, record, shape
from wrong import Wrong


def checked(shape_of, *checks):
    def of(body, where):
        shape_of(body, where)
        for one in checks:
            one(body, where)

    return of


def exactly_one(*names):
    def of(body, where):
        check(sum(name in body for name in names) == 1, f"one of {' '.join(names)}, and not both")

    return of


def genesis(body, where):
    record({
        "origin": v.words(lambda text: text == where.origin, "origin of line 1"),
        "rules": v.integer(1, 2**32 - 1),
        "exercise": v.boolean,
        "annexes": record({"instrument": v.annex, "library": v.annex, "policy": v.annex}),
        "registrar": v.registrar_key,
        "founders": v.rising(v.seat, 1, key=lambda seat: seat["participant"]),
    })(body, where)  # fmt: skip
    raw = [v.read_vkey(body["registrar"]).raw()]
    for seat in body["founders"]:
        for keys in (seat["roots"], seat.get("recovery", {"keys": []})):
            raw += [v.read_vkey(text).raw() for text in keys["keys"]]
    check(len(set(raw)) == len(raw), "one key stands twice in the genesis")


def enrol_key(key, where):
    shape(isinstance(key, dict), "no object")
    record(
        {
            "label": v.label,
            "capacity": v.one_of("officer intake node seal"),
            "custody": v.one_of("hosted node device"),
            "office": v.office,
        },
        {
            "vkey": lambda value, where: v.read_vkey(value),
            "passkey": record({
                "vkey": lambda value, where: v.read_vkey(value),
                "rp": v.host,
                "origins": v.rising(v.web_origin, 1, 8),
            }),
            "recipient": v.recipient,
            "note": v.file,
        },
    )(key, where)  # fmt: skip
    capacity, custody = key["capacity"], key["custody"]
    check(("recipient" in key) == (capacity == "seal"), "a recipient is for `seal`, and `seal` has one")
    check("passkey" not in key or capacity == "officer", "a passkey is for an officer")
    has = ("vkey" in key, "passkey" in key)
    if capacity == "officer":
        allowed = {"node": [(True, True)], "device": [(True, False), (False, True)], "hosted": [(True, False)]}
        check(has in allowed[custody], f"an officer with custody `{custody}` has other keys")
    else:
        check(has[0] == (capacity != "seal"), "a vkey too much or too few")
    name = lambda where: f"{where.origin}/{where.by}/{key['label']}"
    if "vkey" in key:
        v.vkey(vkeys.INTAKE if capacity == "intake" else vkeys.NOTE, name)(key["vkey"], where)
    if "passkey" in key:
        v.vkey(vkeys.WEBAUTHN, name)(key["passkey"]["vkey"], where)
    if all(has):
        one, other = v.read_vkey(key["vkey"]), v.read_vkey(key["passkey"]["vkey"])
        check(one.raw() != other.raw(), "one key twice")


enrol = checked(
    record({}, {"key": enrol_key, "seat": v.seat}),
    exactly_one("key", "seat"),
    lambda body, where: check(body.get("seat", {}).get("participant") != where.by, "a vote for oneself"),
)

disown = checked(
    record({}, {"key": record({"label": v.label, "since": v.integer(1)}), "act": v.act_id}),
    exactly_one("key", "act"),
)


def recover_names(body, where):
    sets = [body["roots"], body.get("recovery", {"keys": []})]
    names = [name for keys in sets for name in v.key_names(keys["keys"])]
    raw = [v.read_vkey(text).raw() for keys in sets for text in keys["keys"]]
    check(all(n.startswith(f"{where.origin}/{body['participant']}/") for n in names), "a key of somebody else")
    check(len(set(names)) == len(names) and len(set(raw)) == len(raw), "a root is a recovery key")


def mark(body, where):
    record({"checkpoint": v.note(1, 16)})(body, where)
    try:
        point = checkpoint.read(body["checkpoint"].encode())
    except Wrong as wrong:
        raise Wrong(wrong.says, "act::body") from None
    check(point.origin == where.origin and point.size >= 1, "a mark of another origin, or of nothing")


def freeze(body, where):
    record({"note": v.note(1, 1)})(body, where)
    freezes.of_act(body["note"], where)


SET_ASIDE = record({"matter": v.matter, "to": v.code}, {"strands": v.strands})


def succeed(body, where):
    record(
        {
            "freezes": v.rising(v.note(1, 1), 1, 15),
            "size": v.integer(1),
            "root": v.hash_,
            "registrar": v.registrar_key,
        },
        {"policy": v.annex, "set-aside": v.listed(SET_ASIDE, 1, 256, once=False)},
    )(body, where)
    frozen = [freezes.of_act(text, where) for text in body["freezes"]]
    check(len({f.registrar for f in frozen}) == 1, "freezes of two registrars' keys")
    check(max(f.size for f in frozen) == body["size"], "not the largest size frozen")
    check(all(f.root == hash_of(body["root"]) for f in frozen if f.size == body["size"]), "two roots of one size")
    check(frozen[0].registrar.raw() != v.read_vkey(body["registrar"]).raw(), "the frozen key again")
    said = {}
    for one in body.get("set-aside", []):
        mine = set(one.get("strands", ["*"]))
        before = said.setdefault(one["matter"], set())
        check(not before & mine and not (before and "*" in before | mine), "a strand of a matter twice")
        before |= mine


def rule(body, where):
    record(
        {"exhibit": v.exhibit, "outcome": v.one_of("upheld not-upheld danger")}, {"challenge": v.act_id}
    )(body, where)
    check(("challenge" in body) == (body["outcome"] != "danger"), "a challenge goes with upheld and not-upheld")


OPEN = record(
    {"procedure": v.code},
    {"tier": v.one_of("record without-prejudice"), "fields": v.fields, "strands": v.strands, "files": v.files},
)
STEP = record(
    {"matter": v.matter, "step": v.code},
    {"strands": v.strands, "choice": v.code, "fields": v.fields, "files": v.files},
)
MATTER = {"matter": v.matter}

KINDS = {
    "genesis": genesis,
    "enrol": enrol,
    "revoke": record({"label": v.label}),
    "disown": disown,
    "recover": checked(
        record({"participant": v.participant, "roots": v.key_set}, {"recovery": v.key_set}), recover_names
    ),
    "mark": mark,
    "intake": checked(
        record({
            "act": v.act_id, "key": v.signer, "time": v.time, "previous": v.hash_, "signature": v.base64_of(64),
        }),
        lambda body, where: check(body["key"].startswith(where.by + "/"), "an intake key of somebody else"),
    ),
    "freeze": freeze,
    "succeed": succeed,
    "open": OPEN,
    "step": STEP,
    "correct": record({**MATTER, "entry": v.act_id, "fields": v.fields}),
    "withdraw": record({"entry": v.act_id}, MATTER),
    "batch": checked(
        record(
            {"table": v.code, "rows": v.integer(1, 2**32 - 1)},
            {"window": v.window, "annex": v.annex, "file": v.file},
        ),
        exactly_one("annex", "file"),
    ),
    "offer": record({"files": v.files}),
    "grant": record({"exhibit": v.exhibit, "grants": v.grants}),
    "keep": record({"exhibits": v.rising(v.exhibit, 1, 64)}),
    "opened": record({"exhibit": v.exhibit}),
    "answer": record({"exhibit": v.exhibit}, {"choice": v.code, "files": v.files}),
    "challenge": record({
        "exhibit": v.exhibit,
        "ground": v.one_of("grant-not-for-me grant-wrong sealed-missing does-not-open commitment-differs"),
    }),
    "rule": rule,
    "hold": record({"exhibit": v.exhibit, "until": v.time}),
    "destroy": record({"exhibit": v.exhibit, "ground": v.one_of("danger ended")}),
    "extend": record({**MATTER, "step": v.code, "seconds": v.seconds}, {"strands": v.strands}),
    "suspend": record({**MATTER, "seconds": v.seconds}, {"strands": v.strands}),
    "resume": record(MATTER, {"strands": v.strands}),
    "cut": checked(
        record({"participant": v.participant, "from": v.time, "to": v.time}),
        lambda body, where: check(time_of(body["from"]) < time_of(body["to"]), "a cut that ends before it starts"),
    ),
    "set-aside": SET_ASIDE,
    "serve": record({"act": v.act_id, "on": v.participant}),
    "transcribe": checked(
        record({"for": v.participant, "does": checked(
            record({}, {"open": OPEN, "step": STEP}), exactly_one("open", "step"),
        )}),
        lambda body, where: check(body["for"] != where.by, "transcribed for oneself"),
    ),
    "confirm": record({"act": v.act_id}),
    "screen": record({"key": v.signer, "list": v.code, "result": v.one_of("no-match unclear match")}),
    "publish": checked(record({}, {"matter": v.matter, "annex": v.annex}), exactly_one("matter", "annex")),
}  # fmt: skip
assert len(KINDS) == 33


def annexes_of(kind, body):
    """Each annex that an act names: (hash, size)."""
    out = []
    if kind == "genesis":
        out = list(body["annexes"].values())
    elif kind in ("batch", "publish") and "annex" in body:
        out = [body["annex"]]
    elif kind == "succeed" and "policy" in body:
        out = [body["policy"]]
    else:
        does = next(iter(body["does"].values())) if kind == "transcribe" else body
        fields = does.get("fields", {}) if kind in ("open", "step", "correct", "transcribe") else {}
        out = [one for one in fields.values() if isinstance(one, dict) and "sha256" in one]
    return [(hash_of(one["sha256"]), one["size"]) for one in out]


def files_of(kind, body):
    """Each file that an act names."""
    if kind == "transcribe":
        return list(next(iter(body["does"].values())).get("files", []))
    if kind == "batch":
        return [body["file"]] if "file" in body else []
    if kind == "enrol":
        note = body.get("key", {}).get("note")
        return [note] if note else []
    return list(body.get("files", [])) if kind in ("open", "step", "offer", "answer") else []


def sealed_of(kind, body):
    return [(hash_of(file["sealed"]), file["size"]) for file in files_of(kind, body)]


def grants_of(kind, body):
    grants = [grant for file in files_of(kind, body) for grant in file.get("grants", [])]
    if kind == "grant":
        grants += body["grants"]
    return [(hash_of(grant["sealed"]), grant["size"], grant["to"]) for grant in grants]
