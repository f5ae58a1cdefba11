"""The register in a set of files: entries, tiles, checkpoint, annexes (FORMATS.md, chapters 17 to 21)."""

import bodies
import checkpoint
import entry as entries
import founding
import tiles
import tree
from instrument import Instrument
from replay import Replay
from spell import b64, digest, hash_of, voice_name
from wrong import Undecided, Wrong


class Register:
    """Reads `files`, a dict of paths below `register/` and their bytes, and says what it finds to a report.

    `where` is put before each path; `notes` lie beside it, and a checkpoint among them has its times too.
    """

    def __init__(self, files, report, where="register/", notes=(), journal=(0, ())):
        self.files, self.report, self.where, self.notes = files, report, where, notes
        self.founding = self.policy = self.instrument = self.point = self.replay = None
        self.data, self.of_file, self.judged, self.leaves = [], [], [], []
        self.read_entries()
        self.tiled = len(self.data)
        self.follow(*journal)
        self.leaves = [tree.leaf(data) for data in self.data]
        if self.data:
            self.found()
        if self.founding:
            self.annexes()
            self.judge()
        self.check_tiles()
        if self.founding:
            self.checkpoint()

    def wrong(self, path, says, entry=None):
        self.report.wrong(self.where + path if path else "queue/journal", says, entry)

    # Entries and tiles

    def read_entries(self):
        bundles = {}
        for path in self.files:
            place = tiles.read_path(path)
            if place and place[0] == "entries":
                bundles.setdefault(place[1], []).append((place[2], path))
        self.bundles = {}
        for index in sorted(bundles):
            best = None
            for width, path in sorted(bundles[index], reverse=True):
                try:
                    got = tiles.bundle(self.files[path])
                    if len(got) != width:
                        raise Wrong(f"{len(got)} entries, not {width}")
                except Wrong as wrong:
                    self.wrong(path, wrong.says)
                    continue
                self.bundles[path] = got
                best = best or (path, got)
            if len(self.data) != index * tiles.WIDTH or best is None:
                continue
            for i in range(len(best[1])):
                self.of_file.append(best[0])
            self.data += best[1]

    def follow(self, start, journal):
        """Entries of a journal: the same as the tiles', or behind them."""
        for index, data in enumerate(journal, start):
            if index < self.tiled and self.data[index] != data:
                self.report.wrong("queue/journal", "another entry than the tiles have", index)
            elif index == len(self.data):
                self.data.append(data)
                self.of_file.append(None)

    def check_tiles(self):
        levels = tiles.levels_of(self.leaves[: self.tiled])
        for path, data in sorted(self.files.items()):
            place = tiles.read_path(path)
            if place is None:
                continue
            level, index, width = place
            start = index * tiles.WIDTH
            if level == "entries":
                got = self.bundles.get(path)
                if got is not None and self.data[: self.tiled][start : start + width] != got:
                    self.wrong(path, "not the entries of the log")
                continue
            row = levels[level] if level < len(levels) else []
            if start + width > len(row):
                self.wrong(path, "the tile holds more than the log has")
            elif b"".join(row[start : start + width]) != data:
                self.wrong(path, "the tile is not what the entries make it")
        for path in tiles.expected(self.tiled):
            if path not in self.files:
                self.wrong(path, "this tile is missing")
        if not self.data and "checkpoint" in self.files:
            self.wrong("checkpoint", "a checkpoint, and there are no entries")
        elif not self.data:
            self.report.undecided.append("there are no entries")

    # The genesis, annexes, and each entry

    def found(self):
        try:
            self.founding = founding.Founding(entries.read(self.data[0]).act)
        except Wrong as wrong:
            self.wrong(self.of_file[0], wrong.says, 0)

    def annex(self, name):
        named = self.founding.act.body["annexes"][name]
        data = self.files.get("annex/" + hash_of(named["sha256"]).hex())
        # Other bytes under its name are not it.
        return data if data is not None and digest(data) == hash_of(named["sha256"]) else None

    def annexes(self):
        if self.founding.rules != 1:
            self.report.undecided.append(f"rules version {self.founding.rules}")
        for name, named in self.founding.act.body["annexes"].items():
            data = self.annex(name)
            if data is not None and len(data) != named["size"]:
                self.wrong(self.of_file[0], f"the {name} has another size than it says", 0)
        for name, read in (
            ("policy", lambda data: checkpoint.read_policy(data, self.founding.origin)),
            ("instrument", lambda data: Instrument(data, self.annex("library") or b"")),
        ):
            data = self.annex(name)
            if data is None:
                continue  # said below, with the annexes that are missing
            try:
                setattr(self, name, read(data))
            except Wrong as wrong:
                self.wrong("annex/" + digest(data).hex(), wrong.says)
        if self.policy and self.policy.log != self.founding.log:
            self.wrong("annex/" + digest(self.annex("policy")).hex(), "the policy's log is not the registrar")

    def judge(self):
        if not (self.policy and self.instrument and self.founding.rules == 1):
            return
        self.replay = Replay(self.founding, self.policy, self.instrument)
        time = 0
        for index, data in enumerate(self.data):
            try:
                judged = self.replay.judge(index, data)
            except Undecided as undecided:
                self.report.undecided.append(str(undecided))
                return
            self.judged.append(judged)
            if judged.ground:
                self.wrong(self.of_file[index], f"malformed ({judged.ground}): {judged.says}", index)
            elif judged.entry.receipt.time < time:
                self.wrong(self.of_file[index], "its receipt is earlier than that of an entry before", index)
            else:
                time = judged.entry.receipt.time
        self.dated()

    def marks(self):
        """The checkpoints of well-formed marks, with the marks' indexes."""
        return [
            (index, checkpoint.read(one.entry.act.body["checkpoint"].encode()))
            for index, one in enumerate(self.judged)
            if one.ground is None and one.entry.act.kind == "mark"
        ]

    def dated(self):
        """Each entry against the clocks of the checkpoints in marks, and of the stored one (C5, C6)."""
        times = [one.entry.receipt.time if one.entry else None for one in self.judged]
        points = self.marks()
        for data in (self.files.get("checkpoint", b""), *self.notes):
            try:
                point = checkpoint.read(data)
            except Wrong:
                continue
            if point.size <= len(self.leaves) and tree.root(self.leaves[: point.size]) == point.root:
                points.append((len(self.data), point))
        tolerance, said = self.instrument.tolerance, set()
        for place, point in points:
            if not self.policy.final(point):
                continue
            witnessed = checkpoint.lower_median(self.policy.times(point))
            for index in range(min(point.size, len(times))):
                if times[index] is not None and times[index] > witnessed + tolerance and index not in said:
                    said.add(index)
                    self.wrong(self.of_file[index], "dated after a checkpoint that covers it was cosigned", index)
            for index in range(place + 1, len(times)):
                if times[index] is not None and times[index] + tolerance < witnessed and index not in said:
                    said.add(index)
                    self.wrong(self.of_file[index], "dated before a mark before it was cosigned", index)

    def acts(self):
        """The acts of all entries that can be read, malformed ones too."""
        out = []
        for data in self.data:
            try:
                out.append(entries.read(data).act)
            except Wrong:
                pass
        return out

    # The checkpoint

    def checkpoint(self):
        data = self.files.get("checkpoint")
        if data is None:
            self.report.undecided.append("there is no checkpoint: nothing is final yet")
            return
        try:
            self.point = point = checkpoint.read(data)
        except Wrong as wrong:
            self.wrong("checkpoint", wrong.says)
            return
        if point.origin != self.founding.origin:
            self.wrong("checkpoint", "a checkpoint of another register")
            return
        if not point.by_registrar(self.founding.log):
            self.wrong("checkpoint", "the registrar's line is missing or wrong")
        if point.size > self.tiled:
            index = self.tiled // tiles.WIDTH
            width = min(point.size - index * tiles.WIDTH, tiles.WIDTH)
            self.wrong(tiles.write_path("entries", index, width), "this tile is missing", self.tiled)
        if point.size > len(self.data):
            self.wrong("checkpoint", f"a checkpoint of {point.size}, and there are {len(self.data)} entries")
        elif tree.root(self.leaves[: point.size]) != point.root:
            self.wrong("checkpoint", "its root is not that of the entries")
        if point.size < max((mark.size for _, mark in self.marks()), default=0):
            self.wrong("checkpoint", "smaller than the largest mark's")
        if not self.policy:
            return
        wrong = self.policy.lines(point)
        if wrong:
            self.wrong("checkpoint", wrong)
        if len(self.policy.times(point)) < self.policy.k:
            self.report.undecided.append("the checkpoint has no quorum")

    def say(self):
        f = self.founding
        if f is None:
            return
        malformed = sum(1 for one in self.judged if one.ground)
        self.report.said.append(
            f"register {f.origin}, by voice {voice_name(f.hash)}: {len(self.data)} entries, {malformed} malformed,"
            f" {self.replay.signatures if self.replay else 0} signatures,"
            f" checkpoint of {self.point.size if self.point else 'nothing'}, root {b64(tree.root(self.leaves))}"
        )
