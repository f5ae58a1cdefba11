"""Plain bundles made by the page alone: good ones, and ones with one thing wrong, as `forge.py` has registers."""

import ed25519
import ijson
import tree
import vkey as vkeys
from checkpoint import text_of
from forge import INSTRUMENT, LIBRARY, ORIGIN, POLICY, file, line, refusal, seed, started
from spell import b64, digest


def tar(members, mode=b"0000644", kind=b"0", pad=1024, magic=b"ustar\x0000", fill=b"\0"):
    """POSIX ustar, each header with this mode and owner, group and time 0."""
    out = b""
    for path, data in members:
        head = bytearray(512)
        for at, field in ((0, path.encode()), (100, mode), (108, b"0000000"), (116, b"0000000"),
                          (124, b"%011o" % len(data)), (136, b"%011o" % 0), (148, b"        "), (156, kind),
                          (257, magic)):  # fmt: skip
            head[at : at + len(field)] = field
        head[148:156] = b"%06o\0 " % sum(head)
        out += bytes(head) + data + fill * (-len(data) % 512)
    return out + bytes(pad)


def way(leaves, old):
    """RFC 6962 §2.1.2: the proof from `old` leaves to all of them."""

    def below(m, some, known):
        if m == len(some):
            return [] if known else [tree.root(some)]
        k = tree.largest_power_below(len(some))
        if m <= k:
            return below(m, some[:k], known) + [tree.root(some[k:])]
        return below(m - k, some[k:], False) + [tree.root(some[:k])]

    return below(old, leaves, True)


def questions(book):
    """(name, bytes) of what a bundle asks a witness."""
    leaves = [tree.leaf(e) for e in book.entries]
    size = len(leaves)

    def made(old=0, proof=(), note=None):
        lines = "".join(b64(one) + "\n" for one in proof)
        return f"old {old}\n{lines}\n".encode() + (note or book.checkpoint(cosign=False))

    yield "from nothing", made()
    for old in (1, 2, 3, size - 1):
        yield f"from {old}", made(old, way(leaves, old))
    yield "from all", made(size)
    from_three = made(3, way(leaves, 3))
    for at in (4, 9, 30, *range(60, len(from_three), 29)):
        yield f"flipped at {at}", from_three[:at] + bytes([from_three[at] ^ 1]) + from_three[at + 1 :]
    yield "of another old size", made(2, way(leaves, 3))
    yield "without its proof", made(3)
    yield "with a proof too long", made(3, [*way(leaves, 3), bytes(32)])
    yield "with a proof from nothing", made(0, [bytes(32)])
    yield "with a proof from all", made(size, [bytes(32)])
    yield "from more than is asked", made(size + 1)
    yield "with 64 hashes", made(3, [bytes(32)] * 64)
    yield "that others have begun", made(0, (), book.checkpoint())
    yield "of fewer", made(0, (), book.checkpoint(size=2))
    yield "of more than there is", made(0, (), book.checkpoint(size=size + 9, root=bytes(32), cosign=False))
    yield "from and of more than there is", made(size + 1, (), book.checkpoint(size=size + 9, root=bytes(32)))
    yield "of another past", made(0, (), book.checkpoint(root=bytes(32)))
    yield "of another past, with a proof", made(3, way(leaves, 3), book.checkpoint(root=bytes(32)))
    stranger = lambda text: line(vkeys.Vkey("x.example", vkeys.COSIGN, ed25519.public(seed("x"))), bytes(72))
    yield "with a line by nobody", made(0, (), book.checkpoint(more=[stranger]))
    yield "that the registrar did not sign", made(0, (), book.checkpoint(bend=0))
    yield "with a cosignature that is wrong", made(0, (), book.checkpoint(bend=1))
    yield "of another register", made(0, (), book.checkpoint(text=text_of("other.example", size, book.root(size))))
    yield "that is none", b"please"
    yield "of a note alone", book.checkpoint()
    yield "of nothing", b""


def pieces():
    """(name, sizes that acts say, pieces) of a sealed file of ten bytes, in a bundle."""
    whole = b"0123456789"
    cut = lambda *places: [(at, whole[at:end]) for at, end in places]
    yield "all of it", [10], cut((0, 4), (4, 10))
    yield "in one", [10], cut((0, 10))
    yield "the beginning", [10], cut((0, 4))
    yield "the end", [10], cut((4, 10))
    yield "with a gap", [10], cut((0, 4), (6, 10))
    yield "out of order", [10], cut((4, 10), (0, 4))
    yield "one over the other", [10], cut((0, 6), (4, 10))
    yield "one within the other", [10], cut((0, 10), (2, 4))
    yield "at another place", [10], [(0, whole[:4]), (5, whole[4:])]
    yield "at an earlier place", [10], [(0, whole[:4]), (3, whole[4:])]
    yield "far behind", [10], [(2**64 - 1, whole[:4])]
    yield "a byte too many", [10], [(4, whole[4:] + b"x")]
    yield "a byte flipped", [10], [(0, whole[:4]), (4, b"x" + whole[5:])]
    yield "a byte flipped, and not all", [10], [(0, b"x" + whole[1:4])]
    yield "that no act names", [], cut((0, 4))
    yield "all of it, and an act says more", [10, 12], cut((0, 4), (4, 10))
    yield "all of it, and an act says less", [10, 4], cut((0, 4), (4, 10))
    yield "half of it, and an act says so", [10, 4], cut((0, 4))
    yield "all of it, and all acts say more", [12], cut((0, 4), (4, 10))


def annexes_of():
    return sorted((f"register/annex/{digest(data).hex()}", data) for data in (INSTRUMENT, LIBRARY, POLICY))


def files_of(book):
    """What a bundle of a whole register has."""
    size = len(book.entries)
    return [*annexes_of(), (f"register/tile/entries/000.p/{size}", book_bundle(book, size)),
            (f"register/tile/0/000.p/{size}", b"".join(map(tree.leaf, book.entries))),
            ("register/checkpoint", book.checkpoint())]  # fmt: skip


def manifest_of(book, files, **change):
    body = {"format": "mithaq.bundle/v1", "origin": ORIGIN, "genesis": b64(book.genesis), "from": "north",
            "to": "harbour", "base": 0, "size": len(book.entries), "cosigned": 0, "part": 1, "parts": 1, "have": [],
            "list": [{"path": path, "size": len(data)} for path, data in files], **change}  # fmt: skip
    return [("manifest.json", (ijson.write(body) + "\n").encode())]


def pieced(sizes, parts):
    """A bundle with pieces of the file whose sizes acts say."""
    book = started()
    for size in sizes:
        book.act("north", "offer", {"files": [{**file("0123456789"), "size": size}]}, ["north/liaison"])
    book.mark()
    files = files_of(book) + [(f"sealed/{digest(b'0123456789').hex()}.at/{at}", data) for at, data in parts]
    return tar(manifest_of(book, files) + files)


def bundles():
    """(name, bytes) of plain bundles."""
    book = started()
    annexes, files = annexes_of(), files_of(book)
    size = len(book.entries)
    note = refusal(book)
    noted = files + [(f"note/{digest(note).hex()}", note)]

    def manifest(files, **change):
        return manifest_of(book, files, **change)

    def made(files, listed=None, **change):
        return tar(manifest(files if listed is None else listed, **change) + files)

    good = made(files)
    yield "good", good
    for name, data in questions(book):
        yield f"a question {name}", made([*files, ("witness/add-checkpoint", data)])
    yield "a question, and no checkpoint", made([*files[:-1], ("witness/add-checkpoint", next(questions(book))[1])])
    yield "a question twice", made([*files, *2 * [("witness/add-checkpoint", b"please")]])
    yield "a question after a note", made([*noted, ("witness/add-checkpoint", b"please")])
    for name, sizes, parts in pieces():
        yield f"pieces: {name}", pieced(sizes, parts)
    for name in ("01", "-1", "", "4x", str(2**64)):
        yield f"a piece from {name}", made([*files, (f"sealed/{digest(b'x').hex()}.at/{name}", b"x")])
    yield "with a note", made(noted)
    yield "with a note that is none", made(files + [("note/" + digest(b"x").hex(), b"x")])
    yield "with an annex that no act names", made(sorted([*annexes, ("register/annex/" + digest(b"x").hex(), b"x")]) + files[3:])
    yield "with a sealed file that no act names", made(files + [("sealed/" + digest(b"x").hex(), b"x")])
    yield "a list that is short", made(files, files[:-1])
    yield "a list of another size", made(files, [*files[:-1], (files[-1][0], b"x")])
    yield "a path twice", made(files + files[-1:])
    yield "out of order", made([files[-1], *files[:-1]])
    yield "annexes out of order", made([*reversed(annexes), *files[3:]])
    yield "a level before the entries", made([*annexes, files[4], files[3], files[5]])
    yield "no checkpoint", made(files[:-1])
    yield "an annex missing", made(files[1:])
    yield "no tiles", made([*annexes, files[5]])
    yield "no hash tile", made([*annexes, files[3], files[5]])
    yield "an old partial tile too", made([*annexes, ("register/tile/entries/000.p/1", book_bundle(book, 1)), *files[3:]])
    yield "another mode", tar(manifest(files) + files, mode=b"0000755")
    yield "a link", tar(manifest(files) + files, kind=b"2")
    yield "a file of the old type", tar(manifest(files) + files, kind=b"\0")
    yield "a contiguous file", tar(manifest(files) + files, kind=b"7")
    yield "an extended header", tar(manifest(files) + files, kind=b"x")
    yield "the magic of GNU", tar(manifest(files) + files, magic=b"ustar  \0")
    yield "no magic", tar(manifest(files) + files, magic=bytes(8))
    yield "a last block filled with something", tar(manifest(files) + files, fill=b"x")
    yield "one empty block at the end", tar(manifest(files) + files, pad=512)
    yield "no empty block at the end", tar(manifest(files) + files, pad=0)
    yield "many empty blocks at the end", tar(manifest(files) + files, pad=10_240)
    yield "something behind the end", good + b"x"
    yield "cut off", good[: len(good) // 2]
    yield "an unknown path", made(files + [("x", b"x")])
    yield "no manifest", tar(files)
    yield "a manifest of another format", made(files, format="mithaq.bundle/v2")
    yield "a manifest with a field more", made(files, more=1)
    yield "another origin", made(files, origin="other.example")
    yield "another genesis", made(files, genesis=b64(bytes(32)))
    yield "a base above 0", made(files, base=1)
    yield "a base above the size", made(files, base=9)
    yield "a larger size", made(files, size=size + 1)
    yield "a smaller size", made(files, size=size - 1)
    yield "two parts", made(files, parts=2)
    yield "from a participant that is none", made(files, **{"from": "everyone"})
    yield "an annex that its name does not fit", made([(annexes[0][0], b"x"), *files[1:]])
    yield "an entry flipped", made([(p, d.replace(b"north/liaison ", b"north/liaisom ")) for p, d in files])
    yield "a sealed bundle", b"age-encryption.org/v1\n" + bytes(100)
    yield "rubble", b"rubble"


def book_bundle(book, width):
    return b"".join(len(e).to_bytes(2, "big") + e for e in book.entries[:width])
