"""Reads a log folder with aics-tlog, a C2SP verifier in Python that is none of ours.

Usage: aics_check.py FOLDER LOG-VKEY [WITNESS-VKEY]...    Exit code 0: all holds. 1: not.
"""

import pathlib
import sys

import aics_tlog


def main() -> int:
    folder, log, *witnesses = sys.argv[1:]
    note = aics_tlog.parse_note((pathlib.Path(folder) / "checkpoint").read_bytes())
    keys = [aics_tlog.parse_vkey(vkey) for vkey in witnesses]
    result = aics_tlog.verify_checkpoint(note, aics_tlog.parse_vkey(log), keys, len(keys))
    print(result)
    if not result.ok:
        return 1
    print(aics_tlog.audit_tiles(aics_tlog.FileSystemTileReader(folder), result.size, result.root))
    return 0


if __name__ == "__main__":
    sys.exit(main())
