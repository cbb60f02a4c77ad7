#!/usr/bin/env bash
# Sourced, not run: start_example LANGUAGE starts an example application beside Portico; stop_example ends it.

# Refuses an EXAMPLE_PORT that cannot be the example's, before anything is compiled.
choose_example_port() {
  case $EXAMPLE_PORT in
    *[!0-9]* | "${PORT:-8080}" | "${MARKETPLACE_PORT:-9090}")
      echo "EXAMPLE_PORT must be a port of its own, such as 3000" >&2
      exit 64
      ;;
  esac
  if listens "$EXAMPLE_PORT"; then
    echo "port $EXAMPLE_PORT is taken; choose another one for the example with EXAMPLE_PORT" >&2
    exit 1
  fi
}

# start_example LANGUAGE ENVIRONMENT: once the file ENVIRONMENT is written, which Portico does when it is up; what an earlier
# or another world wrote there does not count. The port is EXAMPLE_PORT.
start_example() {
  EXAMPLE_LOG=target/dev/example-$EXAMPLE_PORT.log
  EXAMPLE_STARTED=target/dev/example-$EXAMPLE_PORT.started
  rm -f "$EXAMPLE_LOG"
  : >"$EXAMPLE_STARTED"
  run_example "$@" &
  EXAMPLE_RUNNER=$!
}

# Runs in the background; what the example says goes to a file, because the terminal is Portico's.
run_example() {
  local language=$1 environment=$2 example='' command
  # Ctrl-C ends Portico first; then this gets SIGTERM.
  trap '' INT
  trap 'end_example "$example"' TERM
  case $language in
    python) command=(target/examples/python/bin/python -B shared/customer-entry/examples/python/server.py) ;;
    node) command=(node target/examples/node/server.js) ;;
  esac
  until [ -s "$environment" ] && [ "$environment" -nt "$EXAMPLE_STARTED" ]; do sleep 0.2; done
  # shellcheck source=/dev/null
  source "$environment"
  node_18_options
  # Google's libraries would take this file for the application's identity.
  unset GOOGLE_APPLICATION_CREDENTIALS
  PORT=$EXAMPLE_PORT "${command[@]}" >"$EXAMPLE_LOG" 2>&1 &
  example=$!
  until listens "$EXAMPLE_PORT"; do
    if ! kill -0 "$example" 2>/dev/null; then
      echo "The example application ended. What it said, in $EXAMPLE_LOG:" >&2
      cat "$EXAMPLE_LOG" >&2
      return
    fi
    sleep 0.2
  done
  echo "  The example application in $language listens on $APPLICATION_URL; what it says is in $EXAMPLE_LOG."
  wait "$example" || true
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

end_example() {
  if [ -n "$1" ]; then
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
  fi
  exit 0
}

stop_example() {
  if [ -n "${EXAMPLE_RUNNER:-}" ]; then
    kill "$EXAMPLE_RUNNER" 2>/dev/null || true
    wait "$EXAMPLE_RUNNER" 2>/dev/null || true
  fi
}
