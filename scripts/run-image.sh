#!/usr/bin/env bash
# Runs a function's image without a container engine: its files as the root directory, its user, its
# entry point, this script's environment. Usage: scripts/run-image.sh FUNCTION
# FUNCTION has been built by scripts/build-images.sh. Needs root, or user namespaces for everybody.
# Nothing else of this machine is to be seen but /etc/hosts and /etc/resolv.conf, which every platform
# adds, and the network.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh

case ${1:-} in
  -h | --help) usage; exit 0 ;;
  -*) unknown_argument "$1" ;;
  "") wrong_arguments ;;
esac
[ "$#" -eq 1 ] || unknown_argument "$2"
need python3
end_if_missing
layout=target/images/$1
if [ ! -f "$layout/index.json" ]; then
  echo "There is no image of $1. To build it: scripts/build-images.sh $1" >&2
  exit 1
fi

root=$(mktemp --directory "$layout.XXXXXX")
trap 'rm -rf "$root"' EXIT

read -r -a image < <(python3 scripts/oci-layout.py unpack "$layout" "$root")
user=${image[0]}
chmod 0755 "$root"
cp --dereference /etc/hosts /etc/resolv.conf "$root/etc/"

# A user namespace has one user, so there it is the image's from the start.
isolated=(unshare "--map-user=${user%:*}" "--map-group=${user#*:}" "--root=$root" --)
if [ "$(id -u)" -eq 0 ]; then
  isolated=(chroot "--userspec=$user" "$root")
elif ! unshare --map-user=1 --map-group=1 true 2>/dev/null; then
  echo "missing: root, or user namespaces for everybody. Run this as root, or as root: sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0 user.max_user_namespaces=10000 (those that your kernel has)." >&2
  exit 1
fi

asked_to_end=
trap 'asked_to_end=yes; kill -TERM "$running"' TERM INT
"${isolated[@]}" "${image[@]:1}" &
running=$!
code=0
wait "$running" || code=$?
if [ -n "$asked_to_end" ]; then
  # The signal ended the first wait; this one is for the function, which drains.
  code=0
  wait "$running" || code=$?
fi
exit "$code"
