"""A node's folder: every file in it (FORMATS.md, chapter 21)."""

import os
import re
from pathlib import Path

import bodies
import checkpoint
import entry as entries
import freeze as freezes
import records
import said
import tiles
import tree
import vkey as vkeys
from register import Register
from report import Report
from spell import digest, hash_of, is_register
from wrong import Wrong, need

HEX = "[0-9a-f]{64}"
BY_HASH = re.compile(f"(register/annex|sealed|grant|note|queue)/({HEX})")
OWN = re.compile(f"witness/(witness|intake)-({HEX})")
STOPPED = re.compile(f"queue/stopped-{HEX}")
PIECE = re.compile(f"queue/piece/({HEX})/(0|[1-9][0-9]*)-({HEX})")
MAX_NOTE = 1024 * 1024


def walk(root):
    """Each file below a folder, in the order of paths; a link is (path, None)."""
    out = []
    for folder, folders, files in os.walk(root):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in sorted(files + links):
            path = Path(folder, name)
            plain = not path.is_symlink() and path.is_file()
            out.append((path.relative_to(root).as_posix(), path.read_bytes() if plain else None))
    return sorted(out)


class Folder:
    """What `members`, pairs of a path and its bytes, make up; a bundle is checked by the same rules."""

    def __init__(self, members, report, asked=None):
        self.report = report
        self.files = {}
        for path, data in members:
            if data is None or not self.known(path):
                self.report.wrong(path, "a node's folder has no such file")
            else:
                self.files[path] = data
        inside = {p.removeprefix("register/"): d for p, d in self.files.items() if p.startswith("register/")}
        journal = self.journal()
        self.register = Register(inside, self.report, notes=self.below("note").values(), journal=journal)
        self.names()
        if self.register.founding:
            if asked and not is_register(self.register.founding.hash, asked):
                self.report.wrong("register/" + self.register.of_file[0], "another register than the one asked for", 0)
            self.named_by_acts()
            self.notes()
            self.own()
        self.register.say()

    def journal(self):
        """Where the entries of a journal begin, and they; none, if it can't be read: `own` says so."""
        try:
            (size, _), out = records.journal(self.files["queue/journal"], None)
        except (KeyError, Wrong):
            return 0, ()
        return size, out

    def follows(self, stamp):
        """The first entry with a stamp that follows on this one."""
        for index, data in enumerate(self.register.data):
            try:
                got = entries.read(data)
            except Wrong:
                continue
            stamps = [line.payload[8:40] for line in got.submission.intakes if len(line.payload) == 104]
            if got.act.kind == "intake":
                stamps.append(hash_of(got.act.body["previous"]))
            if stamp in stamps:
                return index
        return None

    def knows(self, seen):
        """A size and root that a file remembers, against the entries."""
        size, root = seen
        leaves = self.register.leaves
        need(size <= len(leaves), f"it knows of {size} entries, and {len(leaves)} are here")
        need(tree.root(leaves[:size]) == root, f"it knows of another root at size {size}")

    def known(self, path):
        if path in ("register/checkpoint", "queue/journal", "queue/held", "lock"):
            return True
        if any(kind.fullmatch(path) for kind in (BY_HASH, OWN, STOPPED, PIECE)):
            return True
        return path.startswith("register/") and tiles.read_path(path.removeprefix("register/")) is not None

    def below(self, folder):
        return {p: d for p, d in self.files.items() if p.startswith(folder + "/")}

    def names(self):
        for path, data in self.files.items():
            match = BY_HASH.fullmatch(path)
            if match and digest(data).hex() != match[2]:
                self.report.wrong(path, "not the bytes that its name says")

    def named_by_acts(self):
        """Annexes, sealed files and grants: named by an act, with this size; annexes are all there."""
        acts = [*self.register.acts(), *self.queued()]
        for folder, of, must in (
            ("register/annex", bodies.annexes_of, True),
            ("sealed", bodies.sealed_of, False),
            ("grant", bodies.grants_of, False),
        ):
            named = {}
            for act in acts:
                for item in of(act.kind, act.body):
                    named.setdefault(item[0].hex(), set()).add(item[1])
            there = {path: data for path, data in self.below(folder).items() if BY_HASH.fullmatch(path)}
            for path, data in there.items():
                name = path.rpartition("/")[2]
                if name not in named:
                    self.report.wrong(path, "no act names it")
                elif len(data) not in named[name]:
                    self.report.wrong(path, "another size than its act says")
            if folder == "sealed":
                for path in self.files:
                    match = PIECE.fullmatch(path)
                    if match:
                        self.piece(path, int(match[2]), named.get(match[1]))
                self.pieces(named)
            for name in sorted(named) if must else ():
                if f"{folder}/{name}" not in there:
                    self.report.undecided.append(f"the annex {name} is missing")

    def piece(self, path, offset, sizes):
        """A part of a sealed file: an act names that, and it lies within it."""
        if not sizes:
            self.report.wrong(path, "no act names the file that this is a part of")
        elif offset + len(self.files[path]) > max(sizes):
            self.report.wrong(path, "it goes beyond the size that its act says")

    def pieces(self, named):
        """Those of a bundle; a folder has none."""

    def queued(self):
        """Acts that wait to be registered: they name files too."""
        out = []
        for path, data in self.below("queue").items():
            if BY_HASH.fullmatch(path):
                try:
                    out.append(entries.read_submission(data).act)
                except Wrong:
                    pass  # `own` says so
        return out

    def notes(self):
        for path, data in self.below("note").items():
            try:
                need(len(data) <= MAX_NOTE, "a note of more than 1 MiB")
                self.note(said.read(data))
            except Wrong as wrong:
                self.report.wrong(path, wrong.says)

    def note(self, got):
        f, policy, replay = self.register.founding, self.register.policy, self.register.replay
        need(got.origin == f.origin, "a note of another register")
        if isinstance(got, checkpoint.Checkpoint):
            need(got.by_registrar(f.log), "a checkpoint that the registrar did not sign")
            leaves = self.register.leaves[: got.size]
            need(len(leaves) < got.size or tree.root(leaves) == got.root, "a checkpoint that is not of the entries")
            wrong = policy.lines(got) if policy else None
            need(wrong is None, wrong)
            return
        need(got.genesis == f.hash, "a note of another register")
        need(len(got.note.lines) == 1, "more than one signature")
        if isinstance(got, said.Promise):
            need(f.receipt_holds(got.receipt), "a receipt that the registrar did not sign")
            index, data = got.receipt.index, self.register.data
            kept = index >= len(data) or entries.receipted(data[index]) == got.receipt.submission
            need(kept, "a receipt for another submission than stands there")
        elif isinstance(got, said.Refusal):
            need(got.note.good_by(f.registrar), "a refusal that the registrar did not sign")
        elif isinstance(got, freezes.Freeze):
            keys = [vkeys.Vkey(key.name, vkeys.FREEZE, key.key) for _, key in policy.witnesses] if policy else []
            need(any(got.note.good_by(key) for key in keys) or not policy, "a freeze by no witness")
        elif replay:
            keys = [one.key for one in replay.ring.keys.values() if one.key.capacity == "node"]
            need(any(got.note.good_by(key.vkey) for key in keys), "a state note by no node's key")

    def own(self):
        f, policy, replay = self.register.founding, self.register.policy, self.register.replay
        for path, data in self.files.items():
            match = OWN.fullmatch(path)
            try:
                if path == "lock":
                    need(data == b"", "the lock is not empty")
                elif path == "queue/journal":
                    self.knows(records.journal(data, f.origin)[0])
                elif path == "queue/held":
                    self.knows(records.held(data, f.origin))
                elif STOPPED.fullmatch(path):
                    need(records.is_whole(data), "a stop that is not whole")
                elif PIECE.fullmatch(path):
                    need(digest(data).hex() == PIECE.fullmatch(path)[3], "not the bytes that its name says")
                elif path.startswith("queue/"):
                    need(f.is_ours(entries.read_submission(data).act), "a submission to another register")
                elif match and match[1] == "witness":
                    key, seen = records.witness(data)
                    names = [w.name for _, w in policy.witnesses] if policy else []
                    made = [records.witness_name(f.origin, f.registrar.key, name, key) for name in names]
                    need(match[2] in made or not policy, "a witness' record that its name does not fit")
                    self.knows(seen)
                elif match:
                    key, last = records.intake(data)
                    keys = [one.key.vkey for one in replay.ring.keys.values() if one.key.vkey] if replay else []
                    made = [records.intake_name(vkey.name, key) for vkey in keys]
                    need(match[2] in made or not replay, "an intake's record that its name does not fit")
                    index = self.follows(last)
                    need(index is None, f"entry {index} has a stamp that follows on its last")
            except Wrong as wrong:
                self.report.wrong(path, wrong.says)


def of_path(root, asked=None):
    return Folder(walk(root), Report(str(root)), asked)
