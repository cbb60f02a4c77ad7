#!/usr/bin/env bash
# In terraform's place: answers from the files in answers/, and logs what it is asked. A plan is a
# file of a content that no other plan has.
set -euo pipefail
here=$(dirname "$0")/..
answers=$here/answers

log() { sed -E 's|[^ =]*/target/deploy\.[^/]*/|WORK/|' <<<"$*" >>"$here/log"; }

answer() { cat "$answers/$1" 2>/dev/null || printf '%s' "${2:-}"; }

log "terraform $*"
[ "$1" = -chdir=terraform ]
case $2 in
  output)
    answer outputs.json '{}'
    exit "$(answer output.status 0)"
    ;;
  plan)
    [ ! -e terraform/images.auto.tfvars.json ] || cp terraform/images.auto.tfvars.json "$here/images-when-planned.json"
    if [ -e "$answers/plan.hangs" ]; then
      echo "planning"
      exec env PATH=/usr/bin:/bin sleep 60
    fi
    answer plan.text
    answer plan.errors >&2
    out=${!#}
    echo "plan $RANDOM$RANDOM$RANDOM" | tee "${out#-out=}" >"$here/planned"
    exit "$(answer plan.status 2)"
    ;;
  show)
    cmp "$4" "$here/planned"
    answer plan.json '{}'
    ;;
  apply)
    cmp "$4" "$here/planned"
    echo "applying"
    answer apply.errors >&2
    exit "$(answer apply.status 0)"
    ;;
  *) exit 70 ;;
esac
