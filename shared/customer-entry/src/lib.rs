#![doc = include_str!("../README.md")]

mod branding;
mod form;
mod hand_off;
mod landing;
pub mod pages;
mod session_cookie;
mod settings;
mod signer;

pub use branding::Branding;
pub use form::{FormProblem, TOKEN_FIELD, UnverifiedForm};
pub use hand_off::{HandOff, LIFETIME, Parties, PersonAtBrowser, Seen, new_record};
pub use landing::{Entrant, LandingError, land};
pub use pages::{FormTie, Input};
pub use session_cookie::{LandingHandle, SessionCookie, confirmation, confirms};
pub use settings::{EntrySettings, variables};
pub use signer::{Signer, SigningUnavailable};
