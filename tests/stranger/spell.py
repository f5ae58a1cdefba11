"""How small things are written (FORMATS.md, chapters 1 and 2)."""

import base64
import binascii
import re
from datetime import datetime, timezone
from hashlib import sha256

from wrong import Wrong, need

MAX_TIME = 253_402_300_799
MAX_NUMBER = 2**53 - 1

RESERVED = set(
    "registrar receipt genesis everyone parties guarantors monitors observers opener all any most"
    " quorum chair other".split()
)
CODE = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?", re.ASCII)
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", re.ASCII)
DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)
WHITE_SPACE = set(map(chr, [*range(9, 14), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)])) | set(
    "\u2028\u2029\u202f\u205f\u3000"
)


def digest(data):
    return sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


def unb64(text, length=None):
    """Canonical base64 only: what was read is written as the same text."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Wrong("not base64") from None
    need(b64(data) == text, "not canonical base64")
    need(length is None or len(data) == length, f"not {length} bytes in base64")
    return data


def hash_of(text):
    return unb64(text, 32)


def unhex(text, length=None):
    need(re.fullmatch(r"([0-9a-f]{2})*", text, re.ASCII) is not None, "not lower-case hex")
    need(length is None or len(text) == 2 * length, f"not {length} bytes in hex")
    return bytes.fromhex(text)


def decimal(text, limit=2**64 - 1):
    need(DECIMAL.fullmatch(text) is not None and len(text) <= 20, "not a decimal number")
    need(int(text) <= limit, "a number that is too large")
    return int(text)


def time_of(text):
    """Seconds of `YYYY-MM-DDTHH:MM:SSZ`."""
    match = TIME.fullmatch(text)
    need(match is not None, "not a time")
    try:
        seconds = int(datetime(*map(int, match.groups()), tzinfo=timezone.utc).timestamp())
    except ValueError:
        raise Wrong("not a real time") from None
    need(0 <= seconds <= MAX_TIME, "a time before 1970")
    return seconds


def write_time(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def is_code(text):
    return CODE.fullmatch(text) is not None


def is_participant(text):
    return is_code(text) and text not in RESERVED


def is_label(text):
    return is_code(text) and text not in RESERVED


def is_origin(text):
    return (
        re.fullmatch(r"[\x21-\x7e]{1,128}", text) is not None
        and not set(text) & set('+"\\')
        and not text.startswith(("mithaq.", "/"))
        and not text.endswith("/")
    )


def is_signer(text):
    participant, slash, label = text.partition("/")
    return text == "registrar" or (slash == "/" and is_participant(participant) and is_label(label))


def is_hash(text):
    try:
        return len(unb64(text)) == 32
    except Wrong:
        return False


def is_item(text, letters="fmr"):
    act, hash_sign, item = text.partition("#")
    return (
        hash_sign == "#"
        and is_hash(act)
        and re.fullmatch(f"[{letters}][1-9][0-9]{{0,9}}", item, re.ASCII) is not None
        and int(item[1:]) < 2**32
    )


def is_matter(text):
    return is_hash(text) or is_item(text, "m")


def is_strand(text):
    codes = text.split(":")
    return len(codes) <= 4 and all(map(is_code, codes))


def is_time(text):
    try:
        time_of(text)
        return True
    except Wrong:
        return False


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def voice_name(genesis):
    number = int.from_bytes(genesis[:20], "big")
    letters = "".join(CROCKFORD[number >> shift & 31] for shift in range(155, -1, -5))
    return "-".join(letters[i : i + 4] for i in range(0, 32, 4))


def is_register(genesis, asked):
    """Whether a register is the one that somebody asks for, by voice or by its hash."""
    if is_hash(asked):
        return hash_of(asked) == genesis
    if re.fullmatch("[0-9a-f]{64}", asked):
        return unhex(asked) == genesis
    heard = asked.upper().replace("-", "").replace(" ", "").replace("O", "0")
    return heard.replace("I", "1").replace("L", "1") == voice_name(genesis).replace("-", "")


def reference(kind, year, number):
    start = f"{kind}{year:02}{number:04}"
    total = 0
    for i, c in enumerate(reversed(start)):
        total += (i + 2) * (int(c) if c.isdigit() else ord(c) - 64)
    return f"{kind}-{year:02}-{number:04}-{'ABCDEFGHJKLMNPRSTUVWXYZ'[total % 23]}"
