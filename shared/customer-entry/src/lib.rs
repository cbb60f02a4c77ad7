#![doc = include_str!("../README.md")]

mod branding;
mod form;
mod hand_off;
mod hand_over;
mod landing;
mod landings;
pub mod pages;
mod session_cookie;
mod settings;
mod sign_in;
mod signer;

pub use branding::Branding;
pub use form::{FormProblem, TOKEN_FIELD, UnverifiedForm};
pub use hand_off::{HandOff, LIFETIME, Parties, PersonAtBrowser, Seen, new_record};
pub use hand_over::{Answering, HandOver, HandOverError, noted};
pub use landing::{Entrant, LandingError, land};
pub use landings::{Landings, NotBegun};
pub use pages::{FormTie, Input, OrderRow};
pub use session_cookie::{LandingHandle, confirmation, confirms};
pub use settings::{EntrySettings, variables};
pub use sign_in::{
    GoogleSignIn, GoogleSignInSettings, OAuthClient, SignInError, SignInPaths, SignInStep,
};
pub use signer::{Signer, SigningUnavailable};
