#!/bin/sh
# Installs packages of Debian or Ubuntu, if they can be installed without a question.
set -eu

cd "$(dirname "$0")"
command -v apt-get >/dev/null || exit 1
./root.sh true 2>/dev/null || exit 1

echo "Installing $* from the system's packages." >&2
./root.sh apt-get -qq update >&2
./root.sh env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends "$@" >&2
