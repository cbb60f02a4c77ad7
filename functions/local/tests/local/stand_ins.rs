//! A checkout with the real scripts, on a computer that has no other commands than the test names.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts");

const SYSTEM: [&str; 17] = [
    "basename", "bash", "cat", "cmp", "cp", "cut", "dirname", "env", "grep", "mkdir", "python3",
    "rm", "sed", "sort", "tr", "uname", "wc",
];

/// A folder of the test, which goes with it.
pub(crate) struct Computer {
    folder: PathBuf,
}

impl Computer {
    /// With these commands, which do nothing but succeed. It is not root's.
    pub(crate) fn with(test: &str, commands: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("computer-{test}"));
        // A run that was killed left it.
        _ = fs::remove_dir_all(&folder);
        for name in ["answers", "bin", "scripts", "terraform"] {
            fs::create_dir_all(folder.join(name)).expect("a folder can be made");
        }
        for entry in fs::read_dir(SCRIPTS).expect("there are scripts") {
            let entry = entry.expect("it can be read");
            if entry.path().is_file() {
                let copy = folder.join("scripts").join(entry.file_name());
                fs::copy(entry.path(), copy).expect("it can be copied");
            }
        }
        let computer = Self { folder };
        for name in SYSTEM {
            symlink(system(name), computer.path("bin").join(name)).expect("a link");
        }
        computer.answer("id", "echo 1000");
        computer.add("id");
        for name in commands {
            computer.add(name);
        }
        computer
    }

    pub(crate) fn add(&self, name: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, include_str!("stand_ins/stand-in.sh")).expect("it can be written");
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(path, executable).expect("it is ours");
    }

    /// What this command does from now on, in shell.
    pub(crate) fn answer(&self, name: &str, does: &str) {
        fs::write(self.path("answers").join(name), does).expect("it can be written");
    }

    /// Puts a file into the checkout.
    pub(crate) fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        let folder = path.parent().expect("it is in the checkout");
        fs::create_dir_all(folder).expect("a folder can be made");
        fs::write(path, text).expect("it can be written");
    }

    /// Nothing, if there is no such file.
    pub(crate) fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path(name)).ok()
    }

    /// How the commands were called, in order.
    pub(crate) fn called(&self) -> Vec<String> {
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        let calls = log.lines().filter(|line| !line.starts_with("id "));
        calls.map(str::to_owned).collect()
    }

    /// Runs a script with these arguments and variables, without a terminal.
    pub(crate) fn run(&self, script: &str, arguments: &[&str], env: &[(&str, &str)]) -> Ended {
        let output = Command::new(self.path("scripts").join(script))
            .args(arguments)
            .env_clear()
            .env("PATH", self.path("bin"))
            .envs(env.iter().copied())
            .stdin(Stdio::null())
            .output();
        Ended::from(output.expect("the script runs"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Computer {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.folder);
    }
}

#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

fn system(name: &str) -> PathBuf {
    // What is called python3 may be a program that looks for Python.
    let found = match name {
        "python3" => "python3 -c 'import sys; print(sys.executable)'".to_owned(),
        _ => format!("command -v {name}"),
    };
    let output = Command::new("sh").args(["-c", &found]).output();
    let output = output.expect("the shell runs");
    assert!(output.status.success(), "{name} is not installed");
    let path = String::from_utf8(output.stdout).expect("UTF-8");
    PathBuf::from(path.trim_end())
}
