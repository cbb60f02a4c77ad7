//! `scripts/pin.sh`: what it writes where the registries are reached, and that it writes nothing else.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::stand_ins::{Computer, Ended};

const DOCKERFILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../Dockerfile");

/// A list of an image's platforms.
const PLATFORMS: &str = r#"{"schemaVersion": 2, "manifests": []}"#;

/// Its SHA-256.
const DIGEST: &str = "0a4be3fb1364bd1528d01ef54e2d12aa989d343f6f2fbe996e150a28e2b4a580";

/// A port where nobody answers.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it has one").to_string()
}

/// A registry that gives a token for reading to everybody, and this manifest to whoever has it.
fn registry(manifest: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let host = listener.local_addr().expect("it has one").to_string();
    let own = host.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.expect("somebody connects"), &own, manifest);
        }
    });
    host
}

fn answer(mut stream: TcpStream, host: &str, manifest: &str) {
    let lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
    let lines = lines.map_while(Result::ok);
    let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    let path = head[0].split(' ').nth(1).expect("a request");
    let has_token = head
        .iter()
        .any(|line| line == "Authorization: Bearer given");
    let (status, header, body) = match path {
        "/token?service=images&scope=repository%3Alibrary%2Frust%3Apull" => {
            ("200 OK", String::new(), r#"{"token": "given"}"#)
        }
        "/v2/library/rust/manifests/1.95.0-bookworm" if has_token => {
            ("200 OK", String::new(), manifest)
        }
        "/v2/library/rust/manifests/1.95.0-bookworm" => {
            let challenge = format!(
                "WWW-Authenticate: Bearer realm=\"http://{host}/token\",service=\"images\",\
                 scope=\"repository:library/rust:pull\"\r\n"
            );
            ("401 Unauthorized", challenge, "{}")
        }
        _ => ("404 Not Found", String::new(), "{}"),
    };
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{header}");
    let answer = format!("{head}\r\n{body}");
    stream.write_all(answer.as_bytes()).expect("it listens");
}

fn computer(test: &str) -> Computer {
    let computer = Computer::with(test, &["terraform"]);
    let dockerfile = std::fs::read_to_string(DOCKERFILE).expect("there is a Dockerfile");
    computer.put("functions/Dockerfile", &unpinned(&dockerfile));
    computer
}

/// As it is before anything was pinned.
fn unpinned(dockerfile: &str) -> String {
    let lines = dockerfile.lines().map(|line| {
        if line.starts_with("ARG RUST_DIGEST=") {
            "ARG RUST_DIGEST="
        } else if line.starts_with("ARG RUST=") {
            "ARG RUST=1.95.0"
        } else {
            line
        }
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn pin(computer: &Computer, arguments: &[&str], registry: &str) -> Ended {
    computer.run("pin.sh", arguments, &[("IMAGE_REGISTRY", registry)])
}

#[test]
fn where_both_registries_are_reached_both_are_pinned() {
    let computer = computer("pinned");
    let before = computer.read("functions/Dockerfile").expect("it is there");
    let ended = pin(&computer, &[], &registry(PLATFORMS));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let expected = before.replace(
        "\nARG RUST_DIGEST=\n",
        &format!("\nARG RUST_DIGEST=@sha256:{DIGEST}\n"),
    );
    assert_ne!(expected, before);
    assert_eq!(computer.read("functions/Dockerfile"), Some(expected));
    let [get, lock] = computer.called().try_into().expect("two calls");
    assert_eq!(get, "terraform -chdir=terraform get");
    assert!(lock.starts_with("terraform -chdir=terraform providers lock -platform=linux_amd64 "));
}

#[test]
fn what_cannot_be_reached_stays_as_it_is_and_is_named() {
    let computer = computer("unreachable");
    let fails = "echo 'could not connect to registry.terraform.io' >&2; exit 1";
    computer.answer("terraform", fails);
    let before = computer.read("functions/Dockerfile");
    let ended = pin(&computer, &[], &nobody());
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for said in [
        "could not connect to registry.terraform.io\n",
        "registry.terraform.io must be reachable.\n",
        "functions/Dockerfile is as it was: the registry of images must be reachable",
    ] {
        assert!(ended.stderr.contains(said), "{said}: {ended:?}");
    }
    assert_eq!(ended.stdout, "");
    assert_eq!(computer.read("functions/Dockerfile"), before);
}

#[test]
fn one_that_is_unreachable_does_not_keep_the_other_from_being_pinned() {
    let computer = computer("half-reachable");
    computer.answer("terraform", "exit 1");
    let ended = pin(&computer, &[], &registry(PLATFORMS));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let dockerfile = computer.read("functions/Dockerfile").expect("it is there");
    assert!(dockerfile.contains("ARG RUST_DIGEST=@sha256:"));
    // By itself it is no failure.
    let ended = pin(&computer, &["--image"], &registry(PLATFORMS));
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn an_image_that_is_no_list_of_platforms_is_not_pinned() {
    let computer = computer("no-platforms");
    let before = computer.read("functions/Dockerfile");
    let ended = pin(&computer, &["--image"], &registry("{}"));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("no list of platforms"), "{ended:?}");
    assert_eq!(computer.read("functions/Dockerfile"), before);
    assert_eq!(computer.called(), [""; 0]);
}
