#!/usr/bin/env bash
# Runs a function's image without a container engine: its files as the root directory, its user, its entry point.
# Usage: scripts/run-image.sh FUNCTION
#   FUNCTION  signup, sso-login, …, which scripts/build-images.sh has built
# Variables: the function gets all of this script's environment. functions/FUNCTION/README.md has the table of them;
# without one that it needs, it names all that are missing and ends with 64. PORT is where it listens (default 8080).
# Example:
#   scripts/build-images.sh --quick signup
#   PORT=8081 scripts/run-image.sh signup          names the variables that signup needs
#   set -a; . ./signup.env; scripts/run-image.sh signup          runs it with those in a file of yours
# Ctrl-C ends it, as Cloud Run does: what is under way is finished. Needs python3, and root or user namespaces for
# everybody. Nothing else of this machine is to be seen in it but /etc/hosts and /etc/resolv.conf, which every platform
# adds, and the network.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/command-line.sh
source scripts/command-line.sh

function=
for argument in "$@"; do
  case $argument in
    -h | --help) usage; exit 0 ;;
    -*) unknown_argument "$argument" ;;
    *)
      [ -z "$function" ] || unknown_argument "$argument"
      function=$argument
      ;;
  esac
done
[ -n "$function" ] || wrong_arguments
need python3
end_if_missing
layout=target/images/$function
if [ ! -f "$layout/index.json" ]; then
  echo "There is no image of $function. To build it: scripts/build-images.sh $function" >&2
  exit 1
fi

root=$(mktemp --directory "$layout.XXXXXX")
trap 'rm -rf "$root"' EXIT

# Nothing but the function is a child of this script when it starts: who looks for its process finds one.
unpacked=$(python3 scripts/oci-layout.py unpack "$layout" "$root")
read -r -a image <<< "$unpacked"
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
