//! `scripts/dev.sh` on computers that lack something.

use crate::stand_ins::Computer;

#[test]
fn without_rust_it_names_rustup() {
    let computer = Computer::with("rustless", &["cc"]);
    let ended = computer.run("dev.sh", &[], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let expected = "missing: cargo. Install Rust by rustup: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh\n";
    assert_eq!(ended.stderr, expected);
    assert_eq!(ended.stdout, "Portico: looking for what it needs.\n");
}

#[test]
fn with_everything_there_it_says_how_long_compiling_takes_and_starts() {
    let computer = Computer::with("complete", &["cargo", "cc"]);
    let ended = computer.run("dev.sh", &["--auto"], &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert!(
        ended.stdout.contains("about five minutes on two cores"),
        "{ended:?}"
    );
    let called = [
        "cargo build --package local",
        "cargo run --quiet --package local",
    ];
    assert_eq!(computer.called(), called);
}

#[test]
fn root_gets_the_compiler_installed() {
    let computer = Computer::with("root", &["cargo", "apt-get"]);
    computer.answer("id", "echo 0");
    computer.answer(
        "apt-get",
        "[ \"$1\" = update ] || cp \"$0\" \"$here/bin/cc\"",
    );
    let ended = computer.run("dev.sh", &[], &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert!(
        ended
            .stdout
            .contains("Installing cc: apt-get install gcc libc6-dev\n"),
        "{ended:?}"
    );
    let called = [
        "apt-get update -qq",
        "apt-get install -qq --yes --no-install-recommends gcc libc6-dev",
        "cargo build --package local",
        "cargo run --quiet --package local",
    ];
    assert_eq!(computer.called(), called);
}

#[test]
fn anybody_else_says_yes_before_anything_is_installed() {
    let computer = Computer::with("user", &["cargo", "apt-get", "sudo"]);
    computer.answer("sudo", "\"$@\"");
    computer.answer(
        "apt-get",
        "[ \"$1\" = update ] || cp \"$0\" \"$here/bin/cc\"",
    );
    let ended = computer.run("dev.sh", &[], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let expected = "Nothing was installed. To install it: sudo apt-get install gcc libc6-dev\n";
    assert!(ended.stdout.ends_with(expected), "{ended:?}");
    assert_eq!(
        ended.stderr,
        "missing: cc. sudo apt-get install gcc libc6-dev\n"
    );
    assert_eq!(computer.called(), [""; 0]);

    let ended = computer.run("dev.sh", &["--yes"], &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        computer.called()[0],
        "sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq"
    );
}

#[test]
fn where_packages_cannot_be_installed_the_commands_are_named() {
    let computer = Computer::with("elsewhere", &["cargo"]);
    let ended = computer.run("dev.sh", &["--yes"], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let expected = "missing: cc. Debian and Ubuntu: sudo apt-get install gcc libc6-dev. Fedora: sudo dnf install gcc glibc-static.\n";
    assert_eq!(ended.stderr, expected);

    let computer = Computer::with("offline", &["cargo", "apt-get"]);
    computer.answer("id", "echo 0");
    computer.answer("apt-get", "exit 100");
    let ended = computer.run("dev.sh", &[], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let expected = "missing: cc. sudo apt-get install gcc libc6-dev\n";
    assert!(ended.stderr.ends_with(expected), "{ended:?}");
}
