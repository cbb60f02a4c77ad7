#!/usr/bin/env bash
# Fuzzes one target: verify, forms or events. Usage: scripts/fuzz.sh TARGET [SECONDS | FILE]
# Without SECONDS it runs until it is interrupted; FILE is an earlier finding, which is tried once.
# See shared/verification/fuzz/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh

case ${1-} in
  verify | forms | events) target=$1 ;;
  -h | --help) usage; exit 0 ;;
  "") wrong_arguments ;;
  *) unknown_argument "$1" ;;
esac
[ $# -le 2 ] || wrong_arguments
need cargo cc
end_if_missing

fuzz=shared/verification/fuzz
mkdir -p "$fuzz/corpus/$target" "$fuzz/artifacts/$target"
inputs=("$fuzz/corpus/$target" "$fuzz/seeds/$target")
# Without a length, libFuzzer would try nothing longer than 4 KiB or the longest seed: beyond 16 KiB a token is refused,
# and one with 256 orders has 14 kB.
case $target in
  events) longest=65536 ;;
  *) longest=20000 ;;
esac
options=("-dict=$fuzz/dictionaries/$target" "-artifact_prefix=$fuzz/artifacts/$target/" -timeout=10 "-max_len=$longest")
case ${2-} in
  "") ;;
  *[!0-9]*) inputs=("$2") ;;
  *) options+=("-max_total_time=$2") ;;
esac

# The compiler counts which code an input reaches, as `cargo fuzz run --sanitizer none` has it. Build scripts and macros
# are not counted: hence a target of its own name, although it is this computer's.
case $(uname -s) in
  Darwin) host=$(uname -m | sed s/arm64/aarch64/)-apple-darwin ;;
  *) host=$(uname -m)-unknown-linux-gnu ;;
esac
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0"
cargo run --quiet --locked --profile fuzz --manifest-path "$fuzz/Cargo.toml" --target-dir target/fuzz --target "$host" \
  --bin "$target" -- "${options[@]}" "${inputs[@]}"
