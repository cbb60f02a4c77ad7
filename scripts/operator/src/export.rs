//! Writes what is stored to the standard output.

use std::io::{self, BufWriter, ErrorKind};

use marketplace::ProcurementAccountId;
use operations::{OperationError, Operations};

use crate::error::CommandError;
use crate::left_out::warn_of_left_out;
use crate::terminal::warn;

/// Writes a line for each record of one account, or of all. It is no success if something had to be left out.
pub(crate) async fn write(
    operations: &Operations,
    account: Option<&ProcurementAccountId>,
) -> Result<(), CommandError> {
    let output = BufWriter::new(io::stdout());
    let exported = match operations.export(account, output).await {
        Ok(exported) => exported,
        // The output is closed, as by `head`.
        Err(OperationError::ExportNotWritten(error)) if error.kind() == ErrorKind::BrokenPipe => {
            return Ok(());
        }
        Err(error @ OperationError::NotApplicable { .. }) => return Err(error.into()),
        Err(error) => {
            warn("operator: the export is not complete");
            return Err(error.into());
        }
    };
    for (collection, count) in &exported.left_out {
        warn_of_left_out(*count, "documents", &format!("`{collection}`"));
    }
    let count: usize = exported.left_out.values().sum();
    if count > 0 {
        return Err(CommandError::NotAllExported(count));
    }
    Ok(())
}
