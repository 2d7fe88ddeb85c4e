#!/bin/sh
# The long forms of tests, round after round with another seed, for so many minutes:
#   scripts/soak.sh MINUTES
# A round is 20,000 histories of the live core on each processor; a failure ends it and prints the
# history. Millions of histories take a night.
set -eu

cd "$(dirname "$0")/.."
scripts/setup.sh gallery test

minutes="${1:-60}"
workers="$(nproc)"
export HELIO_HISTORIES="${HELIO_HISTORIES:-20000}"
end=$(($(date +%s) + minutes * 60))
total=0
failed="$(mktemp)"
trap 'rm -f "$failed"' EXIT

round() {
    seed="$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')"
    log="$(mktemp)"
    .venv/bin/python -m pytest -q -x -p no:cacheprovider tests/live/test_graph.py \
        --hypothesis-seed="$seed" >"$log" 2>&1 || {
        cat "$log"
        echo "seed $seed" | tee -a "$failed"
    }
    rm -f "$log"
}

while [ "$(date +%s)" -lt "$end" ] && [ ! -s "$failed" ]; do
    worker=0
    while [ "$worker" -lt "$workers" ]; do
        round &
        worker=$((worker + 1))
    done
    wait
    total=$((total + workers * HELIO_HISTORIES))
    echo "$total histories, $(((end - $(date +%s)) / 60)) minutes left"
done
[ ! -s "$failed" ]
