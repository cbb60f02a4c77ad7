//! Reads a file of links: which columns it has, and what each line says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use csv::{ReaderBuilder, StringRecord};
use marketplace::{ProcurementAccountId, UserIdentity, pasted_text};

use super::cells;
use crate::text::one_line;

/// The columns there are. The first two are required; the others are what the registration form calls them.
const COLUMNS: [&str; 5] = ["account", "user", "company", "name", "email"];

/// A user of an account, as a line names them.
#[derive(Clone)]
pub(super) struct ImportedLink {
    /// The line of the file.
    pub(super) line: usize,
    pub(super) account: ProcurementAccountId,
    pub(super) user: UserIdentity,
    /// What is known of the user, by field name.
    pub(super) profile: BTreeMap<String, String>,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BadLine {
    pub(super) line: usize,
    pub(super) problem: String,
}

/// The cells of a line, cleaned, by the names of their columns.
type Cells = BTreeMap<&'static str, String>;

/// The lines that can be read, and what is wrong with others.
pub(super) fn read(file: &[u8]) -> (Vec<ImportedLink>, Vec<BadLine>) {
    match str::from_utf8(file) {
        Ok(text) => read_text(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let readable = file.get(..error.valid_up_to()).unwrap_or_default();
            let readable = String::from_utf8_lossy(readable);
            let line = readable.matches('\n').count() + 1;
            let problem = "is not UTF-8: a spreadsheet calls the right format \"CSV UTF-8\"";
            (Vec::new(), vec![bad(line, problem)])
        }
    }
}

fn read_text(text: &str) -> (Vec<ImportedLink>, Vec<BadLine>) {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut numbers = LineNumbers::of(text);
    // Reading text from memory cannot fail.
    let mut records = reader.records().filter_map(Result::ok);
    let columns = match columns(records.next()) {
        Ok(columns) => columns,
        Err(problem) => return (Vec::new(), vec![bad(1, problem)]),
    };
    let (mut links, mut problems) = (Vec::new(), Vec::new());
    for record in records {
        let line = numbers.of_record(&record);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match link(line, &record, &columns) {
            Ok(imported) => links.push(imported),
            Err(found) => problems.extend(found.into_iter().map(|problem| bad(line, problem))),
        }
    }
    problems.extend(contradictions(&links));
    (links, problems)
}

fn columns(header: Option<StringRecord>) -> Result<Vec<&'static str>, String> {
    let header = header.unwrap_or_default();
    let mut columns = Vec::new();
    for cell in &header {
        let name = pasted_text::line(cell).to_ascii_lowercase();
        match COLUMNS.into_iter().find(|column| *column == name) {
            Some(column) if !columns.contains(&column) => columns.push(column),
            _ => return Err(wrong_columns(&header)),
        }
    }
    if ["account", "user"].iter().all(|it| columns.contains(it)) {
        Ok(columns)
    } else {
        Err(wrong_columns(&header))
    }
}

fn wrong_columns(header: &StringRecord) -> String {
    let found: Vec<_> = header.iter().map(one_line).collect();
    format!(
        "must name the columns `account` and `user`, and may name `company`, `name` and `email`, each once and separated \
         by commas; it has: {}",
        found.join(",")
    )
}

fn link(
    line: usize,
    record: &StringRecord,
    columns: &[&'static str],
) -> Result<ImportedLink, Vec<String>> {
    if record.len() != columns.len() {
        let (cells, columns) = (record.len(), columns.len());
        return Err(vec![format!(
            "has {cells} cells, and the first line names {columns} columns"
        )]);
    }
    let cells = columns.iter().copied();
    let cells: Cells = cells
        .zip(record)
        .map(|(column, cell)| (column, pasted_text::line(cell)))
        .collect();
    let cell = |column: &str| cells.get(column).map(String::as_str).unwrap_or_default();
    let mut problems = Vec::new();
    let mut profile = BTreeMap::new();
    for column in ["company", "name", "email"] {
        match cells::detail(column, cell(column)) {
            Ok(None) => {}
            Ok(Some(value)) => {
                profile.insert(column.to_owned(), value);
            }
            Err(problem) => problems.push(format!("{column} {problem}")),
        }
    }
    let account = cells::account(cell("account"))
        .map_err(|problem| problems.push(format!("account {problem}")));
    let user =
        cells::user(cell("user")).map_err(|problem| problems.push(format!("user {problem}")));
    match (account, user) {
        (Ok(account), Ok(user)) if problems.is_empty() => Ok(ImportedLink {
            line,
            account,
            user,
            profile,
        }),
        _ => Err(problems),
    }
}

/// What each line says by itself, and the file does not say twice, or not the same.
fn contradictions(links: &[ImportedLink]) -> Vec<BadLine> {
    let mut seen = BTreeSet::new();
    let mut companies: BTreeMap<&ProcurementAccountId, (&str, usize)> = BTreeMap::new();
    let mut problems = Vec::new();
    for link in links {
        let (line, account) = (link.line, &link.account);
        if !seen.insert((account, &link.user)) {
            let problem = format!("names a user of account {account} whom a line before has named");
            problems.push(bad(line, problem));
        }
        let Some(company) = link.profile.get("company").map(String::as_str) else {
            continue;
        };
        let (named, first) = *companies.entry(account).or_insert((company, line));
        if named != company {
            let problem = format!("names another company of account {account} than line {first}");
            problems.push(bad(line, problem));
        }
    }
    problems
}

fn bad(line: usize, problem: impl Into<String>) -> BadLine {
    BadLine {
        line,
        problem: problem.into(),
    }
}

/// Numbers the lines as an editor does: one record may have several, and empty ones are none.
struct LineNumbers<'a> {
    rest: &'a str,
    at: usize,
    line: usize,
}

impl<'a> LineNumbers<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            rest: text,
            at: 0,
            line: 1,
        }
    }

    /// The number of the first line of a record that begins after the one before.
    fn of_record(&mut self, record: &StringRecord) -> usize {
        let begin = record.position().map_or(0, csv::Position::byte);
        let begin = usize::try_from(begin).unwrap_or(usize::MAX);
        let ahead = begin.saturating_sub(self.at).min(self.rest.len());
        // What ended the record before, and empty lines.
        let record = self.rest.get(ahead..).unwrap_or_default();
        let record = record.trim_start_matches(['\r', '\n']);
        let passed = self.rest.len() - record.len();
        let lines = self.rest.get(..passed).unwrap_or_default();
        self.line += lines.matches('\n').count();
        self.at += passed;
        self.rest = record;
        self.line
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  line {}: {}", self.line, self.problem)
    }
}

#[cfg(test)]
mod tests;
