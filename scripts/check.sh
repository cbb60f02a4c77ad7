#!/usr/bin/env bash
# All checks and all tests. Usage: scripts/check.sh
# Needs what README.md lists under "Requirements"; says what is missing before it starts. TERRAFORM names
# another command in terraform's place, where the registry of providers cannot be reached.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/firestore-emulator.sh
source scripts/firestore-emulator.sh
# shellcheck source=scripts/pubsub-emulator.sh
source scripts/pubsub-emulator.sh

CARGO_DENY_VERSION=0.20.2
TOOLS="$PWD/target/tools"
TERRAFORM=${TERRAFORM:-terraform}
missing=0

need() {
  if ! command -v "$1" >/dev/null 2>&1; then
    echo "missing: $1. $2" >&2
    missing=1
  fi
}

terraform_here() { "$TERRAFORM" -chdir=terraform "$@"; }

step() { printf '\n== %s\n' "$1"; }

need cargo "Install Rust from https://rustup.rs."
need gcloud "Install the Google Cloud CLI with its emulators (gcloud components install beta cloud-firestore-emulator pubsub-emulator)."
need java "Install a Java runtime, 21 or newer (Debian: apt-get install default-jre-headless)."
need curl "Debian: apt-get install curl."
need python3 "Debian: apt-get install python3 python3-venv."
need node "Install Node.js 20 or newer."
need npm "Install Node.js 20 or newer."
need chromium "Debian: apt-get install chromium."
need chromedriver "Debian: apt-get install chromium-driver."
need shellcheck "Debian: apt-get install shellcheck."
need git "Debian: apt-get install git."
need "$TERRAFORM" "Install Terraform 1.9 or newer, or name another command in TERRAFORM."
[ "$missing" -eq 0 ] || exit 1

trap "stop_firestore_emulator; stop_pubsub_emulator" EXIT

mkdir -p target

step "formatting"
cargo fmt --all --check

step "scripts"
shellcheck --external-sources scripts/*.sh functions/local/tests/local/deploy/*.sh .ci/run

step "Terraform"
terraform_here fmt -check -recursive
if ! terraform_here init -backend=false -input=false >target/terraform-init.log 2>&1; then
  cat target/terraform-init.log >&2
  echo "$TERRAFORM cannot get what the configuration requires, so nothing of it was checked. Is registry.terraform.io reachable? Else name another command in TERRAFORM." >&2
  exit 1
fi
terraform_here validate
terraform_here test

step "lints"
cargo clippy --workspace --all-targets --all-features --locked -- -D warnings

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet

step "dependency policy"
if ! "$TOOLS/bin/cargo-deny" --version 2>/dev/null | grep -q " $CARGO_DENY_VERSION$"; then
  cargo install --quiet --locked "cargo-deny@$CARGO_DENY_VERSION" --root "$TOOLS"
fi
"$TOOLS/bin/cargo-deny" --log-level warn --offline --locked --config .deny.toml check bans licenses sources

step "fuzz target builds"
cargo check --quiet --locked --manifest-path shared/verification/fuzz/Cargo.toml --target-dir target/fuzz

step "hand-off examples"
scripts/install-examples.sh

step "image"
scripts/build-images.sh --quick signup

step "tests"
mkdir -p target/check
start_firestore_emulator "$PWD/target/check/firestore-emulator.log"
start_pubsub_emulator "$PWD/target/check/pubsub-emulator.log"
cargo test --workspace --all-features --locked --no-fail-fast

echo
echo "All checks passed."
