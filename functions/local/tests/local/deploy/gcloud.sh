#!/usr/bin/env bash
# In gcloud's place: logs what it is asked, and answers a token.
set -euo pipefail
here=$(dirname "$0")/..

echo "gcloud $*" >>"$here/log"
cat "$here/answers/token"
