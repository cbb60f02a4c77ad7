#!/usr/bin/env bash
# Sourced, not run: start_firestore_emulator starts Google's Firestore emulator on a free port and
# exports FIRESTORE_EMULATOR_HOST; stop_firestore_emulator ends it. Needs gcloud and Java.

# shellcheck source=scripts/free-port.sh
source "$(dirname "${BASH_SOURCE[0]}")/free-port.sh"

start_firestore_emulator() {
  local log=$1 waited=0
  FIRESTORE_EMULATOR_HOST="127.0.0.1:$(free_port)"
  export FIRESTORE_EMULATOR_HOST
  gcloud emulators firestore start --quiet --host-port="$FIRESTORE_EMULATOR_HOST" >"$log" 2>&1 &
  until curl --silent --fail --output /dev/null "http://$FIRESTORE_EMULATOR_HOST/"; do
    waited=$((waited + 1))
    if [ "$waited" -gt 300 ]; then
      echo "The Firestore emulator did not start within 60 s; its output:" >&2
      cat "$log" >&2
      return 1
    fi
    sleep 0.2
  done
}

stop_firestore_emulator() {
  # Ending the launcher would leave Java running; the emulator ends itself when asked.
  if [ -n "${FIRESTORE_EMULATOR_HOST:-}" ]; then
    curl --silent --output /dev/null --request POST "http://$FIRESTORE_EMULATOR_HOST/shutdown" || true
  fi
}
