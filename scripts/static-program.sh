#!/usr/bin/env bash
# Sourced, not run: builds one program that needs nothing of the system it runs on.

# shellcheck source=scripts/cargo-auditable.sh
source scripts/cargo-auditable.sh

TARGET=x86_64-unknown-linux-gnu

# Where a static program of this profile is.
static_program() { echo "target/$TARGET/$2/$1"; }

# build_static_program PACKAGE PROFILE: of the profile `release`, a program lists the crates it is made of.
build_static_program() {
  local program=$1 profile=$2 cargo_home flags link c_flags build=(cargo)
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
  if [ "$profile" = release ] && install_cargo_auditable; then
    build=(cargo auditable)
    PATH="$PWD/$CARGO_AUDITABLE/bin:$PATH"
  elif [ "$profile" = release ]; then
    echo "$program will not list its crates: cargo-auditable cannot be installed. crates.io must be reachable once." >&2
  fi

  # Built by itself: together with others, it would get features of their dependencies. The C library without
  # tables and AVX-512 code that speed up what is rare here, elliptic curves and long transfers, and not RSA.
  CARGO_ENCODED_RUSTFLAGS=$flags CFLAGS=$c_flags AWS_LC_SYS_SMALL=1 \
    "${build[@]}" rustc --locked --profile "$profile" --target "$TARGET" --target-dir target \
    --package "$program" --bin "$program" -- "$link"
}
