#!/usr/bin/env bash
# In gcloud's place: logs what it is asked, answers a token, and has a build in the cloud end as the files in answers/ say.
set -euo pipefail
here=$(dirname "$0")/..
answers=$here/answers

sed -E 's|[^ =]*/target/deploy\.[^/]*/|WORK/|' <<<"gcloud $*" >>"$here/log"
case "$1 $2" in
  "auth print-access-token") cat "$answers/token" ;;
  "services enable") ;;
  "builds submit")
    tar -tzf "$3" >"$here/sent"
    echo build-1
    ;;
  "builds describe")
    case $* in
      *"value(status)"*)
        # The next one each time.
        head -n 1 "$answers/build.statuses"
        sed -i 1d "$answers/build.statuses"
        ;;
      *) base64 "$answers/build.output" ;;
    esac
    ;;
  *) exit 70 ;;
esac
