"""`python3 tests/stranger/compare.py MITHAQ_BINARY [--all]`

Makes a demo folder, tampers with its files in ways that are the same each time, and forges registers and
bundles with keys that everybody knows (`forge.py`, `forge_bundle.py`). Both verifiers judge each: they must agree on the exit
code, and where both name a file, on the file. `--all` tampers with all three nodes' folders.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import forge
import forge_bundle
import tamper
import verify


class Tally:
    def __init__(self, binary):
        self.binary, self.agreed, self.differ = binary, 0, 0


def box(binary, path, *more):
    """Starts the program, which goes on while we judge ourselves."""
    command = [binary, "--json", "verify", str(path), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def said_by(running):
    """Exit code, the files that the program names, and what it says."""
    out, talk = running.communicate(timeout=120)
    code = running.returncode
    try:
        said = json.loads(out)
    except ValueError:
        return code, [], talk.decode(errors="replace").strip()[:200]
    wrongs = said.get("wrongs", [])
    says = "; ".join(f"{w['file']}, {w['entry']}: {w['what']}" for w in wrongs[:3]) or str(said.get("says", ""))
    says = says or "; ".join(map(str, said.get("undecided", [])))
    return code, [w["file"] for w in wrongs], says[:300]


def ours(path, asked=None, beside=None):
    try:
        report = verify.verify(path, asked, beside)
    except Exception as error:  # a verifier that falls over disagrees, and the next case is still asked
        return 99, [], repr(error)
    if report is None:
        return 2, [], ""
    says = "; ".join(map(str, report.wrongs[:3])) or "; ".join(report.undecided)
    return report.code, [w.file for w in report.wrongs if w.file], says[:300]


def compare(tally, name, path, asked=None, beside=None):
    more = (["--register", asked] if asked else []) + (["--with", str(beside)] if beside else [])
    running = box(tally.binary, path, *more)
    mine = ours(path, asked, beside)
    theirs = said_by(running)
    same_file = not theirs[1] or not mine[1] or (theirs[1][0] in mine[1] and mine[1][0] in theirs[1])
    if theirs[0] == mine[0] and same_file:
        tally.agreed += 1
        return
    tally.differ += 1
    print(f"DISAGREE {name}")
    print(f"  program  {theirs[0]}  {theirs[2]}")
    print(f"  stranger {mine[0]}  {mine[2]}")


def folder(tally, source, copy, keep):
    shutil.copytree(source, copy)
    compare(tally, f"{source.name}, as it is", source)
    for name, change in tamper.of_folder(copy, random.Random(1)):
        if keep and not any(word in name for word in keep):
            continue
        changed = change()
        compare(tally, f"{source.name}, {name}", copy)
        for path in changed:
            restore(source, copy, path)


def restore(source, copy, path):
    if (copy / path).is_dir() and not (copy / path).is_symlink():
        shutil.rmtree(copy / path)
    elif os.path.lexists(copy / path):
        (copy / path).unlink()
    if (source / path).exists():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / path, copy / path)


def files(tally, demo, work):
    for path in sorted(demo.iterdir()):
        if not path.is_file() or path.name == "README.txt":
            continue
        beside = demo / "doha" if path.name.endswith(".tlog-proof") else None
        compare(tally, f"{path.name}, as it is", path, beside=beside)
        copy = work / path.name
        for name, changed in tamper.of_bytes(path.read_bytes(), random.Random(path.name), 5):
            copy.write_bytes(changed)
            compare(tally, f"{path.name}, {name}", copy, beside=beside)


def forged(tally, work, everything):
    for name, path in forge.folders(work / "forged", everything):
        compare(tally, f"forged: {name}", path)
    for name, data in forge_bundle.bundles():
        path = work / "forged.mithaq"
        path.write_bytes(data)
        compare(tally, f"bundle: {name}", path)


def contradictions(tally, work):
    """The vectors, by the program too."""
    source = Path(__file__).resolve().parents[2] / "docs/vectors/contradictions"
    path = work / "one.contradiction.json"
    for case in json.loads((source / "index.json").read_text())["cases"]:
        shutil.copyfile(source / case["file"], path)
        compare(tally, f"contradiction: {case['file']}", path, case["register"])


def main(arguments):
    everything = "--all" in arguments
    arguments = [one for one in arguments if one != "--all"]
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    tally, start = Tally(os.path.abspath(arguments[0])), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mithaq-stranger-") as temporary:
        work = Path(temporary)
        demo, copies = work / "demo", work / "copies"
        copies.mkdir()
        # Large enough that the stick has something to carry, and small enough to be read some hundred times.
        story = [tally.binary, "demo", "hand-over", "--out", str(demo), "--recording", "21"]
        subprocess.run(story, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"the demo: {time.monotonic() - start:.1f} s")
        compare(tally, "the demo, all of it", demo)
        for node, keep in (("doha", None), ("islamabad", ("queue/journal",)), ("kabul", ("entr", "empty", "link"))):
            folder(tally, demo / node, copies / node, None if everything else keep)
        compare(tally, "kabul, another name by voice", demo / "kabul", "0000-" * 7 + "0000")
        files(tally, demo, copies)
        contradictions(tally, work)
        forged(tally, work, everything)
    print(f"{tally.agreed} agree, {tally.differ} disagree, {time.monotonic() - start:.1f} s")
    return 1 if tally.differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
