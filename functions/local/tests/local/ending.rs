//! The end, by Ctrl-C.

use std::process::Stdio;
use std::time::Duration;

use reqwest::Client;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn ctrl_c_is_no_error_also_while_a_page_waits_for_a_change() {
    let mut local = Command::new(env!("CARGO_BIN_EXE_local"))
        .env_clear()
        .envs([("PORT", "0"), ("MARKETPLACE_PORT", "0")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the binary runs");
    let stdout = local.stdout.take().expect("it is piped");
    let mut lines = BufReader::new(stdout).lines();
    let marketplace = loop {
        let line = lines.next_line().await.expect("it can be read");
        let line = line.expect("it is up before it ends");
        if let Some(address) = line.trim().strip_prefix("Open ") {
            break address.trim().to_owned();
        }
    };

    function_runtime::start::install_crypto_provider();
    let client = Client::builder().build().expect("a client");
    let page = format!("{marketplace}new");
    let answer = client.get(&page).send().await.expect("it answers");
    let tag = answer
        .headers()
        .get("etag")
        .expect("a page has one")
        .clone();
    let waiting = client
        .get(&page)
        .header("if-none-match", tag)
        .header("prefer", "wait");
    let waiting = tokio::spawn(waiting.send());
    tokio::task::yield_now().await;

    let id = local.id().expect("it runs").to_string();
    let killed = Command::new("kill").args(["-INT", &id]).status().await;
    assert!(killed.expect("kill runs").success());
    let ended = timeout(SOON, local.wait()).await.expect("it ends soon");
    assert_eq!(ended.expect("it ran").code(), Some(0));
    let mut rest = String::new();
    while let Some(line) = lines.next_line().await.expect("it can be read") {
        rest.push_str(&line);
    }
    let mut stderr = local.stderr.take().expect("it is piped");
    stderr.read_to_string(&mut rest).await.expect("it is text");
    for word in ["ERROR", "WARN"] {
        assert!(!rest.contains(word), "{rest}");
    }
    drop(waiting);
}
