"""What is needed of the instrument: tolerance, roles, excluded groups and their folding (FORMATS.md, chapter 17)."""

import json
import re
import tomllib
from pathlib import Path

from wrong import Wrong, need

UNITS = {"min": 60, "h": 3600, "d": 86_400}
DEFAULT_TOLERANCE = 600
LEADING = ("the", "banned", "proscribed", "kaladam")
JOINED = "\u06a9\u0627\u0644\u0639\u062f\u0645"
TABLE = Path(__file__).resolve().parents[2] / "docs/vectors/folding.json"


def ranges(listed):
    for one in listed:
        start, _, end = one.partition("-")
        yield from range(int(start, 16), int(end or start, 16) + 1)


def read_table():
    """What becomes of each character, by its code point; a space stands between words."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))["vectors"]
    out = dict.fromkeys(ranges(table["nothing"]), "")
    out |= dict.fromkeys(ranges(table["separators"]), " ")
    for letters, listed in table["letters"].items():
        out |= dict.fromkeys(ranges(listed), letters)
    return out


CHARACTERS = read_table()


def fold(name):
    """The words that are compared."""
    words, single = [], False
    for word in name.translate(CHARACTERS).split(" "):
        if word == "":
            continue
        if single and len(word) == 1:
            words[-1] += word
        else:
            words.append(word)
        single = len(word) == 1
    longer = lambda at: 0 <= at < len(words) and len(words[at]) > 1
    words = [w for i, w in enumerate(words) if not (w in ("e", "i") and longer(i - 1) and longer(i + 1))]
    while words:
        if words[0].startswith(JOINED) and len(words[0]) > len(JOINED) + 1:
            words[0] = words[0][len(JOINED) :]
        elif len(words) > 1 and (words[0] in LEADING or words[0] == JOINED):
            words = words[1:]
        else:
            break
    return words


def key(name):
    return "".join(fold(name))


def seconds(text):
    match = re.fullmatch(r"(0|[1-9][0-9]*)(min|h|d)", text, re.ASCII)
    need(match is not None, "a duration that is none")
    return int(match[1]) * UNITS[match[2]]


def toml(data, what):
    try:
        return tomllib.loads(data.decode("utf-8"))
    except ValueError as error:
        raise Wrong(f"the {what} can't be read: {error}") from None


def may_amend(procedures, library):
    """The procedures by which, or by what they open, the instrument may come to be another."""
    bases = library.get("procedure", {})
    parts = {name: [one, bases.get(one.get("like"), {})] for name, one in procedures.items()}
    steps = lambda of: [step for part in of for step in part.get("step", {}).values()]
    kinds = lambda opens: [opens] if isinstance(opens, str) else opens.values()
    opened = {name: {k for step in steps(of) for k in kinds(step.get("opens", {}))} for name, of in parts.items()}
    found = {name for name, of in parts.items() if any("amend" in part.get("effect", {}).values() for part in of)}
    while more := {name for name, kinds in opened.items() if kinds & found} - found:
        found |= more
    return found


class Instrument:
    def __init__(self, data, library=b""):
        self.table = toml(data, "instrument")
        self.amending = may_amend(self.table.get("procedure", {}), toml(library, "library") if library else {})
        calendar = self.table.get("calendar", {})
        self.tolerance = seconds(calendar["tolerance"]) if "tolerance" in calendar else DEFAULT_TOLERANCE
        self.roles = {name: one.get("role") for name, one in self.table.get("participant", {}).items()}
        self.excluded = set()
        for group_id, group in self.table.get("excluded", {}).items():
            names = list(group.get("names", {}).values()) + group.get("aliases", []) + [group_id]
            self.excluded |= {key(name) for name in names}

    def with_role(self, role):
        return {name for name, one in self.roles.items() if one == role}

    def excludes(self, name):
        return key(name) in self.excluded

    def is_void(self, enrolment):
        """Whether the enrolment of a key names an excluded group, or gives its note to nobody here."""
        names = [enrolment["label"], enrolment["office"], *note_goes_to(enrolment)]
        return any(map(self.excludes, names)) or any(to not in self.roles for to in note_goes_to(enrolment))


def note_goes_to(enrolment):
    """Whom the file goes to that names a key's holder."""
    return [grant["to"] for grant in enrolment.get("note", {}).get("grants", [])]
