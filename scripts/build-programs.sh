#!/usr/bin/env bash
# Builds programs for Linux (x86-64) that need nothing of the system they run on: target/programs/PROGRAM.
# Usage: scripts/build-programs.sh [--quick] [PROGRAM…]
#   PROGRAM  of a release: operator and local, unless given
#   --quick  compiles fast and optimizes nothing: the same program otherwise, for checks
# target/programs/PROGRAM.crates.json is the list of what it is made of, which is in the program, too.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh
# shellcheck source=scripts/static-program.sh
source scripts/static-program.sh

RELEASED=(operator local)
PROGRAMS=target/programs
profile=release
programs=()
for argument in "$@"; do
  case $argument in
    --quick) profile=quick ;;
    -h | --help) usage; exit 0 ;;
    -*) unknown_argument "$argument" ;;
    *)
      if [[ " ${RELEASED[*]} " != *" $argument "* ]]; then
        echo "$argument is no program of a release; these are: ${RELEASED[*]}" >&2
        exit 64
      fi
      programs+=("$argument")
      ;;
  esac
done
[ "${#programs[@]}" -gt 0 ] || programs=("${RELEASED[@]}")

need cargo cc python3
end_if_missing

for program in "${programs[@]}"; do
  echo "building $program"
  build_static_program "$program" "$profile"
  install -D --mode=0755 "$(static_program "$program" "$profile")" "$PROGRAMS/$program"
  crates=$PROGRAMS/$program.crates.json
  if [ "$profile" = quick ] || ! scripts/list-crates.py "$PROGRAMS/$program" >"$crates"; then
    rm -f "$crates"
  fi
done
