#!/usr/bin/env bash
# Starts Portico, a simulated Google Cloud Marketplace and a demo application on this computer.
# Usage: scripts/dev.sh [--form | --auto] [--firestore] [--yes]
#   --form       customers fill in a registration form (default)
#   --auto       sign-up is one click
#   --firestore  keeps the links in Google's Firestore emulator instead of memory
#   --yes        installs the packages that are missing and that Debian or Ubuntu has without asking; root is never asked
# The first start compiles: about five minutes on two cores. Later starts take seconds.
# Other ports: PORT=8081 MARKETPLACE_PORT=9091 scripts/dev.sh
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh
# shellcheck source=scripts/setup.sh
source scripts/setup.sh
# shellcheck source=scripts/firestore-emulator.sh
source scripts/firestore-emulator.sh

firestore=no
yes=no
export SIGNUP_MODE=${SIGNUP_MODE:-form}
# The emulator of another project must not be filled by accident.
unset FIRESTORE_EMULATOR_HOST
for argument in "$@"; do
  case $argument in
    --form) SIGNUP_MODE=form ;;
    --auto) SIGNUP_MODE=auto ;;
    --firestore) firestore=yes ;;
    --yes) yes=yes ;;
    -h | --help) usage; exit 0 ;;
    *) unknown_argument "$argument" ;;
  esac
done

echo "Portico: looking for what it needs."
tools=(cargo cc)
[ "$firestore" = no ] || tools+=(curl python3 java firestore-emulator)
set_up "$yes" "${tools[@]}"
need "${tools[@]}"
end_if_missing

echo "Compiling. The first time this takes about five minutes on two cores, later seconds."
cargo build --package local
if [ "$firestore" = yes ]; then
  trap stop_firestore_emulator EXIT
  mkdir -p target/dev
  start_firestore_emulator target/dev/firestore-emulator.log
fi
# Ctrl-C reaches both; this one waits for the other to end in order.
trap : INT
cargo run --quiet --package local
