#!/usr/bin/env bash
# Builds the functions' images, pushes them, and applies terraform/ with them.
# Usage: scripts/deploy.sh [--yes] [--destroy] [--cloud-build] [FUNCTION…]
#   FUNCTION       which to build; all that are configured unless given. The others stay as they are deployed.
#   --yes          asks nothing: applies every plan that destroys nothing, and ends with 1 at one that does
#   --destroy      with --yes: applies a plan that destroys something, too
#   --cloud-build  Google's Cloud Build builds and pushes: no compiler and no skopeo is needed here. BUILD_REGION,
#                  BUILD_MACHINE and BUILD_SERVICE_ACCOUNT say where, on which machine and as whom, if not by default
# The first run lays the foundation and ends; terraform/README.md says what comes before the second.
# Every plan is shown, and applied only after `yes`; one that destroys something only after `destroy`.
# Whatever ends it on the way, running it again goes on from there. What is known of a failure of Terraform's is said after
# it, with the commands that help.
# TERRAFORM names another command in terraform's place.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh
# shellcheck source=scripts/deploy-plan.sh
source scripts/deploy-plan.sh
# shellcheck source=scripts/deploy-images.sh
source scripts/deploy-images.sh

TERRAFORM=${TERRAFORM:-terraform}
IMAGES=terraform/images.auto.tfvars.json
step() { printf '\n== %s\n' "$1"; }

# A value among Terraform's outputs as a Python expression of `outputs`.
output() { python3 -c "import json, sys; outputs = json.load(open(sys.argv[1])); print($1)" "$work/outputs.json"; }

functions=()
build=build_here
for argument in "$@"; do
  case $argument in
    --yes) yes=yes ;;
    --destroy) destroy=yes ;;
    --cloud-build) build=build_in_the_cloud ;;
    -h | --help) usage; exit 0 ;;
    -*) unknown_argument "$argument" ;;
    *) functions+=("$argument") ;;
  esac
done

need terraform gcloud python3
case $build in
  build_here) need skopeo ;;
  build_in_the_cloud) need git ;;
esac
end_if_missing

mkdir -p target
# A plan holds every value in clear, so it goes when this ends.
work=$(mktemp --directory "$PWD/target/deploy.XXXXXX")
trap 'rm -rf "$work"' EXIT

step "what is deployed"
if ! terraform_here output -json >"$work/outputs.json"; then
  echo "Terraform cannot read its state: see terraform/README.md, step 2." >&2
  exit 1
fi
if [ "$(output '"registry" in outputs')" = False ]; then
  echo "Nothing yet. First the foundation: everything but the functions."
  plan_and_apply
  echo
  echo "The foundation is laid. Now do steps 5 and 6 of terraform/README.md, then run this again."
  exit 0
fi
registry=$(output 'outputs["registry"]["value"]')
echo "The registry is $registry."
configured=$(output '"\n".join(outputs["functions"]["value"])')
for function in "${functions[@]}"; do
  if ! grep -qx -- "$function" <<<"$configured"; then
    echo "$function is no function that is configured; these are:" "$(tr '\n' ' ' <<<"$configured")" >&2
    exit 64
  fi
done
if [ "${#functions[@]}" -eq 0 ]; then
  mapfile -t functions <<<"$configured"
fi

"$build" "$registry" "${functions[@]}"
write_images "$registry"
plan_and_apply
echo
echo "Whether it works: scripts/smoke.sh"
