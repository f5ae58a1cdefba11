"""What forms alone need of the instrument: tolerance, roles, excluded groups.

FORMATS.md does not say how an instrument is written; this is read off those of the vectors and the demo
(QUESTIONS.md).
"""

import re
import tomllib
import unicodedata

from wrong import Wrong, need

UNITS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86_400}
DEFAULT_TOLERANCE = 600


def fold(name):
    """Upper and lower case, diacritics, hyphens, dots and joints don't count."""
    text = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in text if c.isalnum() and not unicodedata.combining(c))


def seconds(text):
    match = re.fullmatch(r"([0-9]+)(s|min|m|h|d)", text)
    need(match is not None, "a duration that is none")
    return int(match[1]) * UNITS[match[2]]


class Instrument:
    def __init__(self, data):
        try:
            self.table = tomllib.loads(data.decode("utf-8"))
        except ValueError as error:
            raise Wrong(f"the instrument can't be read: {error}") from None
        calendar = self.table.get("calendar", {})
        self.tolerance = seconds(calendar["tolerance"]) if "tolerance" in calendar else DEFAULT_TOLERANCE
        self.roles = {name: one.get("role") for name, one in self.table.get("participant", {}).items()}
        self.excluded = set()
        for key, group in self.table.get("excluded", {}).items():
            names = list(group.get("names", {}).values()) + group.get("aliases", []) + [key]
            self.excluded |= {fold(name) for name in names}

    def with_role(self, role):
        return {name for name, one in self.roles.items() if one == role}

    def excludes(self, label, office):
        return fold(label) in self.excluded or fold(office) in self.excluded
