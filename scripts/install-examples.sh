#!/usr/bin/env bash
# Installs what the hand-off examples need, under target/examples/. Usage: scripts/install-examples.sh
# Quick when nothing changed. The examples' own folders stay as they are.
set -euo pipefail
cd "$(dirname "$0")/.."

EXAMPLES=shared/customer-entry/examples
INSTALLED=target/examples
missing=0

need() {
  if ! command -v "$1" >/dev/null 2>&1; then
    echo "missing: $1. $2" >&2
    missing=1
  fi
}

if [ "$#" -ne 0 ]; then
  sed -n '2,3s/^# //p' scripts/install-examples.sh >&2
  exit 64
fi

need python3 "Install Python 3.10 or newer (Debian: apt-get install python3 python3-venv)."
need node "Install Node.js 20 or newer."
need npm "Install Node.js 20 or newer."
if command -v python3 >/dev/null 2>&1 && ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
  echo "missing: Python's venv module. Debian: apt-get install python3-venv." >&2
  missing=1
fi
[ "$missing" -eq 0 ] || exit 1

# The copy of the pins is written last, so it is there only after a complete installation.
python=$INSTALLED/python
if ! cmp --silent "$EXAMPLES/python/requirements.txt" "$python/requirements.txt" ||
  ! "$python/bin/python" -c 'import cryptography, jwt' 2>/dev/null; then
  rm -rf "$python"
  python3 -m venv "$python"
  "$python/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    --requirement "$EXAMPLES/python/requirements.txt"
  cp "$EXAMPLES/python/requirements.txt" "$python/"
fi

node=$INSTALLED/node
if ! cmp --silent "$EXAMPLES/node/package-lock.json" "$node/installed-lock.json" ||
  [ ! -d "$node/node_modules/jose" ]; then
  rm -rf "$node"
  mkdir -p "$node"
  cp "$EXAMPLES/node/package.json" "$EXAMPLES/node/package-lock.json" "$EXAMPLES/node/.npmrc" "$node/"
  npm ci --prefix "$node" --ignore-scripts --no-audit --no-fund --loglevel=error
  cp "$node/package-lock.json" "$node/installed-lock.json"
fi
# Node looks for packages beside the program: links to it, beside node_modules.
ln -sf "$PWD/$EXAMPLES"/node/*.js "$node/"
