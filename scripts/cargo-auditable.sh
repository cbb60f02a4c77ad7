#!/usr/bin/env bash
# Sourced, not run: cargo-auditable, which writes into a program the list of the crates it is made of.

CARGO_AUDITABLE_VERSION=0.7.7
# A folder of its own, so that nothing else gets into the search path.
CARGO_AUDITABLE=target/tools/cargo-auditable-$CARGO_AUDITABLE_VERSION

has_cargo_auditable() { [ -x "$CARGO_AUDITABLE/bin/cargo-auditable" ]; }

install_cargo_auditable() {
  has_cargo_auditable ||
    cargo install --quiet --locked "cargo-auditable@$CARGO_AUDITABLE_VERSION" --root "$CARGO_AUDITABLE"
}
