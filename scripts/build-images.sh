#!/usr/bin/env bash
# Builds the functions' images without a container engine: target/images/FUNCTION is an OCI image layout.
# Usage: scripts/build-images.sh [--quick] [FUNCTION…]
#   FUNCTION  signup, sso-login, …; all that are deployed unless given
#   --quick   compiles fast and optimizes nothing: the same image otherwise, for checks
# Prints each image's digest and size. Two builds of one commit give one digest. IMAGE_SOURCE, if set, is the
# label that says where the source is. Without git's history IMAGE_REVISION, IMAGE_VERSION and IMAGE_CREATED, in seconds
# since 1970, say what is built. target/images/FUNCTION.crates.json is the list of what the program is made of,
# which is in the program, too.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh
# shellcheck source=scripts/image-revision.sh
source scripts/image-revision.sh

# `local` is never deployed; whatever else is a function is.
DEPLOYED=$(for manifest in functions/*/Cargo.toml; do basename "$(dirname "$manifest")"; done | grep -v '^local$')
# Bytes: what an image may hold, and what of it may be sent.
LARGEST=12000000
LARGEST_COMPRESSED=5000000
profile=release
functions=()
for argument in "$@"; do
  case $argument in
    --quick) profile=quick ;;
    -h | --help) usage; exit 0 ;;
    -*) unknown_argument "$argument" ;;
    *)
      if ! grep -qx -- "$argument" <<<"$DEPLOYED"; then
        echo "$argument is no function that is deployed; these are:" "$(tr '\n' ' ' <<<"$DEPLOYED")" >&2
        exit 64
      fi
      functions+=("$argument")
      ;;
  esac
done
if [ "${#functions[@]}" -eq 0 ]; then
  mapfile -t functions <<<"$DEPLOYED"
fi

need python3
[ -n "${IMAGE_REVISION:-}" ] || need git
end_if_missing
find_revision

for function in "${functions[@]}"; do
  echo "building $function"
  files=target/images/$function.files
  scripts/image-files.sh "$function" "$files" "$profile"
  # Not exported: C dependencies would be built again for each commit.
  digest=$(SOURCE_DATE_EPOCH=$IMAGE_CREATED python3 scripts/oci-layout.py pack "$files" "target/images/$function" \
    "org.opencontainers.image.title=$function" \
    "org.opencontainers.image.version=$IMAGE_VERSION" \
    "org.opencontainers.image.revision=$IMAGE_REVISION" \
    ${IMAGE_SOURCE:+"org.opencontainers.image.source=$IMAGE_SOURCE"})
  size=$(find "$files" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
  compressed=$(find "target/images/$function/blobs" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
  crates=target/images/$function.crates.json
  if [ "$profile" = quick ] || ! scripts/list-crates.py "$files/function" >"$crates"; then
    rm -f "$crates"
  fi
  rm -rf "$files"
  echo "$function $digest $size bytes, $compressed compressed"
  if [ "$profile" = release ] && [ "$size" -ge "$LARGEST" ]; then
    echo "$function is too large: an image holds less than $LARGEST bytes" >&2
    exit 1
  fi
  if [ "$profile" = release ] && [ "$compressed" -ge "$LARGEST_COMPRESSED" ]; then
    echo "$function is too large: compressed, an image has less than $LARGEST_COMPRESSED bytes" >&2
    exit 1
  fi
done
