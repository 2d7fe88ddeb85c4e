#!/bin/sh
# Makes .venv and installs Helio into it with the given extras: setup.sh gallery test
# Does nothing when that was done already for this pyproject.toml, at this place.
set -eu

cd "$(dirname "$0")/.."
current="$(cksum pyproject.toml) $PWD"

is_current() {
    for extra in "$@"; do
        [ "$(cat ".venv/.installed-$extra" 2>/dev/null)" = "$current" ] || return 1
    done
    .venv/bin/python -c '' 2>/dev/null
}

can_make() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null
}

make_venv() {
    python="$(scripts/python.sh)"
    version="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    rm -rf .venv
    can_make || scripts/apt.sh "python$version-venv" || scripts/apt.sh python3-venv || true
    if can_make; then
        "$python" -m venv .venv
    elif "$python" -m virtualenv --version >/dev/null 2>&1; then
        "$python" -m virtualenv --quiet .venv
    elif command -v virtualenv >/dev/null; then
        virtualenv --quiet --python "$python" .venv
    else
        echo "$python cannot make a virtual environment: its modules venv and ensurepip are" \
            "missing. On Debian and Ubuntu: apt install python$version-venv" >&2
        exit 1
    fi
}

if is_current "$@"; then
    exit
fi
.venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
echo "Installing Helio into .venv (once)." >&2
extras="$(echo "$*" | tr ' ' ',')"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[$extras]"
for extra in "$@"; do
    echo "$current" >".venv/.installed-$extra"
done
