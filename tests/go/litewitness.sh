#!/bin/sh
# Starts torchwood's litewitness on loopback with a fresh key, and puts our checkpoints to it.
# Usage: litewitness.sh PATH-OF-LITEWITNESS      (README.md says how to get one)
set -eu
litewitness=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
agent= witness=
trap 'kill $witness $agent 2>/dev/null || true; rm -rf "$work"' EXIT

ssh-keygen -q -t ed25519 -N '' -C witness -f "$work/key"
ssh-agent -D -a "$work/agent" >/dev/null & agent=$!
while [ ! -S "$work/agent" ]; do sleep 0.1; done
SSH_AUTH_SOCK=$work/agent ssh-add -q "$work/key"

# What witnessctl would do, which can't be built everywhere: the tests' log and its key.
vkey=$(cd "$here/../.." && cargo test -q -p mithaq-tlog --test cosigned the_tests_log -- --nocapture |
    grep -o 'register.example/river-accord+[^ ]*')
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

address=localhost:7381
fingerprint=$(ssh-keygen -l -E sha256 -f "$work/key.pub" | cut -d ' ' -f 2)
"$litewitness" -db "$work/db" -ssh-agent "$work/agent" -key "$fingerprint" -name witness.example/lite \
    -listen "$address" 2>"$work/log" & witness=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do curl -s -o /dev/null "http://$address/" && break; sleep 0.3; done

cd "$here/../.." && LITEWITNESS_ADDRESS=$address LITEWITNESS_KEY=$work/key.pub \
    cargo test -q -p mithaq-tlog --test litewitness -- --nocapture || { cat "$work/log"; exit 1; }
