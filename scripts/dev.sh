#!/usr/bin/env bash
# Starts Portico, a simulated Google Cloud Marketplace and a demo application on this computer.
# Usage: scripts/dev.sh [--form | --auto] [--firestore]
#   --form       customers fill in a registration form (default)
#   --auto       sign-up is one click
#   --firestore  keeps the links in Google's Firestore emulator instead of memory
# Other ports: PORT=8081 MARKETPLACE_PORT=9091 scripts/dev.sh
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/firestore-emulator.sh
source scripts/firestore-emulator.sh

usage() { sed -n '2,7s/^# //p' scripts/dev.sh; }

need() {
  if ! command -v "$1" >/dev/null 2>&1; then
    echo "missing: $1. $2" >&2
    exit 1
  fi
}

firestore=no
export SIGNUP_MODE=${SIGNUP_MODE:-form}
# An emulator of somebody else is not to be filled by accident.
unset FIRESTORE_EMULATOR_HOST
for argument in "$@"; do
  case $argument in
    --form) SIGNUP_MODE=form ;;
    --auto) SIGNUP_MODE=auto ;;
    --firestore) firestore=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 64 ;;
  esac
done

need cargo "Install Rust from https://rustup.rs."
if [ "$firestore" = yes ]; then
  need gcloud "Install the Google Cloud CLI with its Firestore emulator (gcloud components install cloud-firestore-emulator)."
  need java "Install a Java runtime, 21 or newer (Debian: apt-get install default-jre-headless)."
  need curl "Debian: apt-get install curl."
  need python3 "Debian: apt-get install python3."
fi

cargo build --quiet --package local
if [ "$firestore" = yes ]; then
  trap stop_firestore_emulator EXIT
  mkdir -p target/dev
  start_firestore_emulator target/dev/firestore-emulator.log
fi
# Ctrl-C reaches both; this one waits for the other to end in order.
trap : INT
cargo run --quiet --package local
