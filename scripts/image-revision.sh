#!/usr/bin/env bash
# Sourced, not run: of which revision an image is, and of when.

# What an image is made of, beside the toolchain.
IMAGE_SOURCES=(Cargo.toml Cargo.lock rust-toolchain.toml functions shared scripts/image-files.sh scripts/static-program.sh
  scripts/cargo-auditable.sh scripts/command-line.sh scripts/tools.sh scripts/oci-layout.py)

# Sets IMAGE_REVISION, IMAGE_VERSION and IMAGE_CREATED (seconds since 1970), unless the caller did: where a build has the
# files without their history.
find_revision() {
  [ -z "${IMAGE_REVISION:-}" ] || return 0
  IMAGE_REVISION=$(git rev-parse HEAD)
  IMAGE_VERSION=$(git describe --tags --always)
  IMAGE_CREATED=$(git show --no-patch --format=%ct HEAD)
  # What is not committed has no name of its own, so it must not be taken for the commit.
  if [ -n "$(git status --porcelain -- "${IMAGE_SOURCES[@]}")" ]; then
    IMAGE_REVISION+=-changed
    IMAGE_VERSION+=-changed
  fi
  export IMAGE_REVISION IMAGE_VERSION IMAGE_CREATED
}
