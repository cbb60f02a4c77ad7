#!/usr/bin/env bash
# Runs every check and every test that this computer can run, and says what it could not check.
# Usage: scripts/check.sh [--fast | --only STEP…] [--yes]
#   --fast       what to run before each commit: formatting, scripts, lints and unit-tests. Leaves out the tests of
#                whole functions, the documentation, Terraform, images, the dependencies' policy and the workflows
#   --only STEP  this step alone; may be given several times
#   --yes        installs the packages that are missing and that Debian or Ubuntu has without asking; root is never asked
# Steps: formatting scripts workflows terraform lints documentation dependencies fuzz examples image tests operations
# Steps that run only where they are named: unit-tests (a part of tests), advisories (needs github.com)
# A step that fails does not keep the others from running. Ends with 0 if all that ran passed, else with 1. With CI=true,
# anything that could not be checked is a failure. TERRAFORM names a command that stands in for terraform.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh
# shellcheck source=scripts/setup.sh
source scripts/setup.sh
# shellcheck source=scripts/steps.sh
source scripts/steps.sh
# shellcheck source=scripts/checks.sh
source scripts/checks.sh

ALL=(formatting scripts workflows terraform lints documentation dependencies fuzz examples image tests operations)
FAST=(formatting scripts lints unit-tests)
NAMED=(unit-tests advisories)

steps=()
yes=no
while [ "$#" -gt 0 ]; do
  case $1 in
    --fast) steps=("${FAST[@]}") ;;
    --only)
      [ "$#" -ge 2 ] || wrong_arguments
      shift
      if [[ " ${ALL[*]} ${NAMED[*]} " != *" $1 "* ]]; then
        echo "unknown step: $1; these are: ${ALL[*]} ${NAMED[*]}" >&2
        exit 64
      fi
      steps+=("$1")
      ;;
    --yes) yes=yes ;;
    -h | --help) usage; exit 0 ;;
    *) unknown_argument "$1" ;;
  esac
  shift
done
[ "${#steps[@]}" -gt 0 ] || steps=("${ALL[@]}")

echo "Checking: ${steps[*]}"
wanted=()
for step in "${steps[@]}"; do
  read -r -a tools <<<"$(needed_by "$step") $(used_by "$step")"
  wanted+=("${tools[@]}")
done
set_up "$yes" "${wanted[@]}"
need cargo
end_if_missing

mkdir -p target/check
: >"$LEFT_OUT"
for step in "${steps[@]}"; do
  read -r -a tools <<<"$(needed_by "$step")"
  run_step "$step" "${tools[@]}"
done
report
