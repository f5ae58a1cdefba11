"""`python3 tests/stranger/verify.py PATH [--register VOICE|HASH] [--with FOLDER]`

PATH is a node's folder, a folder of such folders, a standing proof, a tlog-proof, a contradiction, or a
plain bundle. Exit codes: 0 good, 1 a wrong was found, 2 can't be read, 3 can't be decided.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bundle
import contradiction
import folder
import proof
from report import Report


def contradiction_file(data, asked):
    report = Report()
    got = contradiction.judge(data, asked)
    if got.confirmed:
        report.said.append(f"it convicts {got}: {got.says}")
    elif got.word.split()[1] in ("later_registrar", "unknown_rules", "annex_missing"):
        report.undecided.append(f"{got}: {got.says}")
    else:
        report.wrong("", f"{got}: {got.says}")
    return report


def of_file(path, asked=None, known=()):
    """A report of one file, or None if its name and bytes are nothing that can be verified."""
    data = path.read_bytes()
    if data.startswith(b"c2sp.org/tlog-proof@v1\n") or path.name.endswith(".tlog-proof"):
        return proof.tlog_file(data, known)
    if data.startswith(b'{"format":"mithaq.contradiction/') or path.name.endswith(".contradiction.json"):
        return contradiction_file(data, asked)
    if path.name.endswith(".mithaq-proof") or data.startswith(b'{"format":"mithaq.proof/'):
        return proof.standing_file(data, asked)
    if path.name.endswith(".mithaq"):
        return bundle.verify(data, asked)
    return None


def within(root, below=""):
    """What stands in a folder of folders, and in those right below it that are no node's."""
    for path in sorted(root.iterdir()):
        inner = path.is_dir() and not path.is_symlink() and not (path / "register").is_dir()
        if inner and not below and any(path.iterdir()):
            yield from within(path, f"{path.name}/")
        else:
            yield f"{below}{path.name}", path


def of_folders(root, asked):
    report = Report(str(root))
    known = []
    for name, path in within(root):
        if (path / "register").is_dir():
            got = folder.of_path(path, asked)
            known.append(got.register)
            report.add(got.report, name)
    for name, path in within(root):
        if path.name == "README.txt" or (path / "register").is_dir():
            continue
        got = of_file(path, None, known) if path.is_file() and not path.is_symlink() else None
        if got is None:
            report.wrong(name, "nothing that can be verified")
        else:
            report.add(got, name)
    return report


def verify(path, asked=None, beside=None):
    path = Path(path)
    if beside:
        return of_file(path, asked, [folder.of_path(Path(beside)).register])
    if (path / "register").is_dir():
        return folder.of_path(path, asked).report
    if path.is_dir() and any((one / "register").is_dir() for one in path.iterdir()):
        return of_folders(path, asked)
    return of_file(path, asked) if path.is_file() else None


def main(arguments):
    said = {"--register": None, "--with": None}
    for option in said:
        if option in arguments:
            at = arguments.index(option)
            said[option] = (arguments[at + 1 : at + 2] or [None])[0]
            del arguments[at : at + 2]
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    report = verify(arguments[0], said["--register"], said["--with"])
    if report is None:
        print(f"{arguments[0]} is nothing that can be verified", file=sys.stderr)
        return 2
    report.print()
    return report.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
