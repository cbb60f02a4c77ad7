//! `scripts/dev.sh` with another application than the demo application.

use std::net::{TcpListener, TcpStream};

use crate::stand_ins::Computer;

/// What `cargo run` does here: says what it was given.
const SAYS: &str = "[ \"$1\" = build ] || \
    echo \"$APPLICATION_URL, written to ${APPLICATION_ENVIRONMENT_FILE##*/target/}\"";

/// What it does where there is an example: writes the file, and ends when the example listens.
const WAITS: &str = r#"
[ "$1" = run ] || exit 0
echo "export PORTICO_URL=http://localhost:8080" >"$APPLICATION_ENVIRONMENT_FILE"
for ((i = 0; i < 5000; i++)); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$EXAMPLE_PORT") 2>/dev/null; then exit 0; fi
done
exit 1
"#;

/// The place of Node.js, and of the example that runs in it.
const NODE: &str = r#"
case $1 in
  --print) echo true ;;
  *)
    echo "$PORTICO_URL" >target/dev/seen
    exec python3 -m http.server "$PORT" --bind 127.0.0.1
    ;;
esac
"#;

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

#[test]
fn an_application_of_one_s_own_is_named() {
    let computer = Computer::with("own", &["cargo", "cc"]);
    computer.answer("cargo", SAYS);
    let app = "http://127.0.0.1:3000";
    let said = format!("{app}, written to dev/application.env\n");
    for arguments in [&["--app", app][..], &["--app=http://127.0.0.1:3000"]] {
        let ended = computer.run("dev.sh", arguments, &[]);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        assert!(ended.stdout.ends_with(&said), "{ended:?}");
    }
    let ended = computer.run("dev.sh", &[], &[("APPLICATION_URL", app)]);
    assert!(ended.stdout.ends_with(&said), "{ended:?}");
    let ended = computer.run("dev.sh", &[], &[]);
    assert!(ended.stdout.ends_with(", written to \n"), "{ended:?}");
}

#[test]
fn an_argument_that_is_missing_unknown_or_too_much_is_refused() {
    let computer = Computer::with("refused-application", &["cargo", "cc"]);
    for arguments in [
        &["--app"][..],
        &["--app="],
        &["--example"],
        &["--example", "ruby"],
        &["--example="],
        &["--example", "node", "--app", "http://127.0.0.1:3000"],
    ] {
        let ended = computer.run("dev.sh", arguments, &[]);
        assert_eq!(ended.code, Some(64), "{arguments:?}: {ended:?}");
        assert!(ended.stderr.contains("Usage: scripts/dev.sh"), "{ended:?}");
    }
    let ended = computer.run("dev.sh", &["--example", "ruby"], &[]);
    assert!(
        ended.stderr.starts_with("unknown argument: ruby\n"),
        "{ended:?}"
    );
    assert_eq!(computer.called(), [""; 0]);
}

#[test]
fn an_example_starts_beside_portico_and_ends_with_it() {
    let commands = ["cargo", "cc", "node", "npm", "sleep"];
    let computer = Computer::with("example", &commands);
    computer.answer("cargo", WAITS);
    computer.answer("node", NODE);
    computer.put(
        "scripts/install-examples.sh",
        "#!/usr/bin/env bash\nexit 0\n",
    );
    let port = free_port();
    let env = [("EXAMPLE_PORT", port.to_string())];
    let env = env.each_ref().map(|(name, value)| (*name, value.as_str()));
    let ended = computer.run("dev.sh", &["--example", "node"], &env);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let seen = computer.read("target/dev/seen");
    assert_eq!(seen.as_deref(), Some("http://localhost:8080\n"));
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_port_of_the_example_that_is_taken_is_named_with_its_variable() {
    let computer = Computer::with("example-port", &["cargo", "cc", "node", "npm"]);
    computer.answer("node", NODE);
    computer.put(
        "scripts/install-examples.sh",
        "#!/usr/bin/env bash\nexit 0\n",
    );
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken.local_addr().expect("it has an address").port();
    let env = [("EXAMPLE_PORT", port.to_string())];
    let env = env.each_ref().map(|(name, value)| (*name, value.as_str()));
    let ended = computer.run("dev.sh", &["--example", "node"], &env);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let expected =
        format!("port {port} is taken; choose another one for the example with EXAMPLE_PORT\n");
    assert_eq!(ended.stderr, expected);
}

#[test]
fn a_port_of_the_example_that_is_portico_s_or_none_is_refused_before_anything_is_compiled() {
    let computer = Computer::with("example-port-of-portico", &["cargo", "cc", "node", "npm"]);
    computer.answer("node", NODE);
    for port in ["8080", "9090", "abc"] {
        let ended = computer.run("dev.sh", &["--example", "node"], &[("EXAMPLE_PORT", port)]);
        assert_eq!(ended.code, Some(64), "{port}: {ended:?}");
        assert_eq!(
            ended.stderr,
            "EXAMPLE_PORT must be a port of its own, such as 3000\n"
        );
    }
    assert!(!computer.called().iter().any(|call| call.contains("build")));
}

#[test]
fn what_is_meant_for_an_application_of_one_s_own_reaches_no_other() {
    let computer = Computer::with("emulator-of-another", &["cargo", "cc"]);
    computer.answer(
        "cargo",
        "[ \"$1\" = build ] || echo \"emulator ${PUBSUB_EMULATOR_HOST:-none}\"",
    );
    let emulator = ("PUBSUB_EMULATOR_HOST", "127.0.0.1:8085");
    let app = ("APPLICATION_URL", "http://127.0.0.1:3000");
    for (env, said) in [
        (&[emulator][..], "emulator none\n"),
        (&[emulator, app], "emulator 127.0.0.1:8085\n"),
    ] {
        let ended = computer.run("dev.sh", &[], env);
        assert!(ended.stdout.ends_with(said), "{ended:?}");
    }
}

#[test]
fn a_second_start_that_fails_leaves_what_the_first_has_written() {
    let computer = Computer::with("second-start", &["cargo", "cc"]);
    computer.put("target/dev/application.env", "export PORTICO_URL=first\n");
    computer.answer("cargo", "[ \"$1\" = build ] || exit 1");
    let ended = computer.run("dev.sh", &["--app", "http://127.0.0.1:3000"], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let written = computer.read("target/dev/application.env");
    assert_eq!(written.as_deref(), Some("export PORTICO_URL=first\n"));
}

#[test]
fn a_signal_to_the_script_alone_ends_portico_in_order() {
    let computer = Computer::with("signal", &["cargo", "cc"]);
    computer.answer(
        "cargo",
        r#"
[ "$1" = run ] || exit 0
trap 'echo ended >target/dev/seen; exit 3' TERM
kill -TERM "$PPID"
while :; do :; done
"#,
    );
    let ended = computer.run("dev.sh", &[], &[]);
    assert_eq!(ended.code, Some(3), "{ended:?}");
    let seen = computer.read("target/dev/seen");
    assert_eq!(seen.as_deref(), Some("ended\n"));
}
