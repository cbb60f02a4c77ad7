#!/usr/bin/env bash
# In sleep's place, so that no test waits: logs for how long it would.
echo "sleep $*" >>"$(dirname "$0")/../log"
