"""The act: two lines of text (FORMATS.md, chapter 5)."""

from dataclasses import dataclass

import bodies
import ijson
import values as v
from spell import digest, hash_of, is_hash, is_origin
from wrong import Wrong, need

MAX_TEXT = 49_152
HEAD = v.record(
    {
        "kind": v.one_of(" ".join(bodies.KINDS)),
        "by": v.words(lambda text: text == "registrar" or v.is_participant(text), "participant"),
        "signers": v.listed(v.signer, once=False),
        "n": v.integer(),
        "at": v.time,
        "body": lambda value, where: None,
    },
    {"prev": v.act_id, "seen": v.record({"size": v.integer(), "root": v.hash_})},
)


@dataclass(frozen=True)
class Act:
    text: str
    origin: str
    genesis: bytes  # or None: it is the genesis
    kind: str
    by: str
    signers: tuple
    n: int
    prev: bytes  # or None
    seen: tuple  # (size, root), or None
    body: dict

    @property
    def id(self):
        return digest(self.text.encode())

    @property
    def register(self):
        return self.id if self.genesis is None else self.genesis

    def key_name(self, signer):
        return f"{self.origin}/{signer}"


def read(data):
    """The act of these bytes."""
    need(len(data) <= MAX_TEXT, f"longer than {MAX_TEXT} bytes", "act::text_too_long")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("not UTF-8", "act::not_two_lines") from None
    lines = text.split("\n")
    need(len(lines) == 3 and lines[2] == "", "an act is two lines", "act::not_two_lines")
    first = lines[0].split(" ")
    need(
        len(first) == 3
        and first[0] == "mithaq.act/v1"
        and is_origin(first[1])
        and (first[2] == "genesis" or is_hash(first[2])),
        "the first line of an act",
        "act::first_line",
    )
    origin, genesis = first[1], None if first[2] == "genesis" else hash_of(first[2])
    head = ijson.read(lines[1])
    if isinstance(head.get("kind"), dict):
        raise Wrong("an object for a word", "act::spelling")
    HEAD(head, None)
    kind, by, signers = head["kind"], head["by"], head["signers"]
    need(not isinstance(head["body"], list), "a list for an object", "act::spelling")
    need(isinstance(head["body"], dict), "no body", "act::shape")
    where = v.Where(origin, by)
    body_wrong = None
    try:  # what is no shape goes before the checks of the head
        bodies.KINDS[kind](head["body"], where)
    except Wrong as wrong:
        if wrong.code != "act::body":
            raise
        body_wrong = wrong
    need((kind == "genesis") == (genesis is None), "the word `genesis`", "act::genesis_word")
    need(head["n"] >= 1, "`n` counts from 1", "act::number_zero")
    check_signers(kind, by, signers, head["body"], origin)
    need((kind in ("genesis", "mark")) == (by == "registrar"), "by `registrar`, or not", "act::body")
    if body_wrong:
        raise body_wrong
    if kind == "genesis":
        need(head["n"] == 1 and "prev" not in head and "seen" not in head, "a genesis is the first", "act::body")
        check_founders(head["body"], signers, origin)
    seen = (head["seen"]["size"], hash_of(head["seen"]["root"])) if "seen" in head else None
    prev = hash_of(head["prev"]) if "prev" in head else None
    return Act(text, origin, genesis, kind, by, tuple(signers), head["n"], prev, seen, head["body"])


def check_signers(kind, by, signers, body, origin):
    most = 63 if kind == "genesis" else 15
    need(1 <= len(signers) <= most and len(set(signers)) == len(signers), "signers", "act::signers")
    if kind == "genesis":
        return
    mine = [s for s in signers if s == by == "registrar" or s.startswith(by + "/")]
    others = [s for s in signers if s not in mine]
    if kind == "enrol" and "seat" in body and others:
        new = [name.removeprefix(origin + "/") for name in v.key_names(body["seat"]["roots"]["keys"])]
        need(set(others) == set(new), "all the new roots sign, or none", "act::signers")
        need(mine and signers[0] == mine[0], "one's own root signs first: the chain is its", "act::signers")
    else:
        need(not others, "a signer of somebody else", "act::signers")


def check_founders(body, signers, origin):
    need(signers[0] == "registrar", "the registrar signs first", "act::signers")
    rest = set(signers[1:])
    for seat in body["founders"]:
        roots = {name.removeprefix(origin + "/") for name in v.key_names(seat["roots"]["keys"])}
        need(len(roots & rest) >= seat["roots"]["k"], "each founder signs with k of its roots", "act::body")
        rest -= roots
    need(not rest, "somebody signs the genesis who founds nothing", "act::body")
