"""What a verification found: wrongs, what could not be decided, and remarks."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Found:
    file: str
    says: str
    entry: int = None

    def __str__(self):
        return f"{self.file}{'' if self.entry is None else f', entry {self.entry}'}: {self.says}"


@dataclass
class Report:
    name: str = ""
    said: list = field(default_factory=list)
    wrongs: list = field(default_factory=list)
    undecided: list = field(default_factory=list)

    def wrong(self, file, says, entry=None):
        self.wrongs.append(Found(file, says, entry))

    @property
    def code(self):
        return 1 if self.wrongs else 3 if self.undecided else 0

    def add(self, other, prefix):
        self.said += [f"{prefix}: {line}" for line in other.said]
        self.wrongs += [Found(f"{prefix}/{w.file}" if w.file else prefix, w.says, w.entry) for w in other.wrongs]
        self.undecided += [f"{prefix}: {line}" for line in other.undecided]

    def print(self):
        for line in self.said:
            print(line)
        for line in self.undecided:
            print(f"Can't be decided: {line}")
        if self.wrongs:
            print(f"Wrong: {self.wrongs[0]}")
            if len(self.wrongs) > 1:
                print(f"{len(self.wrongs) - 1} more wrongs.")
        if self.code == 0:
            print("Nothing wrong found.")
