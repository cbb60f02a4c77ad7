//! The settings that sign-up and login share.

use function_runtime::{Expected, Reader, parse};
use marketplace::Role;
use url::Url;
use verification::Audiences;

use crate::Branding;
use crate::google_sign_in_settings::GoogleSignInSettings;

/// What sign-up and login both read from the environment.
#[derive(Debug, Clone)]
pub struct EntrySettings {
    /// Read from `MARKETPLACE_AUDIENCES`.
    pub audiences: Audiences,
    /// Read from `ACCEPTED_ROLES`.
    pub accepted_roles: Vec<Role>,
    /// Read from `VENDOR_NAME`, `SUPPORT_URL` and `LISTING_URL`.
    pub branding: Branding,
    /// Read from `APPLICATION_SIGNUP_URL`.
    pub application_signup: Url,
    /// Read from `APPLICATION_LOGIN_URL`.
    pub application_login: Url,
    /// Read from `HAND_OFF_SIGNER`.
    pub hand_off_signer: String,
    /// Read from `GOOGLE_SIGN_IN`, `GOOGLE_CLIENT_ID` and `GOOGLE_CLIENT_SECRET`.
    pub google_sign_in: GoogleSignInSettings,
}

impl EntrySettings {
    /// Reads them. `None` after the reader recorded a problem.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        use variables as v;
        let audiences = reader.required(&v::MARKETPLACE_AUDIENCES, audiences);
        let accepted_roles = reader.required(&v::ACCEPTED_ROLES, roles);
        let vendor_name = reader.required(&v::VENDOR_NAME, |text| parse::text(text, 100));
        let support_url = reader.required(&v::SUPPORT_URL, parse::web_url);
        let listing_url = reader.required(&v::LISTING_URL, parse::web_url);
        let application_signup = reader.required(&v::APPLICATION_SIGNUP_URL, parse::web_url);
        let application_login = reader.required(&v::APPLICATION_LOGIN_URL, parse::web_url);
        let hand_off_signer = reader.required(&v::HAND_OFF_SIGNER, parse::service_account);
        let google_sign_in = GoogleSignInSettings::read(reader);
        Some(Self {
            audiences: audiences?,
            accepted_roles: accepted_roles?,
            branding: Branding {
                vendor_name: vendor_name?,
                support_url: support_url?,
                listing_url: listing_url?,
            },
            application_signup: application_signup?,
            application_login: application_login?,
            hand_off_signer: hand_off_signer?,
            google_sign_in: google_sign_in?,
        })
    }
}

/// The variables themselves.
pub mod variables {
    use function_runtime::Variable;

    pub use crate::google_sign_in_settings::{
        GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, GOOGLE_SIGN_IN,
    };

    /// Accepted audiences.
    pub const MARKETPLACE_AUDIENCES: Variable = Variable::required(
        "MARKETPLACE_AUDIENCES",
        "accepted `aud` values of the Marketplace's token, comma-separated: the host of the \
         sign-up URL and of the login URL, as registered",
    );

    /// Accepted roles.
    pub const ACCEPTED_ROLES: Variable = Variable::with_default(
        "ACCEPTED_ROLES",
        "roles that may be linked and handed over, comma-separated",
        "account_admin,project_editor",
    );

    /// The vendor.
    pub const VENDOR_NAME: Variable =
        Variable::required("VENDOR_NAME", "the vendor's name, as customers know it");

    /// Support.
    pub const SUPPORT_URL: Variable =
        Variable::required("SUPPORT_URL", "where a customer finds help");

    /// The listing.
    pub const LISTING_URL: Variable =
        Variable::required("LISTING_URL", "the product's page in the Marketplace");

    /// Where sign-ups go.
    pub const APPLICATION_SIGNUP_URL: Variable = Variable::required(
        "APPLICATION_SIGNUP_URL",
        "where the hand-off is posted, after sign-up and after login; its origin is the hand-off's \
         `aud`",
    );

    /// Where logins go.
    pub const APPLICATION_LOGIN_URL: Variable = Variable::required(
        "APPLICATION_LOGIN_URL",
        "the application's own login page, where a visit ends that has no hand-off",
    );

    /// The signer.
    pub const HAND_OFF_SIGNER: Variable = Variable::required(
        "HAND_OFF_SIGNER",
        "e-mail address of the service account that signs the hand-off",
    );
}

fn audiences(text: &str) -> Result<Audiences, Expected> {
    let list = parse::list(text, parse::word)?;
    Audiences::parse(list).map_err(|_| "a comma-separated list of host names".into())
}

fn roles(text: &str) -> Result<Vec<Role>, Expected> {
    parse::list(text, |item| parse::word(item).map(Role::from))
}
