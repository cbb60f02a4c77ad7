//! What an image would hold.

use std::error::Error;
use std::fs::{self, File};
use std::process::{Command, Stdio};

use crate::program::built;
use crate::table::Row;

/// The certificate authorities of Debian, as an image carries them.
const ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Size of the binary and the certificate authorities, as they are and compressed.
pub(crate) fn row() -> Result<Row, Box<dyn Error>> {
    let files = [built("signup")?, ROOTS.into()];
    let (mut whole, mut compressed) = (0.0, 0.0);
    for file in files {
        whole += megabytes(fs::metadata(&file)?.len());
        let mut gzip = Command::new("gzip");
        gzip.args(["-9", "--stdout"]).stdin(File::open(&file)?);
        let output = gzip.stderr(Stdio::inherit()).output()?;
        compressed += megabytes(u64::try_from(output.stdout.len())?);
    }
    Ok(Row::new(
        "release binary and CA roots",
        format!("{whole:.1} MB, gzip {compressed:.1} MB"),
    )
    .within(
        "< 12 MB, gzip < 5 MB",
        whole < 12.0 && compressed > 0.0 && compressed < 5.0,
    ))
}

fn megabytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}
