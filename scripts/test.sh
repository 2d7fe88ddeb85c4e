#!/bin/sh
# Runs every test; what is given is handed to pytest. The browser's tests run in a process of
# their own, because Playwright keeps an event loop running in its thread.
set -eu

cd "$(dirname "$0")/.."
scripts/setup.sh gallery test

browser=''
for folder in tests/browser tests/runtime; do
    [ -d "$folder" ] && browser="$browser $folder"
done
failed=0

run() {
    status=0
    .venv/bin/python -m pytest "$@" || status=$?
    # 5: nothing was chosen, which is no failure where arguments choose.
    [ $status = 0 ] || [ $status = 5 ] || failed=1
}

run tests --ignore=tests/browser --ignore=tests/runtime "$@"
if [ -z "$browser" ]; then
    exit $failed
fi
if HELIO_CHROMIUM="$(scripts/chromium.sh)"; then
    export HELIO_CHROMIUM
    # shellcheck disable=SC2086 # Folder names without spaces.
    run $browser "$@"
else
    echo "Skipped, because there is no Chromium here (install one, or name it in HELIO_CHROMIUM):"
    # shellcheck disable=SC2086
    find $browser -name 'test_*.py' | sort
fi
exit $failed
