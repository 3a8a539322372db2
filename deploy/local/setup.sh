#!/usr/bin/env bash
# Makes .venv with exactly the packages of requirements/dev.txt. Does nothing when they are already there.
set -euo pipefail
cd "$(dirname "$0")/../.."

lock=requirements/dev.txt
stamp=.venv/.locked

say() { printf '%s\n' "$*" >&2; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$candidate" >/dev/null 2>&1 && is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    say "BudgetWatch needs Python 3.11 or newer, and none was found."
    say "On Debian 12 or newer, or Ubuntu 24.04 or newer: sudo apt-get install python3 python3-venv"
    say "If it is somewhere unusual, say where: make setup PYTHON=/path/to/python3"
    exit 1
}

fingerprint() { "$1" -c 'import hashlib, pathlib, sys; print(sys.version_info[:2], hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest())' "$lock"; }

make_with_uv() {
    uv venv --quiet --allow-existing --python "$1" .venv
    uv pip sync --quiet --python .venv/bin/python --require-hashes "$lock"
}

make_with_pip() {
    if ! "$1" -m venv --clear .venv 2>/dev/null; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            say "Python's venv module is missing; installing it."
            apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3-venv >/dev/null
            "$1" -m venv --clear .venv
        else
            say "Python cannot make a virtual environment: its venv module is missing."
            say "On Debian or Ubuntu: sudo apt-get install python3-venv   then run this again."
            exit 1
        fi
    fi
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
}

if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint .venv/bin/python)" ]; then
    exit 0
fi
python=$(find_python)
say "Making .venv with $("$python" --version) and the packages of $lock …"
if command -v uv >/dev/null 2>&1; then make_with_uv "$python"; else make_with_pip "$python"; fi
fingerprint .venv/bin/python > "$stamp"
say "Ready."
