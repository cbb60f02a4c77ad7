#!/usr/bin/env bash
# The one step of cloudbuild.yaml, inside Cloud Build: builds the images of these functions and pushes them.
# Usage: scripts/cloud-build.sh REGISTRY 'FUNCTION…'
# What push-images.sh prints becomes the step's output, which scripts/deploy.sh reads.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh
# shellcheck source=scripts/registry-login.sh
source scripts/registry-login.sh

TOKEN=http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token
for argument in "$@"; do
  case $argument in
    -h | --help) usage; exit 0 ;;
    -*) unknown_argument "$argument" ;;
  esac
done
[ "$#" -eq 2 ] || wrong_arguments
registry=$1
read -r -a functions <<<"$2"

apt-get update -qq
apt-get install -qq --yes --no-install-recommends skopeo
scripts/build-images.sh "${functions[@]}"
curl --silent --show-error --fail --header 'Metadata-Flavor: Google' "$TOKEN" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])' |
  registry_login "${registry%%/*}" /tmp/registry.json
REGISTRY_AUTH_FILE=/tmp/registry.json scripts/push-images.sh "$registry" "${functions[@]}" | tee "$BUILDER_OUTPUT/output"
