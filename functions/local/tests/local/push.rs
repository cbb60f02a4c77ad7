//! Images as files, and their way into a registry.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use reqwest::StatusCode;
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::registry::{Registry, TOKEN};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts");

/// An image of one small file, in a folder of this test's.
async fn image(test: &str) -> (PathBuf, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let (files, layout) = (folder.join("files"), folder.join("layout"));
    fs::create_dir_all(files.join("etc")).expect("a folder can be made");
    fs::write(files.join("function"), "a program").expect("a file can be written");
    fs::write(files.join("etc/roots"), "authorities").expect("a file can be written");
    let output = Command::new(format!("{SCRIPTS}/oci-layout.py"))
        .arg("pack")
        .args([&files, &layout])
        .arg("org.opencontainers.image.version=1")
        .env("SOURCE_DATE_EPOCH", "1800000000")
        .output()
        .await
        .expect("the script runs");
    assert!(output.status.success(), "{output:?}");
    let digest = String::from_utf8(output.stdout).expect("UTF-8");
    (layout, digest.trim().to_owned())
}

async fn push(layout: &Path, registry: &Registry, token: &str) -> Output {
    let mut script = Command::new(format!("{SCRIPTS}/push-image.py"))
        .arg(layout)
        .args([&format!("{}/vendor/portico/signup", registry.host), "v1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the script runs");
    let mut stdin = script.stdin.take().expect("it is piped");
    stdin.write_all(token.as_bytes()).await.expect("it reads");
    drop(stdin);
    script.wait_with_output().await.expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn the_same_files_are_the_same_image_with_any_times() {
    let (layout, first) = image("same-image").await;
    fs::remove_dir_all(layout.with_file_name("files")).expect("it is there");
    let (_, second) = image("same-image").await;
    assert_eq!(first, second);
}

#[tokio::test]
async fn an_image_is_named_by_the_digest_under_which_the_registry_has_it() {
    let (layout, digest) = image("pushed-image").await;
    let registry = Registry::start().await;
    let output = push(&layout, &registry, &format!("{TOKEN}\n")).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    let name = format!("{}/vendor/portico/signup@{digest}\n", registry.host);
    assert_eq!(text(&output.stdout), name);

    let manifest = registry
        .manifests()
        .remove("signup:v1")
        .expect("it is tagged");
    let blob = layout.join("blobs").join(digest.replace(':', "/"));
    assert_eq!(manifest, fs::read(blob).expect("it is there"));
    let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
    let blobs = registry.blobs();
    for part in [&manifest["config"], &manifest["layers"][0]] {
        let digest = part["digest"].as_str().expect("a digest");
        let size = blobs.get(digest).map(|content| content.len() as u64);
        assert_eq!(size, part["size"].as_u64());
    }
}

#[tokio::test]
async fn what_the_registry_has_is_not_sent_again() {
    let (layout, _) = image("known-image").await;
    let registry = Registry::start().await;
    push(&layout, &registry, TOKEN).await;
    let before = registry.requests().len();
    assert!(push(&layout, &registry, TOKEN).await.status.success());
    let requests = registry.requests().split_off(before);
    let methods: Vec<_> = requests
        .iter()
        .filter_map(|it| it.split(' ').next())
        .collect();
    assert_eq!(methods, ["HEAD", "HEAD", "PUT"]);
}

#[tokio::test]
async fn a_push_that_is_refused_is_reported_without_the_token() {
    let (layout, _) = image("refused-image").await;
    let registry = Registry::start().await;
    let output = push(&layout, &registry, "ya29.of-somebody-else").await;
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("was answered 401"), "{said}");
    assert!(!said.contains("ya29"), "{said}");
}

#[tokio::test]
async fn a_registry_cannot_send_the_token_elsewhere() {
    let (layout, _) = image("diverted-image").await;
    let (registry, other) = (Registry::start().await, Registry::start().await);
    registry.send_elsewhere(&format!("http://{}", other.host));
    let output = push(&layout, &registry, TOKEN).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(other.requests(), [""; 0]);
}

#[tokio::test]
async fn a_registry_that_fails_for_a_moment_is_asked_again() {
    let (layout, _) = image("again-image").await;
    let registry = Registry::start().await;
    registry.fail_next(StatusCode::SERVICE_UNAVAILABLE);
    let output = push(&layout, &registry, TOKEN).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stderr);
    assert!(said.contains("was answered 503"), "{said}");
    assert_eq!(registry.manifests().len(), 1);
}
