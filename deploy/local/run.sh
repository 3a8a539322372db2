#!/usr/bin/env bash
# Starts BudgetWatch on this machine: database, demonstration data when the database is new, job worker, web server.
set -euo pipefail
cd "$(dirname "$0")/../.."

port=${PORT:-8000}
state=${BUDGETWATCH_STATE_DIR:-var}
sign_ins=$state/sign-ins.txt
unfinished=$state/.demonstration-unfinished
python=.venv/bin/python

install_system_libraries() {
    local packages
    packages=$("$python" -m budgetwatch.system_libraries --packages)
    if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing what the PDF reports need: $packages"
        # shellcheck disable=SC2086 # the names are to be split
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages >/dev/null; } || true
    fi
    "$python" -m budgetwatch.system_libraries || true
}

prepare_database() {
    mkdir -p "$state"
    if ! "$python" manage.py showmigrations accounts 2>/dev/null | grep -q '\[X\]'; then touch "$unfinished"; fi
    "$python" manage.py migrate --verbosity 0
    if [ -e "$unfinished" ]; then
        echo "Loading the demonstration data (once) …"
        "$python" manage.py load_demo > "$sign_ins"
        rm -f "$unfinished"
    fi
}

install_system_libraries
prepare_database

set -m # each in a process group of its own, so that Ctrl-C reaches this script only and both are stopped in order
"$python" manage.py db_worker --interval 1 </dev/null &
worker=$!
.venv/bin/gunicorn budgetwatch.wsgi --bind "127.0.0.1:$port" --threads 4 --no-control-socket --log-level warning --graceful-timeout 5 </dev/null &
web=$!
stop() {
    trap - EXIT INT TERM
    kill "$web" "$worker" 2>/dev/null || true
    wait "$web" "$worker" 2>/dev/null || true
}
trap 'stop; exit 0' INT TERM
trap stop EXIT

for _ in $(seq 100); do
    if ! kill -0 "$web" 2>/dev/null; then
        echo "The web server did not start. If port $port is taken, choose another: make run PORT=8001" >&2
        exit 1
    fi
    if NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 "$python" -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/health/', timeout=2)" 2>/dev/null; then break; fi
    sleep 0.2
done
echo
if [ -s "$sign_ins" ]; then cat "$sign_ins"; fi
echo "BudgetWatch is on http://127.0.0.1:$port   (Ctrl-C stops it)"
wait -n "$web" "$worker"
echo "A part of BudgetWatch has stopped; stopping the rest." >&2
exit 1
