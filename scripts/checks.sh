#!/usr/bin/env bash
# Sourced, not run: the steps of scripts/check.sh, one function each, and the tools that each needs.

# shellcheck source=scripts/firestore-emulator.sh
source scripts/firestore-emulator.sh
# shellcheck source=scripts/pubsub-emulator.sh
source scripts/pubsub-emulator.sh

CARGO_DENY_VERSION=0.20.2
CARGO_DENY=target/tools/bin/cargo-deny
# Of the tests, those that need one of these are left out where it is missing.
OPTIONAL=(firestore-emulator pubsub-emulator chromedriver python-example node-example signup-image isolation skopeo)

# The tools without which a step cannot run.
needed_by() {
  case $1 in
    scripts) echo shellcheck ;;
    workflows) echo venv ;;
    terraform) echo terraform python3 ;;
    operations) echo terraform python3 ;;
    image) echo cc git gzip python3 ;;
    tests) echo cc python3 ;;
    lints | documentation | dependencies | fuzz | unit-tests | advisories) echo cc ;;
  esac
}

# The tools without which a part of a step cannot run.
used_by() {
  case $1 in
    examples) echo python3 venv node npm ;;
    operations) echo promtool ;;
    tests) echo java curl chromedriver node skopeo ;;
  esac
}

check_formatting() { cargo fmt --all --check; }

check_scripts() { shellcheck --external-sources scripts/*.sh functions/local/tests/local/*/*.sh .ci/run; }

check_workflows() {
  local tools=target/tools/workflows
  if ! cmp --silent scripts/workflow-tools.txt "$tools/installed.txt"; then
    if ! { python3 -m venv --clear "$tools" &&
      "$tools/bin/pip" install --quiet --disable-pip-version-check --requirement scripts/workflow-tools.txt; }; then
      left_out workflows downloads
      return
    fi
    cp scripts/workflow-tools.txt "$tools/installed.txt"
  fi
  "$tools/bin/check-jsonschema" --builtin-schema vendor.github-workflows .github/workflows/*.yml
  "$tools/bin/check-jsonschema" --builtin-schema vendor.dependabot .github/dependabot.yml
  "$tools/bin/zizmor" --offline --quiet --strict-collection --persona=pedantic .github
}

# The root, the module that it calls, and what calls the module in other ways.
configurations() {
  local file
  printf '%s\n' terraform terraform/modules/portico
  for file in terraform/examples/*/versions.tf; do
    [ ! -e "$file" ] || dirname "$file"
  done
}

terraform_in() { "$(name_of terraform)" -chdir="$1" "${@:2}"; }

check_terraform() {
  local folders folder
  terraform_in terraform fmt -check -recursive
  mapfile -t folders < <(configurations)
  for folder in "${folders[@]}"; do
    init_terraform "$folder" "terraform validate and test" || return 0
    # The module, one of whose providers is its caller's, is validated with the root; examples are planned by their tests.
    [ "$folder" != terraform ] || terraform_in "$folder" validate
    terraform_in "$folder" test
  done
  terraform_in terraform graph | scripts/terraform-graph.py
}

# init_terraform FOLDER WHAT: notes WHAT as left out where the registry of providers does not answer.
init_terraform() {
  local log=target/check/terraform-init.log
  # Each provider is downloaded once for all of them. None has a lock file here.
  export TF_PLUGIN_CACHE_DIR=$PWD/target/check/terraform TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE=true
  mkdir -p "$TF_PLUGIN_CACHE_DIR"
  terraform_in "$1" init -no-color -backend=false -input=false >"$log" 2>&1 && return
  cat "$log" >&2
  # In one line, what it says where its registry of providers does not answer.
  tr -cs '[:alnum:].:' ' ' <"$log" | grep -qE 'could not (connect to|query provider registry)' || exit 1
  left_out "$2" terraform-registry
  return 1
}

# The table of costs; and the queries of alerts and charts and the log filters, as Terraform renders them.
check_operations() {
  local module=terraform/modules/portico rendered=target/check/rendered.jsonl
  scripts/costs.py --check terraform/costs.md
  init_terraform "$module" "alerts and log filters" || return 0
  terraform_in "$module" test -json -verbose -filter=tests/rendered.tftest.hcl >"$rendered" || { tail -n 3 "$rendered" >&2; exit 1; }
  if has promtool; then
    scripts/test-alerts.py "$rendered" target/check/alerts
  else
    left_out "the alerts' queries" promtool
  fi
  if has log-lines; then
    scripts/test-log-filters.py "$rendered" "$LOG_LINES"
  else
    left_out "log filters" log-lines
  fi
}

check_lints() { cargo clippy --workspace --all-targets --all-features --locked -- -D warnings; }

check_documentation() { RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet; }

install_cargo_deny() {
  "$CARGO_DENY" --version 2>/dev/null | grep -q " $CARGO_DENY_VERSION$" ||
    cargo install --quiet --locked "cargo-deny@$CARGO_DENY_VERSION" --root target/tools
}

check_dependencies() {
  install_cargo_deny || { left_out dependencies downloads; return; }
  "$CARGO_DENY" --log-level warn --offline --locked --config .deny.toml check bans licenses sources
}

check_advisories() {
  install_cargo_deny
  "$CARGO_DENY" --log-level warn --locked --config .deny.toml check advisories
}

check_fuzz() { cargo check --quiet --locked --manifest-path shared/verification/fuzz/Cargo.toml --target-dir target; }

check_examples() {
  local tool
  check_news_examples
  if has venv; then scripts/install-examples.sh python; else left_out "the Python example" venv; fi
  for tool in node npm; do
    has "$tool" || { left_out "the Node.js example" "$tool"; return; }
  done
  scripts/install-examples.sh node
}

# Those for news need nothing else, so they are tested here; the hand-off's are tested with Portico, by `tests`.
check_news_examples() {
  local news=shared/outbox/examples
  if has python3; then
    python3 -B -m unittest discover --quiet --start-directory "$news/python"
  else
    left_out "the news example in Python" python3
  fi
  if has node; then
    node --test --test-reporter=spec "$news/node/portico-news.test.js"
  else
    left_out "the news example in Node.js" node
  fi
}

# What a release is made by, of one image and one program.
check_image() {
  scripts/build-images.sh --quick signup
  scripts/build-programs.sh --quick operator
  scripts/release-files.sh --quick ghcr.io/example/portico v0.0.0
}

# Those that need the emulator belong to the step `tests`, which starts it.
check_unit_tests() {
  cargo test --workspace --lib --bins --all-features --locked --no-fail-fast -- --skip tests::in_emulator::
}

check_tests() {
  local tool without=()
  trap 'stop_firestore_emulator; stop_pubsub_emulator' EXIT
  unset FIRESTORE_EMULATOR_HOST PUBSUB_EMULATOR_HOST
  for tool in "${OPTIONAL[@]}"; do
    has "$tool" || without+=("$tool")
  done
  rm -rf "$LOG_LINES"
  mkdir -p "$LOG_LINES"
  export COLLECTED_LOG_LINES=$PWD/$LOG_LINES
  ! has firestore-emulator || start_firestore_emulator "$PWD/target/check/firestore-emulator.log"
  ! has pubsub-emulator || start_pubsub_emulator "$PWD/target/check/pubsub-emulator.log"
  node_18_options
  scripts/run-tests.py "$LEFT_OUT" "${without[@]}"
}
