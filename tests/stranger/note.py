"""Signed notes (FORMATS.md, chapter 4; C2SP signed-note)."""

from dataclasses import dataclass

import ed25519
import vkey
from spell import b64, unb64
from wrong import Wrong, need

DASH = "— "


@dataclass(frozen=True)
class Line:
    name: str
    id: bytes
    payload: bytes

    def __str__(self):
        return f"{DASH}{self.name} {b64(self.id + self.payload)}\n"


@dataclass(frozen=True)
class Note:
    text: str
    lines: tuple

    @property
    def bytes(self):
        return (self.text + "\n" + "".join(map(str, self.lines))).encode()

    def by(self, key):
        return [line for line in self.lines if key.matches(line)]

    def good_by(self, key):
        """Whether a line of this key, kind 01, stands here and holds."""
        return any(signed(key, self.text.encode(), line.payload) for line in self.by(key))


def signed(key, message, payload):
    return key.kind in (vkey.NOTE, vkey.FREEZE) and len(payload) == 64 and ed25519.holds(key.key, message, payload)


def read(data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("not UTF-8", "act::no_note") from None
    need(not any(c < " " and c != "\n" for c in text), "a control character", "act::no_note")
    need(text.endswith("\n"), "no line feed at the end", "act::no_note")
    split = text.rfind("\n\n")
    need(split >= 0, "no empty line before the signatures", "act::no_note")
    body, rest = text[: split + 1], text[split + 2 :]
    need(rest != "", "no signature", "act::no_note")
    lines = []
    for line in rest[:-1].split("\n"):
        need(line.startswith(DASH), "not a signature line", "act::no_note")
        name, space, signature = line[len(DASH) :].partition(" ")
        need(space == " " and vkey.is_key_name(name), "a signature line without a name", "act::no_note")
        try:
            payload = unb64(signature)
        except Wrong as wrong:
            raise Wrong(f"a signature line: {wrong.says}", "act::no_note") from None
        need(len(payload) > 4, "a signature line without a signature", "act::no_note")
        lines.append(Line(name, payload[:4], payload[4:]))
    return Note(body, tuple(lines))
