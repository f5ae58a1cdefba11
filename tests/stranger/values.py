"""The types of values in bodies (FORMATS.md, chapter 6).

A type is a function of the value and of where it stands; it raises Wrong. `act::shape`: it is no such
value at all. `act::body`: it is, and a check fails. `act::spelling`: it is absent, and said so.
"""

import re
from dataclasses import dataclass

import note as notes
import vkey as vkeys
from spell import MAX_NUMBER, WHITE_SPACE, is_code, is_hash, is_item, is_label, is_participant, is_signer, is_strand
from spell import is_matter, is_time, time_of, unb64
from wrong import Wrong, need

MIB_64 = 67_108_864
TEN_YEARS = 316_224_000


@dataclass(frozen=True)
class Where:
    """The act around a value: names of keys depend on it."""

    origin: str
    by: str


def shape(holds, says):
    need(holds, says, "act::shape")


def check(holds, says):
    need(holds, says, "act::body")


def words(test, name):
    def of(value, where):
        shape(isinstance(value, str) and test(value), f"no {name}")

    return of


code = words(is_code, "code")
participant = words(is_participant, "participant")
label = words(is_label, "label")
signer = words(is_signer, "signer")
hash_ = words(is_hash, "hash")
act_id = hash_
time = words(is_time, "time")
matter = words(is_matter, "matter")
strand = words(is_strand, "strand")
recipient = words(lambda t: re.fullmatch("age1[02-9ac-hj-np-z1]{1,2000}", t) is not None, "recipient")
host = words(lambda t: re.fullmatch("[a-z0-9.-]{1,253}", t) is not None, "host")


def exhibit(value, where):
    shape(isinstance(value, str) and is_item(value), "no item")
    check("#f" in value, "an item that is no exhibit")


def one_of(choices):
    return words(lambda text: text in choices.split(), f"one of {choices}")


def integer(low=0, high=MAX_NUMBER):
    def of(value, where):
        shape(isinstance(value, int) and not isinstance(value, bool), "no integer")
        check(low <= value <= high, f"not within {low} and {high}")

    return of


seconds = integer(1, TEN_YEARS)


def boolean(value, where):
    shape(isinstance(value, bool), "neither true nor false")


def base64_of(length):
    def of(value, where):
        shape(isinstance(value, str), "no text")
        try:
            unb64(value, length)
        except Wrong as wrong:
            raise Wrong(wrong.says, "act::shape") from None

    return of


def record(must, may=None):
    """An object with these fields and no others."""
    may = may or {}

    def of(value, where):
        if isinstance(value, list):
            raise Wrong("a list for an object", "act::spelling")
        shape(isinstance(value, dict), "no object")
        for name in value:
            shape(name in must or name in may, f"the field `{name}` is unknown here")
        for name in must:
            shape(name in value, f"the field `{name}` is missing")
        for name, kind in {**must, **may}.items():
            if name not in value:
                continue
            item = value[name]
            if name in may and (item is None or item == [] or item == {}):
                raise Wrong(f"`{name}` is absent, and says so", "act::spelling")
            kind(item, where)

    return of


def listed(kind, low=0, high=2**31, once=True):
    def of(value, where):
        shape(isinstance(value, list), "no list")
        check(low <= len(value) <= high, f"a list of {len(value)}, not of {low} to {high}")
        for item in value:
            kind(item, where)
        check(not once or len(set(map(repr, value))) == len(value), "something stands twice in a list")

    return of


def rising(kind, low=0, high=2**31, key=lambda item: item):
    """In the order of their bytes, each once."""
    inner = listed(kind, low, high)

    def of(value, where):
        inner(value, where)
        names = [key(item).encode() for item in value]
        check(all(a < b for a, b in zip(names, names[1:])), "a list is not in the order of its bytes, each once")

    return of


annex = record({"sha256": hash_, "size": integer(1, MIB_64)})
grant = record({"to": participant, "sealed": hash_, "size": integer()})
grants = rising(grant, 1, 64, key=lambda item: item["to"])
file = record(
    {"sealed": hash_, "size": integer(), "recipient": recipient, "commitment": hash_}, {"grants": grants}
)


def files(value, where):
    listed(file, 1, 64)(value, where)
    for name in ("sealed", "recipient"):
        check(len({item[name] for item in value}) == len(value), f"one `{name}` twice")


def strands(value, where):
    listed(strand, 1, 256)(value, where)


place_shape = record({"lat-e7": integer(-MAX_NUMBER), "lon-e7": integer(-MAX_NUMBER), "radius-m": integer(-MAX_NUMBER)})


def place(value, where):
    place_shape(value, where)
    check(abs(value["lat-e7"]) <= 900_000_000 and abs(value["lon-e7"]) <= 1_800_000_000, "off the globe")
    check(0 <= value["radius-m"] <= 20_037_508, "a radius beyond the globe")


def window(value, where):
    record({"start": time, "end": time})(value, where)
    check(time_of(value["start"]) <= time_of(value["end"]), "a window that ends before it starts")


word = words(lambda t: is_code(t) or is_time(t) or is_hash(t) or is_item(t), "word: a field holds no sentence")


def field(value, where):
    if isinstance(value, str):
        word(value, where)
    elif isinstance(value, dict):
        text = "sha256" in value or "size" in value
        (annex if text else window if "start" in value or "end" in value else place)(value, where)
    elif isinstance(value, list):
        rising(word, 1, 256)(value, where)
    else:
        integer()(value, where)


def fields(value, where):
    shape(isinstance(value, dict), "no object")
    check(1 <= len(value) <= 64, "not 1 to 64 fields")
    for name, item in value.items():
        code(name, where)
        field(item, where)


def read_vkey(text):
    shape(isinstance(text, str), "no verifier key")
    try:
        return vkeys.read(text)
    except Wrong as wrong:
        raise Wrong(wrong.says, "act::shape") from None


def vkey(kind, name=None):
    """A verifier key of this kind (and name) that may be enrolled."""

    def of(value, where):
        key = read_vkey(value)
        check(key.kind == kind, "a key of another kind")
        check(name is None or key.name == name(where), "a key of another name")
        check(key.enrollable(), "a key that may not be enrolled")

    return of


registrar_key = vkey(vkeys.NOTE, lambda where: f"{where.origin}/registrar")


def key_names(keys):
    return [read_vkey(text).name for text in keys]


def key_set(value, where):
    record({"k": integer(1, 15), "keys": listed(vkey(vkeys.NOTE), 1, 15)})(value, where)
    keys = [read_vkey(text) for text in value["keys"]]
    names = [key.name for key in keys]
    for name in names:
        rest = name.removeprefix(where.origin + "/")
        check(rest != name and rest != "registrar" and is_signer(rest), "a key that is no participant's of this origin")
    check(len({name.rpartition("/")[0] for name in names}) == 1, "keys of two participants")
    check(all(a.encode() < b.encode() for a, b in zip(names, names[1:])), "keys out of order")
    check(len({key.raw() for key in keys}) == len(keys), "one key twice")
    check(value["k"] <= len(keys), "k is more than there are keys")


def seat(value, where):
    record({"participant": participant, "roots": key_set}, {"recovery": key_set})(value, where)
    sets = [value["roots"]] + ([value["recovery"]] if "recovery" in value else [])
    for keys in sets:
        for name in key_names(keys["keys"]):
            check(name.startswith(f"{where.origin}/{value['participant']}/"), "a seat's key of somebody else")
    names = [name for keys in sets for name in key_names(keys["keys"])]
    raw = [read_vkey(text).raw() for keys in sets for text in keys["keys"]]
    check(len(set(raw)) == len(raw) and len(set(names)) == len(names), "a root is a recovery key")


def note(low=1, high=16):
    def of(value, where):
        shape(isinstance(value, str), "no note")
        try:
            got = notes.read(value.encode())
        except Wrong as wrong:
            raise Wrong(f"no note: {wrong.says}", "act::shape") from None
        check(low <= len(got.lines) <= high, f"a note of {len(got.lines)} lines")

    return of


def office(value, where):
    shape(isinstance(value, str), "no office")
    check(1 <= len(value) <= 80, "an office of no or too many characters")
    check(not any(c in WHITE_SPACE and c != " " for c in value), "white space in an office")
    check(not value.startswith(" ") and not value.endswith(" ") and "\n" not in value, "space at an end of an office")


def web_origin(value, where):
    shape(isinstance(value, str), "no web origin")
    match = re.fullmatch(r"(https?)://([a-z0-9.-]{1,253})(?::([1-9][0-9]{0,4}))?", value, re.ASCII)
    check(match is not None and int(match[3] or 1) <= 65535, "no web origin")
    is_local = match[2] == "localhost" or match[2].endswith(".localhost")
    check(match[1] == "https" or is_local, "http for another host than localhost")
