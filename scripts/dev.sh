#!/usr/bin/env bash
# Starts Portico, a simulated Google Cloud Marketplace and an application on this computer.
# Usage: scripts/dev.sh [--form | --auto] [--app ORIGIN | --example python|node] [--firestore] [--yes]
#   --form           customers fill in a registration form (default)
#   --auto           sign-up is one click
#   --app ORIGIN     your own application in place of the demo application, such as http://127.0.0.1:3000. What it
#                    has to know is printed, and written to target/dev/application.env.
#                    Its pages are ORIGIN/signup, ORIGIN/login and ORIGIN/events, or where these variables say:
#                    APPLICATION_SIGNUP_URL, APPLICATION_LOGIN_URL, APPLICATION_EVENTS_URL.
#                    With PUBSUB_EMULATOR_HOST events are published into that emulator instead.
#   --example NAME   the example application in Python or Node.js in place of the demo application, on EXAMPLE_PORT
#                    (default 3000). What it says goes to target/dev/example.log
#   --firestore      keeps the links in Google's Firestore emulator instead of memory
#   --yes            installs the packages that are missing and that Debian or Ubuntu has without asking; root is
#                    never asked
# The first start compiles: about five minutes on two cores. Later starts take seconds.
# Other ports: PORT=8081 MARKETPLACE_PORT=9091 scripts/dev.sh
# All variables: target/debug/local --help, once it is compiled.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh
# shellcheck source=scripts/setup.sh
source scripts/setup.sh
# shellcheck source=scripts/firestore-emulator.sh
source scripts/firestore-emulator.sh
# shellcheck source=scripts/example-application.sh
source scripts/example-application.sh

choose_example() { case $1 in python | node) example=$1 ;; *) unknown_argument "$1" ;; esac; }

firestore=no
yes=no
example=
app=no
export SIGNUP_MODE=${SIGNUP_MODE:-form}
# The emulator of another project must not be filled by accident.
unset FIRESTORE_EMULATOR_HOST
while [ $# -gt 0 ]; do
  case $1 in
    --form) SIGNUP_MODE=form ;;
    --auto) SIGNUP_MODE=auto ;;
    --app) [ $# -gt 1 ] || wrong_arguments; app=yes; export APPLICATION_URL=$2; shift ;;
    --app=*) app=yes; export APPLICATION_URL=${1#*=} ;;
    --example) [ $# -gt 1 ] || wrong_arguments; choose_example "$2"; shift ;;
    --example=*) choose_example "${1#*=}" ;;
    --firestore) firestore=yes ;;
    --yes) yes=yes ;;
    -h | --help) usage; exit 0 ;;
    *) unknown_argument "$1" ;;
  esac
  shift
done
if [ "$app" = yes ] && { [ -z "$APPLICATION_URL" ] || [ -n "$example" ]; }; then
  wrong_arguments
fi

echo "Portico: looking for what it needs."
tools=(cargo cc)
[ "$firestore" = no ] || tools+=(curl python3 java firestore-emulator)
case $example in python) tools+=(venv) ;; node) tools+=(node npm) ;; esac
set_up "$yes" "${tools[@]}"
need "${tools[@]}"
end_if_missing

echo "Compiling. The first time this takes about five minutes on two cores, later seconds."
cargo build --package local
stop_all() {
  stop_example
  stop_firestore_emulator
}
trap stop_all EXIT
mkdir -p target/dev
if [ "$firestore" = yes ]; then
  start_firestore_emulator target/dev/firestore-emulator.log
fi
if [ -n "$example" ]; then
  echo "Installing what the example application needs."
  scripts/install-examples.sh "$example"
  export EXAMPLE_PORT=${EXAMPLE_PORT:-3000}
  if listens "$EXAMPLE_PORT"; then
    echo "port $EXAMPLE_PORT is taken; choose another one for the example with EXAMPLE_PORT" >&2
    exit 1
  fi
  export APPLICATION_URL=http://127.0.0.1:$EXAMPLE_PORT
fi
if [ -n "${APPLICATION_URL:-}" ]; then
  export APPLICATION_ENVIRONMENT_FILE=$PWD/target/dev/application.env
  rm -f "$APPLICATION_ENVIRONMENT_FILE"
fi
if [ -n "$example" ]; then
  start_example "$example" "$APPLICATION_ENVIRONMENT_FILE"
fi
# Ctrl-C reaches both; this one waits for the other to end in order.
trap : INT
cargo run --quiet --package local
