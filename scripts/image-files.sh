#!/usr/bin/env bash
# Builds one function and lays out its image's whole file system. Usage: scripts/image-files.sh FUNCTION DIRECTORY [PROFILE]
# PROFILE is Cargo's, `release` unless given. build-images.sh and functions/Dockerfile both use this, so
# their images hold the same files. A program of the profile `release` lists the crates it is made of.
# CA_CERTIFICATES names another file of certificate authorities.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh
# shellcheck source=scripts/cargo-auditable.sh
source scripts/cargo-auditable.sh

# Linked statically, a program needs nothing of the image but what is laid out here.
TARGET=x86_64-unknown-linux-gnu
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

# Paths of this machine would get into panic messages and C's __FILE__, and make every build another.
cargo_home=$(realpath --canonicalize-missing "${CARGO_HOME:-$HOME/.cargo}")
flags="-Ctarget-feature=+crt-static"
# Random numbers from the kernel alone: in a static program they would else need a file of /dev.
flags+=$'\x1f--cfg=getrandom_backend="linux_getrandom"'
flags+=$'\x1f'"--remap-path-prefix=$(pwd -P)=/portico"
flags+=$'\x1f'"--remap-path-prefix=$cargo_home=/cargo"
# Relocations packed: half a megabyte less in the image.
link=-Clink-arg=-Wl,-z,pack-relative-relocs
# C's compiler does not hear of Rust's flags.
c_flags="-ffile-prefix-map=$(pwd -P)=/portico -ffile-prefix-map=$cargo_home=/cargo"

# Scanners of images find the crates of a program only if it lists them.
build=(cargo)
if [ "$profile" = release ] && install_cargo_auditable; then
  build=(cargo auditable)
  PATH="$PWD/$CARGO_AUDITABLE/bin:$PATH"
elif [ "$profile" = release ]; then
  echo "$function will not list its crates: cargo-auditable cannot be installed. crates.io must be reachable once." >&2
fi

# Built by itself: together with others, it would get features of their dependencies. The C library without
# tables and AVX-512 code that speed up what is rare here, elliptic curves and long transfers, and not RSA.
CARGO_ENCODED_RUSTFLAGS=$flags CFLAGS=$c_flags AWS_LC_SYS_SMALL=1 \
  "${build[@]}" rustc --locked --profile "$profile" --target "$TARGET" --target-dir target --package "$function" --bin "$function" -- "$link"

rm -rf "$files"
install -D --mode=0755 "target/$TARGET/$profile/$function" "$files/function"
install -D --mode=0644 "$CA_CERTIFICATES" "$files/etc/ssl/certs/ca-certificates.crt"
