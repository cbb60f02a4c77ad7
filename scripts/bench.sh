#!/usr/bin/env bash
# Measures the release binaries against their budgets. Usage: scripts/bench.sh [--quick]
# Prints one table; a budget that is missed is printed, and is no error. --quick measures less.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/firestore-emulator.sh
source scripts/firestore-emulator.sh

missing=0

need() {
  if ! command -v "$1" >/dev/null 2>&1; then
    echo "missing: $1. $2" >&2
    missing=1
  fi
}

arguments=()
if [ "${1:-}" = --quick ]; then
  arguments+=(--quick)
  shift
fi
if [ "$#" -ne 0 ]; then
  sed -n '2,3s/^# //p' scripts/bench.sh >&2
  exit 64
fi

need cargo "Install Rust from https://rustup.rs."
need openssl "Debian: apt-get install openssl."
need gzip "Debian: apt-get install gzip."
need gcloud "Install the Google Cloud CLI with its Firestore emulator (gcloud components install cloud-firestore-emulator)."
need java "Install a Java runtime, 21 or newer (Debian: apt-get install default-jre-headless)."
need curl "Debian: apt-get install curl."
need python3 "Debian: apt-get install python3."
[ "$missing" -eq 0 ] || exit 1

# As in the images: see image-files.sh.
export AWS_LC_SYS_SMALL=1
# Each by itself: built together, one would change the features of the other's dependencies.
cargo build --quiet --release --locked -p signup
cargo build --quiet --release --locked -p sso-login
cargo build --quiet --release --locked -p service-account-link
cargo build --quiet --release --locked -p procurement-events
cargo build --quiet --release --locked -p usage-report
cargo build --quiet --release --locked -p verification --example verify_rate
cargo build --quiet --release --locked -p local --example bench --example empty_server

mkdir -p target/bench
trap stop_firestore_emulator EXIT
start_firestore_emulator "$PWD/target/bench/firestore-emulator.log"
arguments+=(--emulator "$FIRESTORE_EMULATOR_HOST")

target/release/examples/bench "${arguments[@]}"
