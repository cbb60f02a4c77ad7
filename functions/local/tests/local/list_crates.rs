//! The list of crates in a released program: how it gets in, and how it is read.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::stand_ins::{Computer, Ended};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/list-crates.py");

/// What cargo-auditable writes, as far as anybody here reads it.
const LIST: &str =
    r#"{"packages":[{"name":"signup","version":"0.1.0","source":"local","root":true}]}"#;

const AUDITABLE: &str = "target/tools/cargo-auditable-";

/// A computer that can lay out an image's files: `install` does nothing.
fn computer(test: &str) -> Computer {
    let computer = Computer::with(test, &["cargo", "cc", "realpath", "install"]);
    computer.answer("realpath", "echo /cargo");
    computer.put("certificates", "authorities");
    computer
}

fn lay_out(computer: &Computer, profile: &str) -> Ended {
    let env = [("CA_CERTIFICATES", "certificates"), ("HOME", "/home")];
    computer.run("image-files.sh", &["signup", "files", profile], &env)
}

/// How Cargo was called, without what follows the profile.
fn cargo_calls(computer: &Computer) -> Vec<String> {
    let calls = computer.called().into_iter();
    let calls = calls.filter(|call| call.starts_with("cargo "));
    calls
        .map(|call| {
            call.split(" --target ")
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

#[test]
fn a_release_lists_its_crates() {
    let computer = computer("audited");
    let ended = lay_out(&computer, "release");
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let [install, build] = cargo_calls(&computer).try_into().expect("two calls");
    let pinned = "cargo install --quiet --locked cargo-auditable@";
    assert!(install.starts_with(pinned), "{install}");
    assert!(
        install.contains(&format!(" --root {AUDITABLE}")),
        "{install}"
    );
    assert_eq!(build, "cargo auditable rustc --locked --profile release");
}

#[test]
fn without_a_registry_a_release_says_that_it_lists_nothing() {
    let computer = computer("unaudited");
    computer.answer("cargo", "[ \"$1\" != install ] || exit 101");
    let ended = lay_out(&computer, "release");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let said = "signup will not list its crates: cargo-auditable cannot be installed.";
    assert!(ended.stderr.starts_with(said), "{ended:?}");
    let build = cargo_calls(&computer).pop();
    let expected = "cargo rustc --locked --profile release";
    assert_eq!(build.as_deref(), Some(expected));
}

#[test]
fn a_build_for_checks_needs_no_further_tool() {
    let computer = computer("quick");
    let ended = lay_out(&computer, "quick");
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let expected = ["cargo rustc --locked --profile quick"];
    assert_eq!(cargo_calls(&computer), expected);
}

/// `text` in zlib's format, as it is. Shorter than 64 KiB.
fn stored(text: &[u8]) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("it is short");
    let mut packed = vec![0x78, 0x01, 0x01];
    packed.extend(length.to_le_bytes());
    packed.extend((!length).to_le_bytes());
    packed.extend(text);
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in text {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    packed.extend(((b << 16) | a).to_be_bytes());
    packed
}

/// A program without any code: two sections, of which the first has the names.
fn program(section: &str, content: &[u8]) -> Vec<u8> {
    const HEAD: usize = 64;
    let names = format!("\0{section}\0");
    let names_at = HEAD + content.len();
    let table = u64::try_from(names_at + names.len()).expect("it is short");
    let mut program = b"\x7fELF\x02\x01".to_vec();
    program.resize(0x28, 0);
    program.extend(table.to_le_bytes());
    program.resize(0x3A, 0);
    for number in [64_u16, 2, 0] {
        program.extend(number.to_le_bytes());
    }
    program.extend(content);
    program.extend(names.as_bytes());
    for (name, at, length) in [(0_u32, names_at, names.len()), (1, HEAD, content.len())] {
        program.extend(name.to_le_bytes());
        program.extend([0; 20]);
        for number in [at, length] {
            let number = u64::try_from(number).expect("it is short");
            program.extend(number.to_le_bytes());
        }
        program.extend([0; 24]);
    }
    program
}

fn list(test: &str, program: &[u8]) -> Ended {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("program-{test}"));
    fs::write(&path, program).expect("it can be written");
    let output = Command::new(SCRIPT).arg(&path).output();
    Ended::from(output.expect("the script runs"))
}

#[test]
fn the_list_of_a_program_is_printed() {
    let ended = list("listed", &program(".dep-v0", &stored(LIST.as_bytes())));
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let printed: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let expected: serde_json::Value = serde_json::from_str(LIST).expect("JSON");
    assert_eq!(printed, expected);
}

#[test]
fn a_program_without_a_list_is_told_from_one_with_a_broken_one() {
    let other = program(".text", b"");
    let broken = program(".dep-v0", b"no list");
    for (test, program, said) in [
        (
            "other",
            other.as_slice(),
            "it was built without cargo-auditable",
        ),
        ("broken", broken.as_slice(), "its list cannot be read: "),
        ("cut", &other[..100], "its list cannot be read: "),
        ("script", &b"#!/bin/sh"[..], "it is no 64-bit Linux program"),
    ] {
        let ended = list(test, program);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{test}");
        assert!(ended.stderr.contains(said), "{ended:?}");
    }
}
