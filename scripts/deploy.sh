#!/usr/bin/env bash
# Builds the functions' images, pushes them, and applies terraform/ with them. Usage: scripts/deploy.sh [FUNCTION…]
#   FUNCTION  which to build; all that are configured unless given. The others stay as they are deployed.
# The first run lays the foundation and ends; terraform/README.md says what comes before the second.
# Every plan is shown and applied only after `yes`; one that destroys something only after `destroy`.
# Whatever ends it on the way, running it again goes on from there.
# TERRAFORM names another command in terraform's place.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh

TERRAFORM=${TERRAFORM:-terraform}
IMAGES=terraform/images.auto.tfvars.json
step() { printf '\n== %s\n' "$1"; }

# Asks for one word; anything else ends everything.
ask() {
  local question=$1 word=$2 answer
  printf '\n%s Type "%s" to go on: ' "$question" "$word"
  read -r answer || answer=
  if [ "$answer" != "$word" ]; then
    echo "Nothing was applied."
    if [ -e "$work/images" ]; then
      echo "$IMAGES names the new images, so any later apply would deploy them."
    fi
    exit 1
  fi
}

terraform_here() { "$TERRAFORM" -chdir=terraform "$@"; }

# A value among Terraform's outputs as a Python expression of `outputs`.
output() { python3 -c "import json, sys; outputs = json.load(open(sys.argv[1])); print($1)" "$work/outputs.json"; }

plan_and_apply() {
  local plan=$work/plan changes=0 destroyed
  step "plan"
  terraform_here plan -input=false -detailed-exitcode -out="$plan" || changes=$?
  case $changes in
    0) echo "Everything is as it should be."; return ;;
    2) ;;
    *) exit "$changes" ;;
  esac
  terraform_here show -json "$plan" >"$plan.json"
  destroyed=$(python3 - "$plan.json" <<'PYTHON'
import json, sys
for change in json.load(open(sys.argv[1])).get("resource_changes", []):
    if "delete" in change["change"]["actions"]:
        print(" ", change["address"])
PYTHON
  )
  if [ -n "$destroyed" ]; then
    printf '\nThis destroys, or destroys and makes again:\n%s\n' "$destroyed"
    ask "Is that meant?" destroy
  else
    ask "Apply this plan?" yes
  fi
  step "apply"
  terraform_here apply -input=false "$plan"
}

functions=()
for argument in "$@"; do
  case $argument in
    -h | --help) usage; exit 0 ;;
    -*) unknown_argument "$argument" ;;
    *) functions+=("$argument") ;;
  esac
done

need terraform gcloud python3
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
  echo "The foundation is laid. Now prepare what terraform/README.md names in step 5, then run this again."
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

step "build ${functions[*]}"
scripts/build-images.sh "${functions[@]}"

step "push"
token=$(gcloud auth print-access-token)
for function in "${functions[@]}"; do
  tag=$(python3 scripts/oci-layout.py label "target/images/$function" org.opencontainers.image.revision)
  image=$(scripts/push-image.py "target/images/$function" "$registry/$function" "$tag" <<<"$token")
  echo "$image"
  echo "$function $image" >>"$work/images"
done

step "$IMAGES"
python3 - "$work" "$IMAGES" <<'PYTHON'
import json, os, pathlib, sys
work, path = map(pathlib.Path, sys.argv[1:])
pushed = dict(line.split() for line in (work / "images").read_text().splitlines())
functions = json.loads((work / "outputs.json").read_text())["functions"]["value"]
deployed = {name: function["image"] for name, function in functions.items() if function.get("image")}
# Whoever has the state but not the file, on another machine, must not take the other functions away.
before = deployed | (json.loads(path.read_text())["images"] if path.exists() else {})
for function, image in pushed.items():
    print(function, "stays" if deployed.get(function) == image else f"was {deployed.get(function, 'not deployed')}")
new = path.with_name(path.name + ".new")
new.write_text(json.dumps({"images": before | pushed}, indent=2, sort_keys=True) + "\n")
os.replace(new, path)
PYTHON

plan_and_apply
echo
echo "Whether it works: scripts/smoke.sh"
