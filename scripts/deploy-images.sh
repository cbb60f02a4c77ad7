#!/usr/bin/env bash
# Sourced, not run: how scripts/deploy.sh has images built and pushed, and tells Terraform of them.

# shellcheck source=scripts/image-revision.sh
source scripts/image-revision.sh
# shellcheck source=scripts/registry-login.sh
source scripts/registry-login.sh

# deploy.sh sets it: a folder for what is only needed now.
work=''

# How long a build in the cloud is left alone before it is asked about again.
BUILD_POLL_SECONDS=15

# build_here REGISTRY FUNCTION…: writes a line for each image to $work/images: FUNCTION IMAGE@DIGEST.
build_here() {
  local registry=$1
  shift
  step "build $*"
  scripts/build-images.sh "$@"
  step "push"
  gcloud auth print-access-token | registry_login "${registry%%/*}" "$work/registry.json"
  REGISTRY_AUTH_FILE=$work/registry.json scripts/push-images.sh "$registry" "$@" | tee "$work/images"
}

# The same by Google's Cloud Build, of the files as they are here.
build_in_the_cloud() {
  local registry=$1 host project id status=QUEUED in_project rust
  shift
  IFS=/ read -r host project _ <<<"$registry"
  rust=$(dockerfile_argument RUST)
  in_project=(--project="$project" --region="${BUILD_REGION:-global}")
  step "build $* in Cloud Build"
  find_revision
  git ls-files -z --cached --others --exclude-standard -- "${IMAGE_SOURCES[@]}" scripts |
    tar -czf "$work/source.tgz" --null -T -
  gcloud services enable cloudbuild.googleapis.com --project="$project"
  id=$(gcloud builds submit "$work/source.tgz" --config=scripts/cloudbuild.yaml --async --format='value(id)' "${in_project[@]}" \
    ${BUILD_MACHINE:+"--machine-type=$BUILD_MACHINE"} ${BUILD_SERVICE_ACCOUNT:+"--service-account=$BUILD_SERVICE_ACCOUNT"} \
    --substitutions="_BUILDER=rust:$rust-bookworm$(dockerfile_argument RUST_DIGEST),_RUST=$rust,_REGISTRY=$registry,_FUNCTIONS=$*,_REVISION=$IMAGE_REVISION,_VERSION=$IMAGE_VERSION,_CREATED=$IMAGE_CREATED")
  echo "Build $id runs: https://console.cloud.google.com/cloud-build/builds;region=${BUILD_REGION:-global}/$id?project=$project"
  echo "It takes ten to sixty minutes; ending this script does not end it."
  while [[ " QUEUED PENDING WORKING " == *" $status "* ]]; do
    sleep "$BUILD_POLL_SECONDS"
    status=$(gcloud builds describe "$id" "${in_project[@]}" --format='value(status)')
  done
  if [ "$status" != SUCCESS ]; then
    echo "The build ended with $status. Its log: gcloud builds log $id ${in_project[*]}" >&2
    exit 1
  fi
  step "pushed to $host"
  gcloud builds describe "$id" "${in_project[@]}" --format='value(results.buildStepOutputs)' |
    base64 --decode | tee "$work/images"
}

# The value of an argument of functions/Dockerfile.
dockerfile_argument() { sed -n "s/^ARG $1=//p" functions/Dockerfile | head -n 1; }

# write_images REGISTRY: writes the file by which Terraform knows the images.
write_images() {
  local registry=$1
  step "$IMAGES"
  python3 - "$work" "$IMAGES" "$registry" <<'PYTHON'
import json, os, pathlib, sys
work, path = map(pathlib.Path, sys.argv[1:3])
registry = sys.argv[3]
pushed = dict(line.split() for line in (work / "images").read_text().splitlines())
functions = json.loads((work / "outputs.json").read_text())["functions"]["value"]
deployed = {name: function["image"] for name, function in functions.items() if function.get("image")}
# Whoever has the state but not the file, on another machine, must not take the other functions away. Images of a release are
# the module's own choice, and follow the next one.
kept = {name: image for name, image in deployed.items() if not image.startswith(f"{registry}-releases/")}
# Another environment may have been deployed from here before.
written = json.loads(path.read_text())["images"] if path.exists() else {}
before = kept | {name: image for name, image in written.items() if image.startswith(f"{registry}/")}
for function, image in pushed.items():
    print(function, "stays" if deployed.get(function) == image else f"was {deployed.get(function, 'not deployed')}")
new = path.with_name(path.name + ".new")
new.write_text(json.dumps({"images": before | pushed}, indent=2, sort_keys=True) + "\n")
os.replace(new, path)
PYTHON
}
