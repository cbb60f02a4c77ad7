#!/usr/bin/env bash
# Starts Portico, a simulated Google Cloud Marketplace and an application on this computer.
# Usage: scripts/dev.sh [--form | --auto] [--app ORIGIN | --example python|node] [--firestore] [--yes]
#   --form           customers fill in a registration form (default)
#   --auto           sign-up is one click
#   --app ORIGIN     your own application in place of the demo application, such as http://127.0.0.1:3000. What it
#                    has to know is printed, and written to APPLICATION_ENVIRONMENT_FILE (default
#                    target/dev/application.env), with a service account file for it beside.
#                    Its pages are ORIGIN/signup, ORIGIN/login and ORIGIN/events, or where these variables say:
#                    APPLICATION_SIGNUP_URL, APPLICATION_LOGIN_URL, APPLICATION_EVENTS_URL.
#                    With PUBSUB_EMULATOR_HOST events are published into that emulator instead.
#   --example NAME   the example application in Python or Node.js in place of the demo application, on EXAMPLE_PORT
#                    (default 3000). What it says goes to target/dev/example-PORT.log
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
if [ "$app" = yes ]; then
  [ -z "$example" ] || wrong_arguments
  # The program looks at the rest of it, but only once it is compiled.
  case $APPLICATION_URL in http://?* | https://?*) ;; *) wrong_arguments ;; esac
fi
# What is meant for an application of one's own is neither for an example nor for the demo application.
if [ -n "$example" ]; then
  unset APPLICATION_SIGNUP_URL APPLICATION_LOGIN_URL APPLICATION_EVENTS_URL PUBSUB_EMULATOR_HOST
  export EXAMPLE_PORT=${EXAMPLE_PORT:-3000}
  choose_example_port
  export APPLICATION_URL=http://127.0.0.1:$EXAMPLE_PORT
elif [ -z "${APPLICATION_URL:-}" ]; then
  unset PUBSUB_EMULATOR_HOST
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
# shellcheck disable=SC2317 # The trap calls it.
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
fi
if [ -n "${APPLICATION_URL:-}" ]; then
  export APPLICATION_ENVIRONMENT_FILE=${APPLICATION_ENVIRONMENT_FILE:-$PWD/target/dev/application.env}
fi
if [ -n "$example" ]; then
  start_example "$example" "$APPLICATION_ENVIRONMENT_FILE"
fi
cargo run --quiet --package local &
portico=$!
# Ctrl-C reaches all; SIGTERM and SIGHUP may reach this one alone.
trap : INT
trap 'kill -TERM "$portico" 2>/dev/null || true' TERM HUP
code=0
while kill -0 "$portico" 2>/dev/null; do
  # A signal ends the wait, and not Portico.
  wait "$portico" && code=0 || code=$?
done
exit "$code"
