#!/usr/bin/env bash
# Sourced, not run: the tools that the scripts need, whether they are here, and how to install them.

# What the functions logged in the last run of the step `tests`.
LOG_LINES=target/check/log-lines

# The packages of a tool in Debian and Ubuntu; nothing, if only its vendor has it.
packages_of() {
  case $1 in
    cc) echo gcc libc6-dev ;;
    venv) echo python3-venv ;;
    node) echo nodejs ;;
    java) echo default-jre-headless ;;
    chromedriver) echo chromium chromium-driver ;;
    promtool) echo prometheus ;;
    curl | git | gzip | npm | openssl | python3 | shellcheck | skopeo) echo "$1" ;;
  esac
}

# The same in Fedora.
fedora_packages_of() {
  case $1 in
    cc) echo gcc glibc-static ;;
    venv) echo python3 ;;
    node) echo nodejs ;;
    npm) echo nodejs-npm ;;
    java) echo java-latest-openjdk-headless ;;
    chromedriver) echo chromium chromedriver ;;
    promtool) echo golang-github-prometheus ;;
    shellcheck) echo ShellCheck ;;
    *) packages_of "$1" ;;
  esac
}

# The command that messages name: TERRAFORM may name another one for terraform.
name_of() { case $1 in terraform) echo "${TERRAFORM:-terraform}" ;; *) echo "$1" ;; esac; }

has() {
  case $1 in
    venv) python3 -c 'import venv, ensurepip' 2>/dev/null ;;
    node) [ "$(node --print 'process.versions.node.split(".")[0] >= 18' 2>/dev/null)" = true ] ;;
    firestore-emulator) has_emulator cloud-firestore-emulator ;;
    pubsub-emulator) has_emulator pubsub-emulator ;;
    python-example) [ -f target/examples/python/requirements.txt ] ;;
    node-example) has node && [ -f target/examples/node/installed-lock.json ] ;;
    log-lines) compgen -G "$LOG_LINES/*.jsonl" >/dev/null ;;
    signup-image) [ -f target/images/signup/index.json ] ;;
    isolation) [ "$(id -u)" -eq 0 ] || unshare --map-user=1 --map-group=1 true 2>/dev/null ;;
    *) command -v "$(name_of "$1")" >/dev/null 2>&1 ;;
  esac
}

# Node.js 18, which Debian 12 has, knows Web Crypto by this option alone, and tries one address of localhost; later ones
# always do, and try all.
node_18_options() {
  case $(node --version 2>/dev/null) in
    v18.*) export NODE_OPTIONS="--experimental-global-webcrypto --dns-result-order=ipv4first ${NODE_OPTIONS:-}" ;;
  esac
}

has_emulator() {
  has gcloud && has java && has curl &&
    [ -d "$(gcloud info --format='value(installation.sdk_root)' 2>/dev/null)/platform/$1" ]
}

# How to get a tool, in whole sentences or as commands.
advice() {
  case $1 in
    cargo) echo "Install Rust by rustup: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh" ;;
    gcloud) google_cloud_advice google-cloud-cli ;;
    firestore-emulator) google_cloud_advice google-cloud-cli google-cloud-cli-firestore-emulator ;;
    pubsub-emulator) google_cloud_advice google-cloud-cli google-cloud-cli-pubsub-emulator ;;
    terraform) terraform_advice ;;
    terraform-registry) echo "registry.terraform.io must be reachable, or TERRAFORM must name a command that stands in for terraform." ;;
    chromedriver) echo "$(package_advice chromedriver)
  Ubuntu has neither: install Google Chrome, and the chromedriver of its version from https://googlechromelabs.github.io/chrome-for-testing/" ;;
    promtool) echo "$(package_advice promtool)
  The package starts a server too, which is not needed: sudo systemctl disable --now prometheus" ;;
    node) echo "Node.js 18 or newer is needed. $(package_advice node)" ;;
    python-example | node-example) echo "scripts/check.sh --only examples" ;;
    log-lines) echo "scripts/check.sh --only tests --only operations" ;;
    signup-image) echo "scripts/check.sh --only image" ;;
    isolation) echo "The image is started in a root directory of its own: run this as root, or allow user namespaces to everybody." ;;
    downloads) echo "The package registries must be reachable once: crates.io, PyPI and npm's." ;;
    *) package_advice "$1" ;;
  esac
}

# Also for several tools at once.
package_advice() {
  local debian=() fedora=() tool
  for tool; do
    read -r -a more <<<"$(packages_of "$tool")"
    debian+=("${more[@]}")
    read -r -a more <<<"$(fedora_packages_of "$tool")"
    fedora+=("${more[@]}")
  done
  if command -v apt-get >/dev/null 2>&1; then
    echo "sudo apt-get install ${debian[*]}"
  elif command -v dnf >/dev/null 2>&1; then
    echo "sudo dnf install ${fedora[*]}"
  elif [ "$(uname)" = Darwin ] && [ "$*" = cc ]; then
    echo "xcode-select --install"
  elif [ "$(uname)" = Darwin ] && [ "$*" = skopeo ]; then
    echo "brew install skopeo"
  else
    echo "Debian and Ubuntu: sudo apt-get install ${debian[*]}. Fedora: sudo dnf install ${fedora[*]}."
  fi
}

google_cloud_advice() {
  cat <<ADVICE
Google's own packages for Debian and Ubuntu:
    curl https://packages.cloud.google.com/apt/doc/apt-key.gpg | sudo gpg --dearmor -o /usr/share/keyrings/cloud.google.gpg
    echo "deb [signed-by=/usr/share/keyrings/cloud.google.gpg] https://packages.cloud.google.com/apt cloud-sdk main" | sudo tee /etc/apt/sources.list.d/google-cloud-sdk.list
    sudo apt-get update && sudo apt-get install $* default-jre-headless
  The emulators need Java: 17 suffices for those of gcloud 528, and newer ones want 21.
ADVICE
}

terraform_advice() {
  cat <<'ADVICE'
Terraform 1.9 or newer is needed. HashiCorp's own packages for Debian and Ubuntu:
    curl https://apt.releases.hashicorp.com/gpg | sudo gpg --dearmor -o /usr/share/keyrings/hashicorp-archive-keyring.gpg
    echo "deb [signed-by=/usr/share/keyrings/hashicorp-archive-keyring.gpg] https://apt.releases.hashicorp.com $(. /etc/os-release && echo "$VERSION_CODENAME") main" | sudo tee /etc/apt/sources.list.d/hashicorp.list
    sudo apt-get update && sudo apt-get install terraform
  TERRAFORM may name another command instead.
ADVICE
}
