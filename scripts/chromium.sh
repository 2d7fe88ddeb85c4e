#!/bin/sh
# Prints a Chromium that works: $HELIO_CHROMIUM, else one in PATH, else the system's package.
# Prints nothing and fails where there is none.
set -eu

cd "$(dirname "$0")"

find_one() {
    for name in "${HELIO_CHROMIUM:-}" chromium chromium-browser google-chrome; do
        # Asked, not only found: Ubuntu's packages are stubs that stand for a snap.
        if [ -n "$name" ] && "$name" --version >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    return 1
}

find_one && exit
# Ubuntu's package would need a running snapd, which is nothing to install by the way.
grep -qs '^ID=ubuntu' /etc/os-release && exit 1
./apt.sh chromium && find_one
