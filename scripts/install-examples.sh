#!/usr/bin/env bash
# Installs the example applications with what they need, under target/examples/.
# Usage: scripts/install-examples.sh [python | node]
#   python, node  one of them; both unless given
# Quick when nothing changed. The examples' own folders stay as they are.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh

EXAMPLES=shared/customer-entry/examples
NEWS=shared/outbox/examples
INSTALLED=target/examples
languages=()
for argument in "$@"; do
  case $argument in
    python | node) languages+=("$argument") ;;
    -h | --help) usage; exit 0 ;;
    *) unknown_argument "$argument" ;;
  esac
done
[ "${#languages[@]}" -gt 0 ] || languages=(python node)

# The copy of the pins is written last, so it is there only after a complete installation.
install_python() {
  local python=$INSTALLED/python
  need venv
  end_if_missing
  if ! cmp --silent "$EXAMPLES/python/requirements.txt" "$python/requirements.txt" ||
    ! "$python/bin/python" -c 'import cryptography, google.auth, jwt, requests' 2>/dev/null; then
    rm -rf "$python"
    python3 -m venv "$python"
    "$python/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
      --requirement "$EXAMPLES/python/requirements.txt"
    cp "$EXAMPLES/python/requirements.txt" "$python/"
  fi
  # portico_news lies elsewhere here: Python looks there, too.
  "$python/bin/python" -c 'import pathlib, sys, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "portico-news.pth").write_text(sys.argv[1] + "\n", encoding="utf-8")' \
    "$PWD/$NEWS/python"
}

install_node() {
  local node=$INSTALLED/node
  need node npm
  end_if_missing
  if ! cmp --silent "$EXAMPLES/node/package-lock.json" "$node/installed-lock.json" ||
    [ ! -d "$node/node_modules/jose" ] || [ ! -d "$node/node_modules/google-auth-library" ]; then
    rm -rf "$node"
    mkdir -p "$node"
    cp "$EXAMPLES/node/package.json" "$EXAMPLES/node/package-lock.json" "$EXAMPLES/node/.npmrc" "$node/"
    npm ci --prefix "$node" --ignore-scripts --no-audit --no-fund --loglevel=error
    cp "$node/package-lock.json" "$node/installed-lock.json"
  fi
  # Node looks for packages beside the program itself, not beside a link to it.
  rm -f "$node"/*.js
  cp "$EXAMPLES"/node/*.js "$NEWS/node/portico-news.js" "$node/"
}

for language in "${languages[@]}"; do
  "install_$language"
done
