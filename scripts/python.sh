#!/bin/sh
# Prints a Python 3.11 or newer; one that can make virtual environments before one that cannot.
set -eu

new='import sys; sys.exit(sys.version_info < (3, 11))'

for need in 'import ensurepip, venv' ''; do
    for name in python3.13 python3.12 python3.11 python3; do
        # Asked, not only found: a version manager's shim may stand for no Python at all.
        if "$name" -c "$new" 2>/dev/null && "$name" -c "$need" 2>/dev/null; then
            command -v "$name"
            exit
        fi
    done
done

echo "Helio needs Python 3.11 or newer, and found none as python3.13, python3.12, python3.11" \
    "or python3. On Debian and Ubuntu: apt install python3 python3-venv" >&2
exit 1
