"""Ways to tamper with a folder: the same ones each time, though a demo's keys and hashes are other ones."""

import re
from hashlib import sha256
from pathlib import Path

import tiles
import tree


def flip(data, at):
    out = bytearray(data)
    out[at] ^= 1
    return bytes(out)


def of_bytes(data, dice, flips=3):
    """(name, bytes) of each way to bend one file."""
    for i in range(flips if data else 0):
        at = dice.randrange(len(data))
        yield f"a bit flipped at {at}", flip(data, at)
    if data:
        yield "the last byte cut", data[:-1]
        yield "the second half cut", data[: len(data) // 2]
        yield "emptied", b""
    yield "a byte added", data + b"x"
    yield "a line feed added", data + b"\n"


def kinds(root):
    """The files of a folder by what they are; of several tiles the largest and one old one."""
    out = {}
    for path in sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()):
        folder = re.sub(r"/[0-9a-f]{64}$|/[0-9]+$", "", path)
        folder = re.sub(r"-[0-9a-f]{64}$", "", folder)
        out.setdefault(folder, []).append(path)
    for folder, paths in out.items():
        if folder.startswith("register/tile"):
            paths.sort(key=lambda p: int(p.rpartition("/")[2]))
            yield f"the last of {folder}", paths[-1]
            yield f"an old one of {folder}", paths[0]
        elif folder == "register/annex":
            # Whoever reads a register reads its policy first: keys differ from demo to demo, and so does the order of names.
            is_policy = [(root / path).read_bytes().startswith(b"log ") for path in paths]
            yield "the policy", paths[is_policy.index(True)]
            yield "another annex", paths[is_policy.index(False)]
        else:
            yield f"one of {folder}", paths[0]


def of_folder(root, dice):
    """(name, what to do): each returns the paths that it changed."""
    chosen = list(kinds(root))
    for name, path in chosen:
        data = (root / path).read_bytes()
        for how, changed in of_bytes(data, dice, 3):
            yield f"{name}: {how}", writer(root, path, changed)
        yield f"{name}: dropped", dropper(root, path)
        if re.search("/[0-9a-f]{64}$", path):
            bent = flip(data, dice.randrange(len(data)))
            yield f"{name}: a bit flipped, and renamed", mover(root, path, bent)
    for path in ("x", "register/x", "register/tile/0/001", "register/tile/entries/000.p/3", "note/" + "0" * 64,
                 "witness/x", "queue/x", "register/annex/" + sha256(b"x").hexdigest(), "queue/" + sha256(b"x").hexdigest(),
                 "sealed/" + sha256(b"x").hexdigest(), "register/tile/1/000.p/1", "queue/journal", "lock.old"):  # fmt: skip
        if not (root / path).exists():
            yield f"a new file {path[:30]}", writer(root, path, b"x")
    yield "a link", linker(root, "register/link", "checkpoint")
    yield "a link for a folder", linker(root, "sealed/link", "../grant")
    yield "an empty folder", maker(root, "register/empty")
    for how, change in of_entries(root):
        yield how, change


def writer(root, path, data):
    def change():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
        return [path]

    return change


def dropper(root, path):
    def change():
        (root / path).unlink()
        return [path]

    return change


def mover(root, path, data):
    def change():
        new = path.rpartition("/")[0] + "/" + sha256(data).hexdigest()
        (root / path).unlink()
        (root / new).write_bytes(data)
        return [path, new]

    return change


def linker(root, path, target):
    def change():
        (root / path).symlink_to(target)
        return [path]

    return change


def maker(root, path):
    def change():
        (root / path).mkdir()
        return [path]

    return change


def of_entries(root):
    """Other entries, with tiles that fit them: only what is signed can show it."""
    folder = root / "register/tile/entries/000.p"
    last = max(folder.iterdir(), key=lambda p: int(p.name))
    entries = tiles.bundle(last.read_bytes())
    size = len(entries)

    def put(changed):
        def change():
            out = []
            for old in [*folder.iterdir(), *(root / "register/tile/0/000.p").iterdir()]:
                out.append(old.relative_to(root).as_posix())
                old.unlink()
            n = len(changed)
            for level, data in (
                ("entries", b"".join(len(e).to_bytes(2, "big") + e for e in changed)),
                ("0", b"".join(map(tree.leaf, changed))),
            ):
                path = root / f"register/tile/{level}/000.p/{n}"
                path.write_bytes(data)
                out.append(path.relative_to(root).as_posix())
            return out

        return change

    def swapped(i, j):
        out = list(entries)
        out[i], out[j] = out[j], out[i]
        return out

    yield "old tiles dropped", put(entries)
    yield "the last entry dropped", put(entries[:-1])
    yield "the last two entries dropped", put(entries[:-2])
    yield "two entries swapped", put(swapped(size // 2, size // 2 + 1))
    yield "the genesis swapped", put(swapped(0, 1))
    yield "an entry left out", put(entries[:20] + entries[21:])
    yield "an entry twice", put(entries + [entries[20]])
    yield "the last entry twice", put(entries + [entries[-1]])
    yield "rubble as an entry", put(entries + [b"rubble"])
    yield "an empty entry", put(entries + [b""])
    for at in (1, size // 2, size - 1):
        for where in (0.1, 0.5, 0.9):
            bent = flip(entries[at], int(len(entries[at]) * where))
            yield f"a bit of entry {at} flipped at {where}", put(entries[:at] + [bent] + entries[at + 1 :])
    # A signature line of another entry, and a stamp that is stripped
    stripped = [re.sub("— [^ ]*/(stamp|intake)[^ ]* [^\n]*\n".encode(), b"", e) for e in entries]
    if stripped != entries:
        yield "a stamp stripped", put(stripped)
