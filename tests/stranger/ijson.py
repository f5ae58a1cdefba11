"""JSON as chapter 5.1 of FORMATS.md has it: less than I-JSON. Its own reader, since stock ones let more through."""

import re

from wrong import Wrong, need

FORBIDDEN = [
    (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160),
    (0x3164, 0x3164), (0xFFA0, 0xFFA0), (0x2800, 0x2800), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200B), (0x200E, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF), (0xFDD0, 0xFDEF),
    (0xD800, 0xDFFF),
]  # fmt: skip
NUMBER = re.compile(r"-?[0-9][0-9.eE+-]*")
WHOLE = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)


def is_forbidden(number):
    return number & 0xFFFE == 0xFFFE or any(low <= number <= high for low, high in FORBIDDEN)


class Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def peek(self):
        return self.text[self.at : self.at + 1]

    def spaces(self):
        while self.peek() == " ":
            self.at += 1

    def expect(self, token, says):
        need(self.text.startswith(token, self.at), f"expected {says}", "act::json_expected")
        self.at += len(token)

    def value(self, depth):
        c = self.peek()
        if c == "{":
            return self.object(depth + 1)
        if c == "[":
            return self.list(depth + 1)
        if c == '"':
            return self.string()
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        return self.number()

    def number(self):
        match = NUMBER.match(self.text, self.at)
        need(match is not None, "expected a value", "act::json_expected")
        need(WHOLE.fullmatch(match[0]) is not None and match[0] != "-0", "not a whole number", "act::json_not_whole")
        need(len(match[0]) < 20 and abs(int(match[0])) < 2**53, "a number beyond 2^53", "act::json_too_large")
        self.at = match.end()
        return int(match[0])

    def string(self):
        self.expect('"', "a string")
        out = []
        while True:
            c = self.peek()
            need(c != "", "a string without an end", "act::json_expected")
            self.at += 1
            if c == '"':
                return "".join(out)
            if c == "\\":
                c = self.escape()
                if c == "\n":  # only `\n` as it is or as \u000a; the types refuse it but in notes
                    out.append(c)
                    continue
            need(not is_forbidden(ord(c)), f"U+{ord(c):04X} is not allowed", "act::json_forbidden_character")
            out.append(c)

    def escape(self):
        c = self.peek()
        self.at += 1
        if c == "u":
            digits = self.text[self.at : self.at + 4]
            need(re.fullmatch("[0-9a-fA-F]{4}", digits) is not None, "four hex digits", "act::json_bad_escape")
            self.at += 4
            return chr(int(digits, 16))
        need(c in ('"', "\\", "/", "n"), "no such escape", "act::json_bad_escape")
        return "\n" if c == "n" else c

    def list(self, depth):
        need(depth <= 16, "more than 16 levels", "act::json_too_deep")
        self.expect("[", "a list")
        out = []
        self.spaces()
        if self.peek() == "]":
            self.at += 1
            return out
        while True:
            self.spaces()
            out.append(self.value(depth))
            self.spaces()
            if self.peek() == "]":
                self.at += 1
                return out
            self.expect(",", "`,` or `]`")

    def object(self, depth):
        need(depth <= 16, "more than 16 levels", "act::json_too_deep")
        self.expect("{", "an object")
        out = {}
        self.spaces()
        if self.peek() == "}":
            self.at += 1
            return out
        while True:
            self.spaces()
            need(self.peek() == '"', "expected a name", "act::json_expected")
            name = self.string()
            need(name not in out, f"the name {name!r} stands twice", "act::json_duplicate_name")
            self.spaces()
            self.expect(":", "`:`")
            self.spaces()
            out[name] = self.value(depth)
            self.spaces()
            if self.peek() == "}":
                self.at += 1
                return out
            self.expect(",", "`,` or `}`")


def read(text):
    """The object of one line of JSON, without its LF."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise Wrong("not UTF-8", "act::json_expected") from None
    reader = Reader(text)
    reader.spaces()
    out = reader.object(1)
    reader.spaces()
    need(reader.at == len(text), "something behind the object", "act::json_trailing")
    return out


def write(value):
    """No spaces, names in the order they stand: the one spelling of contradictions and proofs."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{write(k)}:{write(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
