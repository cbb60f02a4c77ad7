#!/usr/bin/env bash
# Measures the release binaries against their budgets. Usage: scripts/bench.sh [--quick]
# Prints one table; a budget that is missed is printed, and is no error. --quick measures less.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh
# shellcheck source=scripts/firestore-emulator.sh
source scripts/firestore-emulator.sh

arguments=()
for argument in "$@"; do
  case $argument in
    --quick) arguments=(--quick) ;;
    -h | --help) usage; exit 0 ;;
    *) unknown_argument "$argument" ;;
  esac
done

need cargo cc openssl gzip java curl python3 firestore-emulator
end_if_missing

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
