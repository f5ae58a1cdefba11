#!/bin/sh
# All vectors; and with the built program, a demo folder and its tamperings by both verifiers.
#   tests/stranger/run.sh [MITHAQ_BINARY]
set -eu
here=$(dirname "$0")
export PYTHONDONTWRITEBYTECODE=1
python3 "$here/vectors.py"
if [ $# -ge 1 ]; then
    python3 "$here/compare.py" "$1"
fi
