#!/usr/bin/env bash
# Asks every address of a deployment what it should and should not answer, as a stranger on the internet.
# Usage: scripts/smoke.sh
#        scripts/smoke.sh --local URL FUNCTION…
#   Without arguments the addresses are Terraform's outputs. With --local, the functions named are all at
#   this URL of `scripts/dev.sh`, such as http://localhost:8080.
# Changes nothing and needs no rights: the only token it sends is a forged one. Ends with 1 if something
# is not as it should be. TERRAFORM names another command in terraform's place.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh

TERRAFORM=${TERRAFORM:-terraform}
# Of the right form, signed by nobody. To refuse it, a function must have asked Google for its keys: a
# 503 means that it could not.
FORGED=eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InNtb2tlLXRlc3QifQ.eyJpc3MiOiJzbW9rZS10ZXN0In0.c21va2U
wrong=0

passed() { echo "ok    $1"; }

failed() {
  echo "WRONG $1"
  wrong=$((wrong + 1))
}

# ask curl's arguments…: sets `status` (000: no answer), $answer/head and $answer/body.
ask() {
  rm -f "$answer/head" "$answer/body"
  touch "$answer/head" "$answer/body"
  status=$(curl --silent --show-error --max-time 20 --dump-header "$answer/head" --output "$answer/body" \
    --write-out '%{http_code}' "$@" 2>"$answer/error") || true
}

# expect WHAT STATUSES: the status of the answer is one of these.
expect() {
  if [[ " $2 " == *" $status "* ]]; then
    passed "$1: $status"
  else
    failed "$1: expected ${2// / or }, got $status $(head -c 300 "$answer/error")"
  fi
}

# header WHAT NAME PATTERN: the answer has this header with such a value.
header() {
  if grep -qiE "^$2: *$3" "$answer/head"; then
    passed "$1: $2"
  else
    failed "$1: expected the header $2: $3"
  fi
}

# Whatever a function answers must not be kept, sniffed, or asked for over plain HTTP.
answer_headers() {
  header "$1" strict-transport-security 'max-age=[1-9]'
  header "$1" cache-control '.*no-store'
  header "$1" x-content-type-options nosniff
}

# What browsers are shown must not be framed either, nor tell others where they were.
headers() {
  header "$1" content-security-policy ".*frame-ancestors 'none'"
  answer_headers "$1"
  header "$1" referrer-policy '(no-referrer|strict-origin)'
}

# Whoever comes by plain HTTP must not be served.
encrypted() {
  local name=$1 url=$2
  [[ $url == https://* ]] || return 0
  ask "http://${url#https://}"
  if [ "$status" = 000 ] || grep -qi "^location: *https://" "$answer/head"; then
    passed "$name: plain HTTP leads to HTTPS, or nowhere"
  else
    failed "$name: plain HTTP is answered $status"
  fi
}

# An entry of customers: its page, and its refusal of a forged token.
entry() {
  local name=$1 url=$2 page=$3
  ask "$url"
  expect "$name: GET" "$page"
  headers "$name: GET"
  encrypted "$name" "$url"
  ask --data-urlencode "x-gcp-marketplace-token=$FORGED" "$url"
  expect "$name: a forged token is refused, with Google's keys at hand" 401
  headers "$name: refusal"
  if grep -qF "$FORGED" "$answer/body" "$answer/head"; then
    failed "$name: the refusal shows the token"
  fi
}

# An address for verified callers only. What answers 401 is the function, anything else is in front of it.
guarded() {
  local name=$1 url=$2 refusals=$3
  local json=(--header "Content-Type: application/json" --data '{}')
  ask "${json[@]}" "$url"
  expect "$name: no token" "$refusals"
  if [ "$status" = 401 ]; then
    answer_headers "$name: refusal"
    encrypted "$name" "$url"
  fi
  ask "${json[@]}" --header "Authorization: Bearer $FORGED" "$url"
  expect "$name: a forged token" "$refusals"
}

# Cloud Run's own address, which a load balancer or internal ingress closes.
own_address() {
  local name=$1 url=$2 ingress=$3
  ask "$url/health"
  if [ "$ingress" = INGRESS_TRAFFIC_ALL ]; then
    expect "$name: health" 200
  else
    expect "$name: not reached past its ingress" "403 404"
  fi
}

# function NAME PUBLIC_URL RUN_URL INGRESS
check_function() {
  local name=$1 url=$2 run_url=$3 ingress=$4
  own_address "$name" "$run_url" "$ingress"
  case $name in
    signup) entry "$name" "$url/signup" 200 ;;
    sso-login) entry "$name" "$url/login" 303 ;;
    service-account-link) guarded "$name" "$url/service-account-links" 401 ;;
    procurement-events)
      # Google's front end answers 404 in the name of a function with internal ingress.
      local refusals=404
      [ "$ingress" = INGRESS_TRAFFIC_ALL ] && refusals=401
      guarded "$name: /events" "$url/events" "$refusals"
      guarded "$name: /reconcile" "$url/reconcile" "$refusals"
      ;;
    usage-report)
      guarded "$name: /usage" "$url/usage" 401
      # The scheduler alone calls it, at Cloud Run's own address, which a load balancer closes to others.
      local closed="403 404"
      [ "$ingress" = INGRESS_TRAFFIC_ALL ] && closed=401
      guarded "$name: /report" "$run_url/report" "$closed"
      ;;
    *) failed "$name: this script does not know what it should answer" ;;
  esac
}

case ${1:-} in
  -h | --help) usage; exit 0 ;;
  --local | "") ;;
  *) unknown_argument "$1" ;;
esac
need curl
if [ "${1:-}" = --local ] && [ "$#" -ge 3 ]; then
  url=${2%/}
  shift 2
  printf -v functions '%s\n' "${@/%/ $url $url INGRESS_TRAFFIC_ALL}"
  keys=
elif [ "$#" -eq 0 ]; then
  need terraform python3
else
  wrong_arguments
fi
end_if_missing

answer=$(mktemp --directory)
trap 'rm -rf "$answer"' EXIT

if [ -z "${functions+set}" ]; then
  "$TERRAFORM" -chdir=terraform output -json >"$answer/outputs"
  functions=$(python3 - "$answer/outputs" <<'PYTHON'
import json, sys
functions = json.load(open(sys.argv[1])).get("functions", {"value": {}})["value"]
for name, function in functions.items():
    if function["deployed"]:
        print(name, function["public_url"], function["run_url"], function["ingress"])
    else:
        print(f"note  {name} is not deployed", file=sys.stderr)
PYTHON
  )
  if [ -z "$functions" ]; then
    echo "No function is deployed yet: see terraform/README.md, step 7." >&2
    exit 1
  fi
  keys=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["hand_off_keys_url"]["value"])' "$answer/outputs")
fi

while read -r -a function; do
  [ "${#function[@]}" -eq 0 ] || check_function "${function[@]}"
done <<<"$functions"

if [ -n "$keys" ]; then
  ask "$keys"
  expect "hand-off keys" 200
  if grep -q 'BEGIN CERTIFICATE' "$answer/body"; then
    passed "hand-off keys: there are certificates"
  else
    failed "hand-off keys: there is no certificate"
  fi
fi

echo
if [ "$wrong" -gt 0 ]; then
  echo "$wrong not as they should be. See terraform/README.md, Troubleshooting."
  exit 1
fi
echo "Everything is as it should be."
