#!/usr/bin/env bash
# Sourced, not run: how scripts/check.sh runs its steps and what it says of them in the end.

LEFT_OUT=target/check/left-out
failed=()

# left_out WHAT TOOL: notes that this cannot be checked without that tool.
left_out() {
  printf '%s\t%s\n' "$1" "$2" >>"$LEFT_OUT"
  echo "Not checked: $1. $2 is missing."
}

# run_step NAME TOOL…: runs the function check_NAME, which needs these tools.
run_step() {
  local step=$1 tool status
  printf '\n== %s\n' "$step"
  for tool in "${@:2}"; do
    if ! has "$tool"; then
      left_out "$step" "$tool"
      return
    fi
  done
  # By itself, because bash ignores `set -e` within conditions.
  set +e
  (set -e && "check_${step//-/_}")
  status=$?
  set -e
  [ "$status" -eq 0 ] || failed+=("$step")
}

# What was not checked, how to check it, and which steps failed. Ends with the exit code.
report() {
  local what tool
  if [ -s "$LEFT_OUT" ]; then
    printf '\nNot checked, because something is missing:\n'
    while IFS=$'\t' read -r what tool; do
      echo "- $what: $(name_of "$tool")"
    done <"$LEFT_OUT"
    printf '\nHow to check it:\n'
    while read -r tool; do
      echo "- $(name_of "$tool"): $(advice "$tool")"
    done < <(cut -f 2 "$LEFT_OUT" | sort -u)
    if [ "${CI:-}" = true ]; then
      failed+=("what was not checked, because CI is true")
    fi
  fi
  echo
  if [ "${#failed[@]}" -gt 0 ]; then
    printf 'FAILED: %s\n' "${failed[@]}"
    exit 1
  fi
  if [ -s "$LEFT_OUT" ]; then
    echo "All checks that could run passed; $(wc -l <"$LEFT_OUT") could not, see above."
  else
    echo "All checks passed."
  fi
}
