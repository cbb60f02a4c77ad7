#!/usr/bin/env bash
# Pins what builds and deployments take from elsewhere: Terraform's providers by their hashes, in
# terraform/.terraform.lock.hcl, and the image that functions/Dockerfile builds in by its digest.
# Usage: scripts/pin.sh [--providers | --image]
#   --providers  the providers alone
#   --image      the image alone
# Commit what it writes. What cannot be reached stays as it is; then it says so and ends with 1. IMAGE_REGISTRY names a
# mirror of Docker Hub, TERRAFORM a command that stands in for terraform.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh

LOCK=terraform/.terraform.lock.hcl
DOCKERFILE=functions/Dockerfile
# Where those who deploy work.
PLATFORMS=(linux_amd64 linux_arm64 darwin_amd64 darwin_arm64 windows_amd64)

providers=yes image=yes
[ "$#" -le 1 ] || unknown_argument "$2"
case ${1:-} in
  '') ;;
  --providers) image=no ;;
  --image) providers=no ;;
  -h | --help) usage; exit 0 ;;
  *) unknown_argument "$1" ;;
esac
[ "$providers" = no ] || need terraform
[ "$image" = no ] || need python3
end_if_missing
mkdir -p target

terraform_here() { "$(name_of terraform)" -chdir=terraform "$@"; }

pin_providers() {
  local log=target/pin-providers.log
  # Our own modules name providers too. Terraform writes the file in the end, or not at all.
  if ! { terraform_here get && terraform_here providers lock "${PLATFORMS[@]/#/-platform=}"; } >"$log" 2>&1; then
    cat "$log" >&2
    echo "$LOCK is as it was, for the reason above. registry.terraform.io must be reachable." >&2
    return 1
  fi
  echo "$LOCK has the providers' hashes."
}

pin_image() {
  local version digest new=target/Dockerfile.new
  version=$(sed -n 's/^ARG RUST=//p' "$DOCKERFILE")
  if ! digest=$(scripts/image-digest.py "${IMAGE_REGISTRY:-registry-1.docker.io}/library/rust" "$version-bookworm"); then
    echo "$DOCKERFILE is as it was: the registry of images must be reachable, or IMAGE_REGISTRY must name a mirror." >&2
    return 1
  fi
  sed "s|^ARG RUST_DIGEST=.*|ARG RUST_DIGEST=@$digest|" "$DOCKERFILE" >"$new"
  grep -qx "ARG RUST_DIGEST=@$digest" "$new"
  cp "$new" "$DOCKERFILE"
  echo "$DOCKERFILE builds in rust:$version-bookworm@$digest."
}

failed=0
if [ "$providers" = yes ]; then pin_providers || failed=1; fi
if [ "$image" = yes ]; then pin_image || failed=1; fi
exit "$failed"
