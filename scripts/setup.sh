#!/usr/bin/env bash
# Sourced, not run: set_up installs the tools that are missing and that Debian or Ubuntu has.

# set_up YES TOOL…: as root, or where YES is `yes`, without asking; else it asks once at a terminal. What it
# cannot install stays missing: whoever needs it says so.
set_up() {
  local yes=$1 tool absent=()
  shift
  for tool; do
    # Named once, however many steps need it.
    if [[ " ${absent[*]-} " != *" $tool "* ]] && [ -n "$(packages_of "$tool")" ] && ! has "$tool"; then
      absent+=("$tool")
    fi
  done
  [ "${#absent[@]}" -gt 0 ] || return 0
  echo "Missing here: ${absent[*]}."
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "Install by: $(package_advice "${absent[@]}")"
  elif may_install "$yes" "$(package_advice "${absent[@]}")"; then
    install_packages "${absent[@]}"
  fi
}

# Whether packages may be installed; COMMAND is what would be run.
may_install() {
  local yes=$1 command=$2 answer=
  [ "$(id -u)" -ne 0 ] && [ "$yes" = no ] || return 0
  if [ -t 0 ]; then
    read -r -p "Run $command? [y/N] " answer || true
  fi
  case $answer in
    y | Y | yes) ;;
    *) echo "Nothing was installed. To install it: $command"; return 1 ;;
  esac
}

# Each tool by itself: one that this release does not have keeps no other from being installed.
install_packages() {
  local tool packages apt_get=(env DEBIAN_FRONTEND=noninteractive apt-get) sudo=
  if [ "$(id -u)" -ne 0 ]; then
    apt_get=(sudo "${apt_get[@]}")
    sudo="sudo "
  fi
  echo "Reading the package lists: ${sudo}apt-get update"
  "${apt_get[@]}" update -qq </dev/null || echo "The lists could not be read. Is there a network?" >&2
  for tool; do
    read -r -a packages <<<"$(packages_of "$tool")"
    echo "Installing $tool: ${sudo}apt-get install ${packages[*]}"
    "${apt_get[@]}" install -qq --yes --no-install-recommends "${packages[@]}" </dev/null >>"$setup_log" 2>&1 ||
      echo "It could not be installed; the end of $setup_log says why." >&2
  done
}

mkdir -p target
setup_log=target/setup.log
