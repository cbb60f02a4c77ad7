#!/usr/bin/env bash
# Sourced, not run: what every script here does with its arguments and with tools that are missing.

# shellcheck source=scripts/tools.sh
source scripts/tools.sh

missing=0

# The comment on top of the script that runs.
usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "scripts/${0##*/}"; }

# Ends the script, because it has no such argument.
unknown_argument() {
  echo "unknown argument: $1" >&2
  usage >&2
  exit 64
}

# Ends the script, because its arguments are too few or too many.
wrong_arguments() {
  usage >&2
  exit 64
}

# need TOOL…: says what of these is missing, and how to install it.
need() {
  local tool
  for tool; do
    if ! has "$tool"; then
      echo "missing: $(name_of "$tool"). $(advice "$tool")" >&2
      missing=1
    fi
  done
}

end_if_missing() { [ "$missing" -eq 0 ] || exit 1; }
