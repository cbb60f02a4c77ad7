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

/// A folder with the scripts that push, and the image of one small file as `build-images.sh` leaves it; its digest.
async fn image(test: &str) -> (PathBuf, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let (files, layout) = (folder.join("files"), layout(&folder));
    for inside in [files.join("etc"), folder.join("scripts")] {
        fs::create_dir_all(inside).expect("a folder can be made");
    }
    for script in [
        "command-line.sh",
        "oci-layout.py",
        "push-images.sh",
        "tools.sh",
    ] {
        let from = Path::new(SCRIPTS).join(script);
        fs::copy(from, folder.join("scripts").join(script)).expect("it can be copied");
    }
    fs::write(files.join("function"), "a program").expect("a file can be written");
    fs::write(files.join("etc/roots"), "authorities").expect("a file can be written");
    let output = Command::new(format!("{SCRIPTS}/oci-layout.py"))
        .arg("pack")
        .args([&files, &layout])
        .arg("org.opencontainers.image.revision=v1")
        .env("SOURCE_DATE_EPOCH", "1800000000")
        .output()
        .await
        .expect("the script runs");
    assert!(output.status.success(), "{output:?}");
    let digest = String::from_utf8(output.stdout).expect("UTF-8");
    (folder, digest.trim().to_owned())
}

fn layout(folder: &Path) -> PathBuf {
    folder.join("target/images/signup")
}

/// Pushes with skopeo, which knows this access token.
async fn push(folder: &Path, registry: &Registry, token: &str) -> Output {
    let missing = "missing: skopeo. It pushes images";
    let skopeo = Command::new("skopeo").arg("--version").output().await;
    assert!(skopeo.is_ok(), "{missing}");
    let credentials = folder.join("credentials.json");
    let login = "source scripts/registry-login.sh && registry_login \"$1\" \"$2\"";
    let mut script = Command::new("bash")
        .args(["-c", login, "login", &registry.host])
        .arg(&credentials)
        .current_dir(Path::new(SCRIPTS).join(".."))
        .stdin(Stdio::piped())
        .spawn()
        .expect("bash runs");
    let mut stdin = script.stdin.take().expect("it is piped");
    stdin.write_all(token.as_bytes()).await.expect("it reads");
    drop(stdin);
    assert!(script.wait().await.expect("it ends").success());
    Command::new(folder.join("scripts/push-images.sh"))
        .args([&format!("{}/vendor/portico", registry.host), "signup"])
        .env("REGISTRY_AUTH_FILE", &credentials)
        .output()
        .await
        .expect("the script runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn the_same_files_are_the_same_image_with_any_times() {
    let (folder, first) = image("same-image").await;
    fs::remove_dir_all(folder.join("files")).expect("it is there");
    let (_, second) = image("same-image").await;
    assert_eq!(first, second);
}

#[tokio::test]
async fn an_image_is_named_by_the_digest_under_which_the_registry_has_it() {
    let (folder, digest) = image("pushed-image").await;
    let registry = Registry::start().await;
    let output = push(&folder, &registry, TOKEN).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    let line = format!("signup {}/vendor/portico/signup@{digest}\n", registry.host);
    assert_eq!(text(&output.stdout), line);

    let manifest = registry
        .manifests()
        .remove("signup:v1")
        .expect("it is tagged");
    let blob = layout(&folder).join("blobs").join(digest.replace(':', "/"));
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
    let (folder, _) = image("known-image").await;
    let registry = Registry::start().await;
    push(&folder, &registry, TOKEN).await;
    let before = registry.requests().len();
    assert!(push(&folder, &registry, TOKEN).await.status.success());
    let requests = registry.requests().split_off(before);
    let uploads: Vec<_> = requests
        .iter()
        .filter(|it| it.contains("/blobs/uploads/"))
        .collect();
    assert!(uploads.is_empty(), "{uploads:?}");
    let last = requests.last().map(String::as_str);
    assert_eq!(last, Some("PUT /v2/vendor/portico/signup/manifests/v1"));
}

#[tokio::test]
async fn a_push_that_is_refused_is_reported_without_the_token() {
    let (folder, _) = image("refused-image").await;
    let registry = Registry::start().await;
    let output = push(&folder, &registry, "ya29.of-somebody-else").await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    let said = text(&output.stderr);
    let end = "/vendor/portico/signup could not be pushed, for the reason above.\n";
    assert!(said.ends_with(end), "{said}");
    assert!(said.contains("unauthorized"), "{said}");
    assert!(!said.contains("ya29"), "{said}");
    // It is not asked again.
    assert_eq!(said.matches("level=fatal").count(), 1, "{said}");
}

#[tokio::test]
async fn a_registry_that_fails_for_a_moment_is_asked_again() {
    let (folder, _) = image("again-image").await;
    let registry = Registry::start().await;
    registry.fail_next(StatusCode::SERVICE_UNAVAILABLE);
    let output = push(&folder, &registry, TOKEN).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stderr);
    assert!(said.contains("503"), "{said}");
    assert_eq!(registry.manifests().len(), 1);
}
