//! Brings in what another integration knows.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use crate::confirmation::Confirmation;
use crate::decide::decide;
use crate::desk::Desk;
use crate::error::CommandError;

/// Links the users of a file to their accounts.
pub(crate) async fn links(
    file: &Path,
    desk: &Desk<'_>,
    confirmation: Confirmation,
) -> Result<(), CommandError> {
    let content = read(file).map_err(CommandError::FileUnreadable)?;
    let by = desk.actor().await?;
    decide(
        desk.operations.import_links(&content, &by).await?,
        confirmation,
    )
    .await
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    if file != Path::new("-") {
        return fs::read(file);
    }
    let mut content = Vec::new();
    io::stdin().read_to_end(&mut content)?;
    Ok(content)
}
