#!/usr/bin/env bash
# Sourced, not run: start_pubsub_emulator LOG starts Google's Pub/Sub emulator on a free port and exports
# PUBSUB_EMULATOR_HOST; stop_pubsub_emulator ends it. Needs gcloud with its beta commands, and Java.

# shellcheck source=scripts/free-port.sh
source "$(dirname "${BASH_SOURCE[0]}")/free-port.sh"

start_pubsub_emulator() {
  local log=$1 waited=0
  PUBSUB_EMULATOR_HOST="127.0.0.1:$(free_port)"
  export PUBSUB_EMULATOR_HOST
  # Otherwise it writes into the user's own configuration.
  mkdir -p "$log.data"
  gcloud beta emulators pubsub start --quiet --host-port="$PUBSUB_EMULATOR_HOST" --data-dir="$log.data" >"$log" 2>&1 &
  PUBSUB_EMULATOR_LAUNCHER=$!
  until curl --silent --fail --output /dev/null "http://$PUBSUB_EMULATOR_HOST/"; do
    waited=$((waited + 1))
    if [ "$waited" -gt 300 ]; then
      echo "The Pub/Sub emulator did not start within 60 s; its output:" >&2
      cat "$log" >&2
      return 1
    fi
    sleep 0.2
  done
}

stop_pubsub_emulator() {
  # Ending the launcher would leave Java running, and asking the emulator to end itself leaves it too
  # once something was pushed. So Java is ended, the launcher's only child, and the launcher with it.
  local child
  if [ -n "${PUBSUB_EMULATOR_LAUNCHER:-}" ]; then
    for child in $(ps -o pid= --ppid "$PUBSUB_EMULATOR_LAUNCHER"); do
      kill "$child" 2>/dev/null || true
    done
    wait "$PUBSUB_EMULATOR_LAUNCHER" 2>/dev/null || true
  fi
}
