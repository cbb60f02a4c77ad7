//! A checkout with the real `scripts/deploy.sh`, and stand-ins for every program that it calls.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::registry::TOKEN;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts");

/// Where images are pushed to.
pub(super) const REGISTRY: &str = "europe-west1-docker.pkg.dev/vendor-marketplace/portico";

/// Longer than any run takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// Folders of a test, which go with it.
pub(super) struct Workplace {
    folder: PathBuf,
}

pub(super) struct Ended {
    /// The exit code; none after a signal.
    pub(super) code: Option<i32>,
    pub(super) said: String,
    pub(super) complained: String,
}

impl Ended {
    #[track_caller]
    pub(super) fn assert_good(&self) {
        assert_eq!(self.code, Some(0), "{}", self.complained);
    }

    #[track_caller]
    pub(super) fn assert_said(&self, text: &str) {
        assert!(self.said.contains(text), "{}", self.said);
    }

    #[track_caller]
    pub(super) fn assert_complained(&self, text: &str) {
        assert!(self.complained.contains(text), "{}", self.complained);
    }
}

impl Workplace {
    pub(super) fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("deploy-{test}"));
        // A run that was killed left it.
        _ = fs::remove_dir_all(&folder);
        for name in ["answers", "bin", "functions", "scripts", "terraform"] {
            fs::create_dir_all(folder.join(name)).expect("a folder can be made");
        }
        for script in [
            "command-line.sh",
            "deploy-images.sh",
            "deploy-plan.sh",
            "deploy.sh",
            "explain-failure.py",
            "image-revision.sh",
            "known_failures.py",
            "oci-layout.py",
            "push-images.sh",
            "registry-login.sh",
            "tools.sh",
        ] {
            let from = Path::new(SCRIPTS).join(script);
            fs::copy(from, folder.join("scripts").join(script)).expect("it can be copied");
        }
        let dockerfile = Path::new(SCRIPTS).join("../functions/Dockerfile");
        fs::copy(dockerfile, folder.join("functions/Dockerfile")).expect("it can be copied");
        for (name, script) in [
            ("scripts/build-images.sh", include_str!("build-images.sh")),
            ("bin/gcloud", include_str!("gcloud.sh")),
            ("bin/git", include_str!("git.sh")),
            ("bin/skopeo", include_str!("skopeo.sh")),
            ("bin/sleep", include_str!("sleep.sh")),
            ("bin/terraform", include_str!("terraform.sh")),
        ] {
            let path = folder.join(name);
            fs::write(&path, script).expect("it can be written");
            let executable = fs::Permissions::from_mode(0o755);
            fs::set_permissions(path, executable).expect("it is ours");
        }
        let workplace = Self { folder };
        workplace.answer("token", TOKEN);
        workplace.answer("program", "first");
        workplace.answer("revision", "abc123");
        workplace
    }

    /// Where the foundation is laid, for these functions.
    pub(super) fn with_foundation(test: &str, functions: &[&str]) -> Self {
        let workplace = Self::new(test);
        let none = functions.iter().map(|name| (*name, Value::Null));
        workplace.deployed(&none.collect::<Vec<_>>());
        workplace
    }

    /// What the stand-ins answer from now on, by the name of a file.
    pub(super) fn answer(&self, name: &str, text: &str) {
        self.write(&format!("answers/{name}"), text);
    }

    /// Makes Terraform's outputs say that these images are deployed.
    pub(super) fn deployed(&self, images: &[(&str, Value)]) {
        let function =
            |(name, image): &(&str, Value)| ((*name).to_owned(), json!({"image": image}));
        let functions: serde_json::Map<_, _> = images.iter().map(function).collect();
        let outputs = json!({"registry": {"value": REGISTRY}, "functions": {"value": functions}});
        self.answer("outputs.json", &outputs.to_string());
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).expect("it can be written");
    }

    /// Nothing, if there is no such file.
    pub(super) fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(name)).ok()
    }

    /// The images that Terraform is given.
    pub(super) fn images(&self) -> Option<Value> {
        let text = self.read("terraform/images.auto.tfvars.json")?;
        Some(serde_json::from_str(&text).expect("JSON"))
    }

    /// What was called, in order, without Terraform's folder.
    pub(super) fn called(&self) -> Vec<String> {
        let log = self.read("log").unwrap_or_default();
        let call = |line: &str| line.replace(" -chdir=terraform", "");
        log.lines().map(call).collect()
    }

    pub(super) fn left(&self) -> Vec<String> {
        let folders = ["target", "terraform"].map(|name| self.folder.join(name));
        let entries = folders.iter().filter_map(|path| fs::read_dir(path).ok());
        let mut names: Vec<_> = entries
            .flatten()
            .map(|entry| entry.expect("a name").file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// Runs it with these arguments, typing this.
    pub(super) async fn deploy(&self, arguments: &[&str], typed: &str) -> Ended {
        self.run(self.script("scripts/deploy.sh").args(arguments), typed)
            .await
    }

    /// The script by this path from the checkout's root, with the stand-ins first in `PATH`.
    pub(super) fn script(&self, path: &str) -> Command {
        let inherited = std::env::var_os("PATH").expect("there is a PATH");
        let folders = std::iter::once(self.folder.join("bin"));
        let folders = folders.chain(std::env::split_paths(&inherited));
        let mut command = Command::new(path);
        command
            .current_dir(&self.folder)
            .env("PATH", std::env::join_paths(folders).expect("no colon"))
            .env_remove("TERRAFORM")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) async fn run(&self, command: &mut Command, typed: &str) -> Ended {
        let mut script = command.spawn().expect("the script runs");
        let mut stdin = script.stdin.take().expect("it is piped");
        // It may have ended without having asked anything.
        _ = stdin.write_all(typed.as_bytes()).await;
        drop(stdin);
        ended(script).await
    }

    /// Runs it in a group of its own until it says this, and presses Ctrl-C.
    pub(super) async fn interrupt_at(&self, said: &str) -> Ended {
        // What runs in the background of a script, as these tests may, is started deaf to Ctrl-C.
        let mut command = self.script("env");
        command.args(["--default-signal=INT", "scripts/deploy.sh"]);
        let mut script = command.process_group(0).spawn().expect("the script runs");
        let group = format!("-{}", script.id().expect("it runs"));
        let mut lines = BufReader::new(script.stdout.take().expect("it is piped")).lines();
        let reading = async {
            while let Some(line) = lines.next_line().await.expect("UTF-8") {
                if line == said {
                    return;
                }
            }
            panic!("it never said {said}");
        };
        timeout(PATIENCE, reading).await.expect("in time");
        let kill = Command::new("kill").args(["-INT", "--", &group]).status();
        assert!(kill.await.expect("it runs").success());
        ended(script).await
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.folder);
    }
}

async fn ended(script: Child) -> Ended {
    let output = timeout(PATIENCE, script.wait_with_output()).await;
    let output = output.expect("in time").expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ended {
        code: output.status.code(),
        said: text(&output.stdout),
        complained: text(&output.stderr),
    }
}
