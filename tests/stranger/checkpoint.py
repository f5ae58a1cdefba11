"""Checkpoints, cosignatures and policies (FORMATS.md, chapters 13 and 20)."""

import re
from dataclasses import dataclass

import ed25519
import note as notes
import vkey as vkeys
from spell import MAX_TIME, b64, decimal, hash_of, is_origin
from wrong import Wrong, need


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    note: notes.Note

    def by_registrar(self, key):
        return self.origin == key.name and self.note.good_by(key)

    def cosigned(self, witness):
        """The times at which a witness cosigned, by good lines of its key."""
        times = [cosignature(witness, self.note.text, line) for line in self.note.by(witness)]
        return [time for time in times if time is not None]


def read_text(text):
    lines = text.split("\n")
    need(len(lines) == 4 and lines[3] == "", "a checkpoint has three lines")
    need(is_origin(lines[0]), "a checkpoint of no origin")
    return lines[0], decimal(lines[1], 2**63 - 1), hash_of(lines[2])


def read(data):
    got = notes.read(data)
    need(len(got.lines) <= 16, "more than 16 lines")
    return Checkpoint(*read_text(got.text), got)


def cosignature(witness, text, line):
    """The time that a good cosignature says, or None."""
    if witness.kind != vkeys.COSIGN or len(line.payload) != 72:
        return None
    time = int.from_bytes(line.payload[:8], "big")
    if time > MAX_TIME:
        return None
    message = f"cosignature/v1\ntime {time}\n{text}".encode()
    return time if ed25519.holds(witness.key, message, line.payload[8:]) else None


@dataclass(frozen=True)
class Policy:
    log: vkeys.Vkey
    witnesses: tuple  # of (name, vkey)
    k: int

    def times(self, point):
        """The times of good cosignatures: of each witness the latest."""
        return sorted(max(got) for _, witness in self.witnesses if (got := point.cosigned(witness)))

    def final(self, point):
        """Whether it bears the log's line and a quorum."""
        return point.by_registrar(self.log) and len(self.times(point)) >= self.k

    def lines(self, point, unknown=True):
        """What is wrong with any line of a checkpoint, if something is. Unknown ones may be let be."""
        keys, seen = [self.log, *(key for _, key in self.witnesses)], set()
        for line in point.note.lines:
            key = next((key for key in keys if key.matches(line)), None)
            if key is None:
                if unknown:
                    return f"a line by an unknown key, {line.name}"
                continue
            if key in seen:
                return f"two lines of {line.name}"
            if not holds(key, point, line):
                return f"the line of {line.name} is wrong"
            seen.add(key)
        return None


def holds(key, point, line):
    """Whether a line by this key, the log's or a witness', holds."""
    if key.kind == vkeys.COSIGN:
        return cosignature(key, point.note.text, line) is not None
    return notes.signed(key, point.note.text.encode(), line.payload)


def lower_median(times):
    return sorted(times)[(len(times) - 1) // 2]


def read_policy(data, origin=None):
    need(all(b in (9, 10) or 0x20 <= b <= 0x7E or b >= 0x80 for b in data), "a policy with a control character")
    need(data.endswith(b"\n"), "a policy's last line has no end")
    log, witnesses, group, quorum = None, {}, None, None
    for raw in data.decode("latin-1").split("\n"):
        words = re.split("[ \t]+", raw.strip(" \t"))
        if words == [""] or words[0].startswith("#"):
            continue
        words = [word.encode("latin-1").decode("utf-8", "surrogateescape") for word in words]
        if words[0] == "log":
            need(len(words) in (2, 3) and log is None, "exactly one log")
            log = vkeys.read(words[1])
            need(log.kind == vkeys.NOTE, "the log's key is of another kind")
        elif words[0] == "witness":
            need(len(words) in (3, 4) and words[1] not in witnesses and words[1] != "none", "a witness line")
            witnesses[words[1]] = vkeys.read(words[2])
            need(witnesses[words[1]].kind == vkeys.COSIGN, "a witness' key is of another kind")
            need(witnesses[words[1]].enrollable(), "a witness' key that may not be enrolled")
        elif words[0] == "group":
            need(group is None and len(words) >= 4 and words[1] not in (*witnesses, "none"), "exactly one group")
            group = words
        elif words[0] == "quorum":
            need(quorum is None and group is not None and words[1:] == [group[1]], "the quorum is the group")
            quorum = words[1]
        else:
            raise Wrong("a policy's line of no kind")
    need(log is not None and group is not None and quorum is not None, "a policy without log, group or quorum")
    need(1 <= len(witnesses) <= 15, "1 to 15 witnesses")
    need(sorted(group[3:]) == sorted(witnesses), "the group is not of each witness once")
    need(len({key.key for key in [log, *witnesses.values()]}) == len(witnesses) + 1, "one key twice")
    n = len(witnesses)
    k = {"any": 1, "all": n}.get(group[2]) or decimal(group[2])
    need(1 <= k <= n, "a quorum of nobody, or of more than there are")
    need(origin is None or log.name == origin, "the log is not named as the origin")
    return Policy(log, tuple(witnesses.items()), k)


def text_of(origin, size, root):
    return f"{origin}\n{size}\n{b64(root)}\n"
