"""Bundles (FORMATS.md, chapter 25), plain ones."""

import re

import ijson
import tiles
from freeze import count, only, text
from register import Register
from report import Report
from spell import digest, hash_of, is_participant, is_register, unhex
from wrong import Wrong, need

AGE = b"age-encryption.org/v1\n"
MIB_64 = 67_108_864
ORDER = [
    re.compile("register/annex/[0-9a-f]{64}"),
    re.compile("register/tile/.*"),
    re.compile("register/checkpoint"),
    re.compile("witness/add-checkpoint"),
    re.compile("submit/[0-9a-f]{64}"),
    re.compile("note/[0-9a-f]{64}"),
    re.compile("grant/[0-9a-f]{64}"),
    re.compile("sealed/[0-9a-f]{64}"),
]


def members(data):
    """(path, bytes) of each member; every one is a plain file with the one header."""
    out, at = [], 0
    while True:
        need(at + 512 <= len(data), "a tar that is cut off")
        head = data[at : at + 512]
        if head == bytes(512):
            need(not data[at:].strip(b"\0"), "something behind the end of the tar")
            return out
        number = lambda start, end: int(head[start:end].strip(b" \0") or b"0", 8)
        try:
            fields = [number(*r) for r in ((100, 108), (108, 116), (116, 124), (136, 148))]
            size, checksum = number(124, 136), number(148, 156)
        except ValueError:
            raise Wrong("a tar's header that can't be read") from None
        need(checksum == sum(head[:148]) + 8 * 32 + sum(head[156:]), "a tar's header with another sum")
        need(head[257:263] == b"ustar\0" and head[156:157] in (b"0", b"\0"), "a member that is no plain file")
        need(fields == [0o644, 0, 0, 0], "a header with a mode, an owner or a time")
        prefix, name = head[345:500].rstrip(b"\0"), head[:100].rstrip(b"\0")
        path = (prefix + b"/" + name if prefix else name).decode("ascii", "replace")
        need(at + 512 + size <= len(data), "a tar that is cut off")
        out.append((path, data[at + 512 : at + 512 + size]))
        padding = data[at + 512 + size : at + 512 + (size + 511) // 512 * 512]
        need(not padding.strip(b"\0"), "padding that is not empty")
        at += 512 + (size + 511) // 512 * 512


def manifest(data):
    need(data.endswith(b"\n") and data.count(b"\n") == 1, "a manifest is one line")
    body = ijson.read(data[:-1])
    only(body, "format origin genesis from to base size cosigned part parts have list".split())
    need(body["format"] == "mithaq.bundle/v1", "a manifest of another format")
    hash_of(text(body["genesis"]))
    need(is_participant(text(body["from"])) and is_participant(text(body["to"])), "from, to")
    for name in ("base", "size", "cosigned"):
        count(body[name])
    need(body["base"] <= body["size"], "a base above the size")
    need(1 <= count(body["part"]) <= count(body["parts"]), "part and parts")
    for one in body["have"]:
        unhex(text(one), 32)
    for one in body["list"]:
        only(one, ("path", "size"))
        text(one["path"]), count(one["size"])
    return body


def verify(data, asked=None):
    report = Report()
    if data.startswith(AGE):
        report.undecided.append("a sealed bundle: it is opened first")
        return report
    try:
        files = members(data)
        need(files and files[0][0] == "manifest.json", "no manifest in front")
        said = manifest(files[0][1])
        rest = files[1:]
        need(asked is None or is_register(hash_of(said["genesis"]), asked), "another register than the one asked for")
        listed = [(one["path"], one["size"]) for one in said["list"]]
        need(listed == [(path, len(body)) for path, body in rest], "the list is not what follows")
        need(len({path for path, _ in rest}) == len(rest), "a path that comes twice")
        place = 0
        for path, body in rest:
            at = next((i for i, one in enumerate(ORDER) if one.fullmatch(path)), None)
            need(at is not None and at >= place, f"{path}: a path that is none, or out of order")
            place = at
            need(at == 7 or len(body) <= MIB_64, f"{path}: above 64 MiB")
            if at in (0, 4, 5, 6, 7):
                need(digest(body).hex() == path.rpartition("/")[2], f"{path}: not the bytes that its name says")
            if at == 1:
                need(tiles.read_path(path.removeprefix("register/")) is not None, f"{path}: no tile")
    except Wrong as wrong:
        report.wrong("", wrong.says)
        return report
    report.said.append(f"a bundle from {said['from']} to {said['to']}, entries {said['base']} to {said['size']}")
    if said["base"]:
        report.undecided.append("it begins above entry 0")
        return report
    inside = {p.removeprefix("register/"): d for p, d in rest if p.startswith("register/")}
    register = Register(inside, report)
    if register.founding and (register.founding.origin, register.founding.hash) != (
        said["origin"],
        hash_of(said["genesis"]),
    ):
        report.wrong("manifest.json", "another register than the entries'")
    register.say()
    return report
