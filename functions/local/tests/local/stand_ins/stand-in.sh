#!/usr/bin/env bash
# In the place of any command: logs how it was called, and does what answers/COMMAND says, if there is such a file.
here=$(dirname "$0")/..
name=$(basename "$0")

echo "$name $*" >>"$here/log"
if [ -f "$here/answers/$name" ]; then
  # shellcheck source=/dev/null
  source "$here/answers/$name"
fi
