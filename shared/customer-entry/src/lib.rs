#![doc = include_str!("../README.md")]

mod branding;
mod entrance;
mod entry;
mod entry_fault;
mod entry_settings;
mod form_confirmation;
mod google_sign_in_settings;
mod hand_off_claims;
mod hand_off_signer;
mod landing_error;
mod landing_handle;
mod new_hand_off_record;
pub mod pages;
mod rejected_account_page;
mod session_cookie;
mod sessions;
mod sign_in;
mod unverified_form;

pub use branding::Branding;
pub use entrance::{Entrance, FrontDoor, OwnForm};
pub use entry::{Answering, Entry, PersonAtBrowser};
pub use entry_fault::{EntryFault, Error};
pub use entry_settings::{EntrySettings, variables};
pub use form_confirmation::confirmation;
pub use function_runtime::with_outcome;
pub use google_sign_in_settings::{GoogleSignInSettings, OAuthClient};
pub use hand_off_claims::{HandOff, HandOffParties, access};
pub use hand_off_signer::{HandOffError, HandOffSigner};
pub use landing_error::LandingError;
pub use new_hand_off_record::{LIFETIME, Seen, new_record};
pub use rejected_account_page::RefusedAccount;
pub use sign_in::{SignInFault, SignInPaths, SignInStep};
pub use unverified_form::{FORM_LIMIT, FormProblem, TOKEN_FIELD, UnverifiedForm};
