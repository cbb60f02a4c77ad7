//! The operator's program, as it was built.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use super::google::EmulatedGoogle;

/// Longer than any command here may take.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Operator {
    program: PathBuf,
    origin: String,
    subscription: String,
}

impl Operator {
    pub(crate) async fn of(google: &EmulatedGoogle, simulator: &str) -> Self {
        Self {
            program: program(),
            origin: google.origin_beside(simulator).await,
            subscription: google.dead_letters(),
        }
    }

    /// Runs `operator dead-letters` with these arguments, which must succeed; what it said.
    pub(crate) async fn done(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(&self.program);
        command.arg("dead-letters").args(arguments);
        command.args(["--subscription", &self.subscription]);
        command.env_clear().env("GOOGLE_ORIGIN", &self.origin);
        command.stdin(Stdio::null()).kill_on_drop(true);
        let output = timeout(PATIENCE, command.output()).await;
        let output = output.expect("in time").expect("it starts");
        let complained = String::from_utf8(output.stderr).expect("text");
        assert!(output.status.success(), "{complained}");
        String::from_utf8(output.stdout).expect("text")
    }
}

/// The program beside this test. Cargo names to a test only the programs of its own package, and the
/// operator's tests may know no function (`functions/local` checks that).
fn program() -> PathBuf {
    let own = std::env::current_exe().expect("this test's path");
    let profile = own.parent().and_then(|deps| deps.parent());
    let program = profile.expect("target/PROFILE/deps").join("operator");
    assert!(
        program.is_file(),
        "{} is not there: run scripts/check.sh, which builds everything, or build it (cargo build \
         --package operator)",
        program.display()
    );
    program
}
