#!/usr/bin/env bash
# Collects the files of a release in target/release-files, of what build-images.sh and build-programs.sh made.
# Usage: scripts/release-files.sh [--quick] REGISTRY VERSION
#   REGISTRY  where push-images.sh puts the images, such as ghcr.io/example/portico
#   VERSION   the release's name, such as v1.2.3
#   --quick   the builds were quick ones, which have no lists of crates: no bills of materials
# The files:
#   PROGRAM-linux-x86_64     a static program
#   NAME.cdx.json            what a program or image is made of (SBOM)
#   release.json             the images' digests, as Terraform's module reads them
#   portico-terraform.tar.gz terraform/ of this version, with release.json in its place, and the scripts that go with it
#   images.sha256            the same digests in the form of SHA256SUMS, for the images' attestation
#   SHA256SUMS               of all files but itself
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh

FILES=target/release-files
# What terraform/README.md uses where there is no checkout.
WITH_TERRAFORM=(scripts/smoke.sh scripts/explain-failure.py scripts/known_failures.py scripts/pin.sh scripts/command-line.sh
  scripts/tools.sh)
quick=no
arguments=()
for argument in "$@"; do
  case $argument in
    --quick) quick=yes ;;
    -h | --help) usage; exit 0 ;;
    -*) unknown_argument "$argument" ;;
    *) arguments+=("$argument") ;;
  esac
done
[ "${#arguments[@]}" -eq 2 ] || wrong_arguments
registry=${arguments[0]} version=${arguments[1]}

need git gzip python3
end_if_missing

rm -rf "$FILES"
mkdir -p "$FILES"

# bill NAME CRATES: the bill of materials, of a list that must be there.
bill() {
  [ "$quick" = no ] || return 0
  if [ ! -f "$2" ]; then
    echo "$2 is missing: $1 was built without cargo-auditable, or quickly." >&2
    exit 1
  fi
  python3 scripts/sbom.py "$1" "$version" "$2" >"$FILES/$1.cdx.json"
}

for layout in target/images/*/index.json; do
  layout=$(dirname "$layout")
  function=$(basename "$layout")
  bill "$function" "$layout.crates.json"
  printf '%s  %s\n' "$(python3 scripts/oci-layout.py digest "$layout" | cut -d : -f 2)" "$registry/$function" >>"$FILES/images.sha256"
done

for program in target/programs/*; do
  case $program in *.json) continue ;; esac
  bill "$(basename "$program")" "$program.crates.json"
  cp "$program" "$FILES/$(basename "$program")-linux-x86_64"
done

python3 - "$registry" "$FILES" <<'PYTHON'
import json, pathlib, sys
registry, files = sys.argv[1], pathlib.Path(sys.argv[2])
lines = [line.split() for line in (files / "images.sha256").read_text().splitlines()]
digests = {image.removeprefix(registry + "/"): f"sha256:{digest}" for digest, image in lines}
(files / "release.json").write_text(json.dumps({"registry": registry, "digests": digests}, indent=2, sort_keys=True) + "\n")
PYTHON

# Of one order, of no one and of the commit's time, so that the same commit gives the same bytes.
tree=$(mktemp --directory)
trap 'rm -rf "$tree"' EXIT
git archive HEAD terraform "${WITH_TERRAFORM[@]}" | tar -xf - -C "$tree"
cp "$FILES/release.json" "$tree/terraform/modules/portico/release.json"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git show --no-patch --format=%ct HEAD)" \
  -cf - -C "$tree" . | gzip -n >"$FILES/portico-terraform.tar.gz"

(cd "$FILES" && sha256sum -- * >SHA256SUMS.new && mv SHA256SUMS.new SHA256SUMS)
echo "$FILES:"
cat "$FILES/SHA256SUMS"
