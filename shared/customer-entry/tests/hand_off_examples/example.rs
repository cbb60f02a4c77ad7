//! How each example is started. The tests of `local` start it in the same way.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// This crate and `local` lie equally deep below it.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The examples there are. Each test goes through all.
pub(crate) const EXAMPLES: [Example; 2] = [Example::Python, Example::Node];

#[derive(Debug, Clone, Copy)]
pub(crate) enum Example {
    Python,
    Node,
}

impl Example {
    /// Its start, as documents and `scripts/dev.sh` have it.
    pub(crate) fn command(self) -> Command {
        let workspace = Path::new(WORKSPACE);
        let sources = workspace.join("shared/customer-entry/examples");
        let installed = workspace.join("target/examples");
        match self {
            Self::Python => {
                let python = installed.join("python/bin/python");
                let mut command = Command::new(present("python-example", python));
                command.arg("-B").arg(sources.join("python/server.py"));
                command
            }
            Self::Node => {
                let installed = installed.join("node");
                present(
                    "node-example",
                    installed.join("node_modules/google-auth-library/package.json"),
                );
                assert_are_copies(&sources.join("node"), &installed);
                let mut command = Command::new("node");
                command.arg(present("node-example", installed.join("server.js")));
                command
            }
        }
    }
}

fn present(tool: &str, path: PathBuf) -> PathBuf {
    assert!(
        path.exists(),
        "missing: {tool}. There is no {}: run scripts/install-examples.sh",
        path.display()
    );
    path
}

/// Node.js looks for packages beside the program, so the installed one is a copy.
fn assert_are_copies(sources: &Path, installed: &Path) {
    for entry in fs::read_dir(sources).unwrap() {
        let source = entry.unwrap().path();
        if source
            .extension()
            .is_some_and(|extension| extension == "js")
        {
            let copy = installed.join(source.file_name().unwrap());
            let is_same = fs::read(copy).ok() == fs::read(&source).ok();
            let source = source.display();
            assert!(
                is_same,
                "missing: node-example. {source} has changed: run scripts/install-examples.sh"
            );
        }
    }
}
