#!/usr/bin/env bash
# Builds one function and lays out its image's whole file system. Usage: scripts/image-files.sh FUNCTION DIRECTORY [PROFILE]
# PROFILE is Cargo's, `release` unless given. build-images.sh and functions/Dockerfile both use this, so
# their images hold the same files. A program of the profile `release` lists the crates it is made of.
# CA_CERTIFICATES names another file of certificate authorities.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh
# shellcheck source=scripts/static-program.sh
source scripts/static-program.sh

CA_CERTIFICATES=${CA_CERTIFICATES:-/etc/ssl/certs/ca-certificates.crt}
for argument in "$@"; do
  case $argument in
    -h | --help) usage; exit 0 ;;
    -*) unknown_argument "$argument" ;;
  esac
done
if [ "$#" -lt 2 ]; then
  wrong_arguments
elif [ "$#" -gt 3 ]; then
  unknown_argument "$4"
fi
function=$1 files=$2 profile=${3:-release}

need cargo cc
if [ ! -f "$CA_CERTIFICATES" ]; then
  echo "missing: $CA_CERTIFICATES. Debian: apt-get install ca-certificates. Elsewhere name the file in CA_CERTIFICATES." >&2
  missing=1
fi
end_if_missing

# Linked statically, a program needs nothing of the image but what is laid out here.
build_static_program "$function" "$profile"

rm -rf "$files"
install -D --mode=0755 "$(static_program "$function" "$profile")" "$files/function"
install -D --mode=0644 "$CA_CERTIFICATES" "$files/etc/ssl/certs/ca-certificates.crt"
