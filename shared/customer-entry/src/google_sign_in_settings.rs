//! Whether customers sign in with Google, and as which OAuth client.

use function_runtime::{Expected, Reader, Secret, Variable, parse};
use verification::Audiences;

/// Whether customers prove by Google sign-in who they are.
#[derive(Debug, Clone)]
pub enum GoogleSignInSettings {
    /// They do not.
    Off,
    /// Customers are linked and handed off only after it.
    Required(OAuthClient),
}

/// The OAuth client of this deployment.
#[derive(Debug, Clone)]
pub struct OAuthClient {
    /// Read from `GOOGLE_CLIENT_ID`.
    pub id: String,
    /// The same, as the `aud` that its ID tokens must have.
    pub audience: Audiences,
    /// Read from `GOOGLE_CLIENT_SECRET`.
    pub secret: Secret,
}

impl GoogleSignInSettings {
    /// Reads them. `None` after the reader recorded a problem.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let words = &["off", "required"];
        let required = reader.required(&GOOGLE_SIGN_IN, |text| {
            parse::one_of(text, words, [false, true])
        });
        if required == Some(false) {
            return Some(Self::Off);
        }
        // Also where the mode itself is wrong: it is `required` that was meant, or nothing was.
        let id = reader.required(&GOOGLE_CLIENT_ID, client_id);
        let secret = reader.required(&GOOGLE_CLIENT_SECRET, parse::secret);
        required?;
        let (id, audience) = id?;
        Some(Self::Required(OAuthClient {
            id,
            audience,
            secret: secret?,
        }))
    }
}

/// Google sign-in.
pub const GOOGLE_SIGN_IN: Variable = Variable::required(
    "GOOGLE_SIGN_IN",
    "whether customers prove by Google sign-in who they are: `required` or `off`; the README says \
     what `off` leaves open",
);

/// The client's id.
pub const GOOGLE_CLIENT_ID: Variable = Variable::conditional(
    "GOOGLE_CLIENT_ID",
    "id of the OAuth client, of type web application, that customers sign in to",
    NEEDED,
);

/// The client's secret.
pub const GOOGLE_CLIENT_SECRET: Variable =
    Variable::conditional("GOOGLE_CLIENT_SECRET", "secret of that client", NEEDED).secret();

const NEEDED: &str = "`GOOGLE_SIGN_IN` is `required`";

fn client_id(text: &str) -> Result<(String, Audiences), Expected> {
    let id = parse::word(text)?;
    let audience = Audiences::parse(vec![id.clone()]).map_err(|_| Expected::TextUpTo(256))?;
    Ok((id, audience))
}
