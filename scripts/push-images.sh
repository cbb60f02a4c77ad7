#!/usr/bin/env bash
# Pushes images that build-images.sh made to a registry, and prints a line for each: FUNCTION and the image by its digest.
# Usage: scripts/push-images.sh REGISTRY FUNCTION…
#   REGISTRY  such as europe-west1-docker.pkg.dev/vendor-marketplace/portico or ghcr.io/example/portico
# An image is tagged with the git revision that it was built of. skopeo pushes it, and knows who does: by `skopeo login`,
# by `gcloud auth configure-docker`, or by the file that REGISTRY_AUTH_FILE names. Plain HTTP is spoken with a registry
# on localhost only.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh

ATTEMPTS=4
for argument in "$@"; do
  case $argument in
    -h | --help) usage; exit 0 ;;
    -*) unknown_argument "$argument" ;;
  esac
done
[ "$#" -ge 2 ] || wrong_arguments
registry=$1
shift

need skopeo python3
end_if_missing

work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

copy=(skopeo --insecure-policy copy --quiet --preserve-digests --digestfile "$work/digest")
case $registry in localhost[:/]* | 127.0.0.1[:/]*) copy+=(--dest-tls-verify=false) ;; esac

# Whether the registry may do it in a moment. What a refusal says has no such words.
passes() { grep -qiE 'status:? (code )?(429|5[0-9]{2})|: (429|5[0-9]{2}) \(|timeout|connection re|EOF' "$work/error"; }

# What was pushed already is found by its digest, so beginning again costs nothing.
push() {
  local layout=$1 name=$2 tag=$3 attempt
  for ((attempt = 1; attempt <= ATTEMPTS; attempt++)); do
    if "${copy[@]}" "oci:$layout" "docker://$name:$tag" >&2 2>"$work/error"; then
      return 0
    fi
    cat "$work/error" >&2
    passes || break
    [ "$attempt" -eq "$ATTEMPTS" ] || sleep "$((2 ** attempt))"
  done
  echo "$name could not be pushed, for the reason above." >&2
  return 1
}

for function; do
  layout=target/images/$function
  tag=$(python3 scripts/oci-layout.py label "$layout" org.opencontainers.image.revision)
  rm -f "$work/digest"
  push "$layout" "$registry/$function" "$tag"
  echo "$function $registry/$function@$(cat "$work/digest")"
done
