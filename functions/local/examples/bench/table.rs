//! The table: one row for each budget.

use std::fmt::{self, Display};

/// What was measured, beside what it is measured against.
#[derive(Debug)]
pub(crate) struct Row {
    what: String,
    measured: String,
    reference: String,
    budget: String,
    met: Option<bool>,
}

/// Rows in their order, and what is to be known about them.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
    pub(crate) notes: Vec<String>,
}

impl Row {
    /// A figure that is printed, and that no budget is set for.
    pub(crate) fn new(what: &str, measured: impl Display) -> Self {
        Self {
            what: what.to_owned(),
            measured: measured.to_string(),
            reference: "–".to_owned(),
            budget: "printed".to_owned(),
            met: None,
        }
    }

    /// Beside what was measured in the same run.
    pub(crate) fn beside(mut self, reference: impl Display) -> Self {
        self.reference = reference.to_string();
        self
    }

    pub(crate) fn within(mut self, budget: impl Display, met: bool) -> Self {
        self.budget = budget.to_string();
        self.met = Some(met);
        self
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| what | measured | reference in the same run | budget | met? |"
        )?;
        writeln!(f, "|---|---|---|---|---|")?;
        for row in &self.rows {
            let met = match row.met {
                Some(true) => "yes",
                Some(false) => "**no**",
                None => "–",
            };
            writeln!(
                f,
                "| {} | {} | {} | {} | {met} |",
                row.what, row.measured, row.reference, row.budget
            )?;
        }
        for note in &self.notes {
            write!(f, "\n- {note}")?;
        }
        Ok(())
    }
}
