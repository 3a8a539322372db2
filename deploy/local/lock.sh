#!/usr/bin/env bash
# Resolves pyproject.toml again and writes exact versions with hashes, and no address of any package index.
set -euo pipefail
cd "$(dirname "$0")/../.."

command -v uv >/dev/null || { echo "make lock needs uv (see docs/adr/0001-locked-requirements.md): pip install uv" >&2; exit 1; }
lock() {
    uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file "$@"
}
lock requirements/run.txt
lock requirements/dev.txt --group dev
