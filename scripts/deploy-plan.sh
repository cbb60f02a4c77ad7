#!/usr/bin/env bash
# Sourced, not run: how scripts/deploy.sh shows a plan, asks, and applies it.

# deploy.sh sets these: a folder for what is only needed now, and what --yes and --destroy say.
work='' yes=no destroy=no

terraform_here() { "$TERRAFORM" -chdir=terraform "$@"; }

# Asks for one word; anything else ends everything. With --yes nobody is asked.
ask() {
  local question=$1 word=$2 answer=
  if [ "$yes" = no ]; then
    printf '\n%s Type "%s" to go on: ' "$question" "$word"
    read -r answer || answer=
  elif [ "$word" = yes ] || [ "$destroy" = yes ]; then
    answer=$word
  else
    printf '\n%s With --yes this is applied only where --destroy is given, too.\n' "$question"
  fi
  [ "$answer" != "$word" ] || return 0
  echo "Nothing was applied."
  if [ -e "$work/images" ]; then
    echo "$IMAGES names the new images, so any later apply would deploy them."
  fi
  exit 1
}

# Runs Terraform; if it fails, what it complained of is explained.
explained() {
  local status=0
  { terraform_here "$@" 2>&1 >&3 3>&- | tee "$work/errors" >&2 3>&-; } 3>&1 || status=$?
  # A plan with changes ends with 2.
  if [ "$status" -ne 0 ] && [ "$status $1" != "2 plan" ]; then
    scripts/explain-failure.py "$work/errors" "$work/plan.json" >&2 || true
  fi
  return "$status"
}

# The addresses of what this plan destroys.
destroyed_by() {
  python3 - "$1" <<'PYTHON'
import json, sys
for change in json.load(open(sys.argv[1])).get("resource_changes", []):
    if "delete" in change["change"]["actions"]:
        print(" ", change["address"])
PYTHON
}

plan_and_apply() {
  local plan=$work/plan changes=0 destroyed
  step "plan"
  explained plan -input=false -detailed-exitcode -out="$plan" || changes=$?
  case $changes in
    0) echo "Everything is as it should be."; return ;;
    2) ;;
    *) exit "$changes" ;;
  esac
  terraform_here show -json "$plan" >"$plan.json"
  destroyed=$(destroyed_by "$plan.json")
  if [ -n "$destroyed" ]; then
    printf '\nThis destroys, or destroys and makes again:\n%s\n' "$destroyed"
    ask "Is that meant?" destroy
  else
    ask "Apply this plan?" yes
  fi
  step "apply"
  explained apply -input=false "$plan"
}
