//! What IAM checks when a service account is created.

use marketplace::ServiceAccountEmail;

use super::Wanted;
use crate::google_error::GoogleError;

/// In bytes of UTF-8. Source: discovery document.
const LONGEST_DISPLAY_NAME: usize = 100;
/// In bytes of UTF-8. Source: discovery document.
const LONGEST_DESCRIPTION: usize = 256;

/// The address of an account that may be made; in a project of a domain (`example.com:project`) it
/// names the domain too.
pub(super) fn checked(wanted: Wanted<'_>) -> Result<String, GoogleError> {
    let id = wanted.account_id;
    if !(6..=30).contains(&id.len()) {
        let text = format!("The account ID \"{id}\" does not have a length between 6 and 30.");
        return Err(GoogleError::invalid_argument(text));
    }
    let too_long = |field: &str, most: usize| {
        GoogleError::invalid_argument(format!("The {field} is longer than {most} bytes."))
    };
    if wanted.display_name.len() > LONGEST_DISPLAY_NAME {
        return Err(too_long("display name", LONGEST_DISPLAY_NAME));
    }
    if wanted.description.len() > LONGEST_DESCRIPTION {
        return Err(too_long("description", LONGEST_DESCRIPTION));
    }
    let email = ServiceAccountEmail::of(id, wanted.project);
    let email = email.map_err(|_| {
        GoogleError::invalid_argument(format!(
            "The account ID \"{id}\" does not match [a-z]([-a-z0-9]*[a-z0-9])."
        ))
    })?;
    Ok(email.as_str().to_owned())
}
