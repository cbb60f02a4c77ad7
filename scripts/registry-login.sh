#!/usr/bin/env bash
# Sourced, not run: lets skopeo push to Google's Artifact Registry.

# registry_login HOST FILE: writes a file of credentials for this host; the access token is read from standard input, so
# that no list of processes shows it.
registry_login() {
  local host=$1 file=$2 token
  read -r token || [ -n "$token" ]
  (
    umask 077
    printf '{"auths": {"%s": {"auth": "%s"}}}\n' "$host" "$(printf 'oauth2accesstoken:%s' "$token" | base64 | tr -d '\n')" >"$file"
  )
}
