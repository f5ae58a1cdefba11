"""Verifier keys (FORMATS.md, chapter 3)."""

from dataclasses import dataclass

import ed25519
import es256
from spell import WHITE_SPACE, b64, digest, unb64, unhex
from wrong import need

NOTE = b"\x01"
COSIGN = b"\x04"
ML_DSA = b"\x06"
RECEIPT = b"\xffmithaq/receipt/v1"
INTAKE = b"\xffmithaq/intake/v1"
WEBAUTHN = b"\xffmithaq/webauthn/v1"
FREEZE = b"\xffmithaq/freeze/v1"
LENGTHS = {NOTE: 32, COSIGN: 32, ML_DSA: 1312, RECEIPT: 32, INTAKE: 32, FREEZE: 32, WEBAUTHN: None}


def key_id(name, kind, key):
    return digest(name.encode() + b"\n" + kind + key)[:4]


def is_key_name(name):
    return name != "" and "+" not in name and not any(c < " " or c in WHITE_SPACE for c in name)


@dataclass(frozen=True)
class Vkey:
    name: str
    kind: bytes
    key: bytes

    @property
    def id(self):
        return key_id(self.name, self.kind, self.key)

    def __str__(self):
        return f"{self.name}+{self.id.hex()}+{b64(self.kind + self.key)}"

    def enrollable(self):
        if self.kind == WEBAUTHN and self.key[0] == 2:
            return es256.decode(self.key[1:]) is not None
        raw = self.key[1:] if self.kind == WEBAUTHN else self.key
        return len(raw) == 32 and ed25519.enrollable(raw) == "good"

    def raw(self):
        """The key itself: what may stand in a register once only."""
        return self.key[1:] if self.kind == WEBAUTHN else self.key

    def matches(self, line):
        """Whether a signature line is by this key, so far as name and id say."""
        return line.name == self.name and line.id == self.id


def read(text):
    parts = text.split("+", 2)
    need(len(parts) == 3, "no verifier key")
    name, identifier, rest = parts
    need(is_key_name(name), "a key's name that is none")
    data = unb64(rest)
    for kind, length in LENGTHS.items():
        if not data.startswith(kind):
            continue
        key = data[len(kind) :]
        if kind == WEBAUTHN:
            need((key[:1], len(key)) in ((b"\x01", 33), (b"\x02", 34)), "a passkey's key of another form")
        else:
            need(len(key) == length, "a key of another length")
        need(unhex(identifier, 4) == key_id(name, kind, key), "the key id is not that of this name and key")
        return Vkey(name, kind, key)
    need(False, "a kind of key that is unknown")
