"""Bundles (FORMATS.md, chapter 25), plain ones."""

import re

import checkpoint
import ijson
import tree
from folder import MAX_NOTE, Folder
from freeze import count, only, text
from report import Report
from spell import decimal, digest, hash_of, is_participant, unhex
from wrong import Wrong, need

AGE = b"age-encryption.org/v1\n"
MIB_64 = 67_108_864


def members(data):
    """(path, bytes) of each member; every one is a plain file."""
    out, at = [], 0
    while True:
        if at == len(data):
            return out  # the page does not ask for the two empty blocks
        need(at + 512 <= len(data), "a tar that is cut off")
        head = data[at : at + 512]
        if head == bytes(512):
            need(not data[at:].strip(b"\0"), "something behind the end of the tar")
            return out
        number = lambda start, end: int(head[start:end].strip(b" \0") or b"0", 8)
        try:
            size, checksum = number(124, 136), number(148, 156)
        except ValueError:
            raise Wrong("a tar's header that can't be read") from None
        need(checksum == sum(head[:148]) + 8 * 32 + sum(head[156:]), "a tar's header with another sum")
        need(head[257:265] == b"ustar\x0000" and head[156:157] in (b"0", b"\0"), "a member that is no plain file")
        prefix, name = head[345:500].rstrip(b"\0"), head[:100].rstrip(b"\0")
        path = (prefix + b"/" + name if prefix else name).decode("ascii", "replace")
        need(at + 512 + size <= len(data), "a tar that is cut off")
        out.append((path, data[at + 512 : at + 512 + size]))
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
    need(body["have"] == sorted(set(body["have"])), "have is not in order, each once")
    for one in body["list"]:
        only(one, ("path", "size"))
        text(one["path"]), count(one["size"])
    return body


ORDER = ("register/annex/", "register/tile/", "register/checkpoint", "witness/", "submit/", "note/", "grant/", "sealed/")


def rank(path):
    return next((place for place, start in enumerate(ORDER) if path.startswith(start)), 0)


PART = re.compile("sealed/([0-9a-f]{64})[.]at/(0|[1-9][0-9]*)")


def question(data):
    """C2SP tlog-witness: the size that was cosigned, a proof from there, and a checkpoint."""
    head, blank, rest = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    need(blank and lines[0].startswith("old "), "no question to a witness")
    need(len(lines) <= 64, "a proof of more than 63 hashes")
    return decimal(lines[0].removeprefix("old "), 2**64 - 1), [hash_of(line) for line in lines[1:]], checkpoint.read(rest)


class Part(Folder):
    """A bundle's files: those of a folder, and what is on its way."""

    def known(self, path):
        if path == "witness/add-checkpoint" or re.fullmatch("submit/[0-9a-f]{64}", path):
            return True
        if PART.fullmatch(path):
            return True
        return super().known(path) and not path.startswith(("queue/", "witness/")) and path != "lock"

    def pieces(self, named):
        """Of each file in order, none over another; those that are all of it have its hash."""
        ends, joined = {}, {}
        for path, data in self.files.items():
            match = PART.fullmatch(path)
            if not match:
                continue
            name, offset = match[1], int(match[2])
            self.piece(path, offset, named.get(name))
            if offset < ends.get(name, 0):
                self.report.wrong(path, "before the end of the piece before it")
            ends[name] = offset + len(data)
            if offset == len(joined.get(name, b"")):
                joined[name] = joined.get(name, b"") + data
                whole = name in named and len(joined[name]) == ends[name] == max(named[name])
                if whole and digest(joined[name]).hex() != name:
                    self.report.wrong(path, "all of its file is there, and it has another hash")

    def notes(self):
        super().notes()
        path = "witness/add-checkpoint"
        if path not in self.files:
            return
        try:
            need(len(self.files[path]) <= MAX_NOTE, "a question of more than 1 MiB")
            old, proof, asked = question(self.files[path])
            self.note(asked)
            leaves = self.register.leaves
            need(old <= asked.size, "more was cosigned than is asked for")
            if old == 0 or old == asked.size:
                need(not proof, "a proof where there is nothing to prove")
            elif old <= len(leaves):
                leads = tree.consistent(old, tree.root(leaves[:old]), asked.size, asked.root, proof)
                need(leads, "a proof that does not lead there")
        except Wrong as wrong:
            self.report.wrong(path, wrong.says)


def verify(data, asked=None):
    report = Report()
    if data.startswith(AGE):
        report.undecided.append("a sealed bundle: it is opened first")
        return report
    try:
        files = members(data)
        need(files and files[0][0] == "manifest.json", "no manifest in front")
        said = manifest(files[0][1])
    except Wrong as wrong:
        report.wrong("", wrong.says)
        return report
    rest = files[1:]
    report.said.append(f"a bundle from {said['from']} to {said['to']}, entries {said['base']} to {said['size']}")
    if [(one["path"], one["size"]) for one in said["list"]] != [(path, len(body)) for path, body in rest]:
        report.wrong("manifest.json", "its list is not what follows")
    seen, sealed, before = set(), False, 0
    for path, body in rest:
        place = rank(path)
        if place < before:
            report.wrong(path, "out of order")
        before = place
        if path in seen:
            report.wrong(path, "a path that comes twice")
        if sealed and not path.startswith("sealed/"):
            report.wrong(path, "a small file after a sealed one")
        if len(body) > MIB_64 and not path.startswith("sealed/"):
            report.wrong(path, "above 64 MiB")
        if path.startswith("submit/") and digest(body).hex() != path.rpartition("/")[2]:
            report.wrong(path, "not the bytes that its name says")
        seen.add(path)
        sealed = path.startswith("sealed/")
    if said["base"]:
        report.undecided.append("it begins above entry 0")
        return report
    part = Part(rest, report, asked)
    first = part.register.founding
    if first and (first.origin, first.hash) != (said["origin"], hash_of(said["genesis"])):
        report.wrong("manifest.json", "another register than the entries'")
    return report
