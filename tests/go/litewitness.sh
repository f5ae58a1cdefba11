#!/bin/sh
# Starts torchwood's litewitness on loopback with a fresh key, runs a command that finds it in
# LITEWITNESS_ADDRESS and LITEWITNESS_KEY (a file), and stops it.
# Usage: litewitness.sh LITEWITNESS ADDRESS LOG-VKEY COMMAND...
set -eu
litewitness=$1 address=$2 vkey=$3
shift 3
work=$(mktemp -d)
agent='' witness=''
trap 'kill $witness $agent 2>/dev/null || true; rm -rf "$work"' EXIT

ssh-keygen -q -t ed25519 -N '' -C witness -f "$work/key"
ssh-agent -D -a "$work/agent" >/dev/null 2>&1 & agent=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -S "$work/agent" ] && break; sleep 0.2; done
SSH_AUTH_SOCK=$work/agent ssh-add -q "$work/key"

# What witnessctl would do, which can't be built everywhere: one log, and its key.
python3 - "$work/db" "$vkey" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
origin = sys.argv[2].split("+")[0]
db.execute("CREATE TABLE log (origin TEXT PRIMARY KEY, tree_size INTEGER NOT NULL, tree_hash TEXT NOT NULL)")
db.execute("CREATE TABLE key (origin TEXT NOT NULL, key TEXT NOT NULL, FOREIGN KEY(origin) REFERENCES log(origin))")
db.execute("INSERT INTO log VALUES (?, 0, '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')", [origin])
db.execute("INSERT INTO key VALUES (?, ?)", [origin, sys.argv[2]])
db.commit()
PY

fingerprint=$(ssh-keygen -l -E sha256 -f "$work/key.pub" | cut -d ' ' -f 2)
"$litewitness" -db "$work/db" -ssh-agent "$work/agent" -key "$fingerprint" -name witness.example/lite \
    -listen "$address" 2>"$work/log" & witness=$!
LITEWITNESS_ADDRESS=$address LITEWITNESS_KEY=$work/key.pub "$@" || { cat "$work/log"; exit 1; }
