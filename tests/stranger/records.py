"""A node's own files (FORMATS.md, chapter 26): each is whole; and what it knows of the entries."""

from spell import b64, decimal, digest, hash_of
from wrong import need


def read(data, what, names):
    """The values of a record's lines, and what follows it."""
    need(len(data) <= 64 * 1024 or what == "journal", "a record of more than 64 KiB")
    lines, at = [], 0
    for _ in range(len(names) + 2):
        end = data.find(b"\n", at)
        need(end >= 0, "a record that is cut off")
        lines.append((at, data[at:end]))
        at = end + 1
    start, checksum = lines[-1]
    need(checksum == b64(digest(data[:start])).encode(), "a record that is not whole")
    need(lines[0][1] == f"mithaq.{what}/v1".encode(), f"no record of a {what}")
    values = []
    for name, (_, line) in zip(names, lines[1:-1]):
        word, space, value = line.decode("utf-8", "replace").partition(" ")
        need(word == name and space == " ", f"`{name}` is missing")
        values.append(value)
    return values, data[at:]


def witness(data):
    (key, count, value), rest = read(data, "witness", ("key", "count", "value"))
    need(rest == b"", "something behind the record")
    hash_of(key)
    decimal(count)
    size, root, time, state = (value.split(" ") + [""] * 4)[:4]
    need(value.count(" ") == 3 and state in ("open", "frozen"), "a witness' value")
    decimal(time)
    return key, (decimal(size), hash_of(root))


def intake(data):
    (key, count, value), rest = read(data, "intake", ("key", "count", "value"))
    need(rest == b"", "something behind the record")
    hash_of(key)
    decimal(count)
    act, time, previous = (value.split(" ") + [""] * 3)[:3]
    need(value.count(" ") == 2, "an intake's value")
    hash_of(act), decimal(time), hash_of(previous)
    return key, digest(f"mithaq.intake/v1\n{act}\n{time}\n{previous}\n".encode())


def held(data, origin):
    (named, size, root), rest = read(data, "held", ("origin", "size", "root"))
    need(rest == b"" and named == origin, "a record of another register")
    return decimal(size), hash_of(root)


def is_whole(data):
    start = data.rfind(b"\n", 0, len(data) - 1) + 1
    return data.endswith(b"\n") and data[start:-1] == b64(digest(data[:start])).encode()


def witness_name(log, registrar, witness, key):
    return digest(f"{log}\n{b64(digest(registrar))}\n{witness}\n{key}".encode()).hex()


def intake_name(name, key):
    return digest(f"{name}\n{key}".encode()).hex()


BATCH, COMMIT = b"\0batch \n", b"\0commit\n"


def journal(data, origin):
    """The size and root of the tiles, and the entries that a journal holds; that it reads right to its end."""
    (named, size, root), rest = read(data, "journal", ("origin", "size", "root"))
    need(origin in (None, named), "a journal of another register")
    size, root, head = decimal(size), hash_of(root), digest(data[: len(data) - len(rest)])
    at, before, count, out = len(data) - len(rest), head, size, []
    while at < len(data):
        if data.startswith(BATCH, at):
            need(len(data) >= at + 16, "a batch that is cut off")
            number = int.from_bytes(data[at + 8 : at + 12], "big")
            length = int.from_bytes(data[at + 12 : at + 16], "big")
            end = at + 16 + length
            need(number <= 256 and len(data) >= end + 32, "a batch that is cut off")
            need(digest(before + data[at:end]) == data[end : end + 32], "a batch that is not whole")
            entries = split(data[at + 16 : end])
            need(len(entries) == number, "a batch of another number of entries")
            out += entries
            count += number
            before, at = data[end : end + 32], end + 32
        elif data.startswith(COMMIT, at):
            need(len(data) >= at + 56, "a commit that is cut off")
            need(digest(head + data[at : at + 24]) == data[at + 24 : at + 56], "a commit that is not whole")
            place, committed = (int.from_bytes(data[at + i : at + i + 8], "big") for i in (8, 16))
            need(place == at and committed == count, "a commit of another place or size")
            at += 56
        else:
            need(False, "bytes that do not read right")
    return (size, root), out


def split(data):
    """`u16 length ‖ entry`, again and again."""
    out, at = [], 0
    while at < len(data):
        need(at + 2 <= len(data), "an entry that is cut off")
        length = int.from_bytes(data[at : at + 2], "big")
        need(at + 2 + length <= len(data), "an entry that is cut off")
        out.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return out
