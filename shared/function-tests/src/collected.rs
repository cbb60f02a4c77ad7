//! Lines that functions log while they are tested, kept for `scripts/test-log-filters.py`: it matches Terraform's log
//! filters against them.

use std::collections::BTreeSet;
use std::env;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// Names the folder that they go to. `scripts/check.sh` sets it.
const FOLDER: &str = "COLLECTED_LOG_LINES";

/// What tells one kind of line from another, beside the names of its fields.
const TELLING: [&str; 4] = ["message", "outcome", "errorCode", "alert"];

/// The kinds that this process has kept.
static KEPT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Where lines are kept; nowhere unless somebody asks for it.
pub(crate) fn folder() -> Option<PathBuf> {
    env::var_os(FOLDER).map(PathBuf::from)
}

/// Keeps the first line of each kind that this function logs.
pub(crate) fn keep(function: &str, line: &[u8]) {
    let Some(folder) = folder() else {
        return;
    };
    let Ok(parsed) = serde_json::from_slice::<Value>(line) else {
        return;
    };
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if !kept.insert(format!("{function} {}", kind(&parsed))) {
        return;
    }
    let path = folder.join(format!("{function}-{}.jsonl", process::id()));
    let file = OpenOptions::new().append(true).create(true).open(path);
    let mut file = file.expect("there is such a folder");
    writeln!(file, "{parsed}").expect("there is room");
}

fn kind(line: &Value) -> String {
    let fields = line.as_object().into_iter().flatten();
    let names: Vec<_> = fields.map(|(name, _)| name.as_str()).collect();
    let texts = TELLING.map(|name| line[name].to_string());
    format!("{} {}", names.join(","), texts.join(","))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_are_of_one_kind_if_they_have_the_same_fields_and_say_the_same() {
        let line = |alert: &str, id: u64| json!({"message": "x", "alert": alert, "id": id});
        assert_eq!(kind(&line("a", 1)), kind(&line("a", 2)));
        assert_ne!(kind(&line("a", 1)), kind(&line("b", 1)));
        assert_ne!(
            kind(&line("a", 1)),
            kind(&json!({"message": "x", "alert": "a"}))
        );
    }
}
