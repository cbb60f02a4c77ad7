//! What sign-up and login both are: the way from the Marketplace's token to the hand-off.
//!
//! ```text
//! arrive      the posted token → a customer with an accepted role
//! sign_in     Google sign-in, where it is required
//! own_pages   a page of ours: started, opened, its form taken
//! retry       everything that follows, again from what is stored if another request was faster
//! leave       the hand-off and its page, or the application's login page
//! ```

mod arrive;
mod google_sign_in_step;
mod leave;
mod own_pages;
mod retry;

use function_runtime::{Base, Rejection, Response};
use google_calls::{Credentials, Http};
use store::{Purpose, Session, Store, Stored};
use verification::{KeySet, MarketplaceVerifier};

pub use self::own_pages::OwnForm;
use crate::entry::{Answering, Entry};
use crate::entry_settings::EntrySettings;
use crate::hand_off_claims::HandOffParties;
use crate::hand_off_signer::HandOffSigner;
use crate::landing_error::LandingError;
use crate::pages::RejectionPages;
use crate::sessions::Sessions;
use crate::sign_in::{GoogleSignIn, SignInPaths};

/// The way in of one function.
pub struct Entrance {
    /// What is configured.
    pub settings: EntrySettings,
    store: Store,
    verifier: MarketplaceVerifier,
    sessions: Sessions,
    sign_in: Option<GoogleSignIn>,
    parties: HandOffParties,
    signer: HandOffSigner,
    rejections: RejectionPages,
}

/// What one function's way in has of its own.
#[derive(Debug, Clone, Copy)]
pub struct FrontDoor {
    /// The function's name in its cookies.
    pub name: &'static str,
    /// What customers come for.
    pub purpose: Purpose,
    /// Where the function serves Google sign-in.
    pub sign_in: SignInPaths,
}

impl Entrance {
    /// The way in of a function with these settings. Nothing is called yet.
    pub fn new(
        door: FrontDoor,
        settings: EntrySettings,
        base: &Base,
        http: Http,
        credentials: Credentials,
        store: Store,
    ) -> Self {
        let google = &base.google;
        let keys = KeySet::marketplace(google, http.clone());
        let sessions = Sessions::new(door.name, door.purpose, store.clone());
        let signer = settings.hand_off_signer.clone();
        Self {
            verifier: MarketplaceVerifier::new(keys, settings.audiences.clone()),
            sign_in: GoogleSignIn::of(&settings, base, http, sessions.clone(), door.sign_in),
            parties: HandOffParties::new(&signer, &settings.application_signup),
            signer: HandOffSigner::new(google, signer, credentials),
            rejections: RejectionPages::default(),
            sessions,
            store,
            settings,
        }
    }

    /// Gets ready for the first customer; what fails is tried again when needed.
    pub async fn warm_up(&self) {
        let sign_in = async {
            if let Some(sign_in) = &self.sign_in {
                sign_in.warm_up().await;
            }
        };
        tokio::join!(
            sign_in,
            self.verifier.warm_up(),
            self.store.warm_up(),
            self.signer.warm_up(),
        );
    }

    /// The customer of a session, if the role is still accepted.
    pub fn resume(
        &self,
        session: Stored<Session>,
        answering: Answering,
    ) -> Result<Entry, LandingError> {
        Entry::resumed(session, answering, &self.settings.accepted_roles)
    }

    /// The page for a rejection.
    pub fn rejection_page(&self, rejection: &Rejection) -> Response {
        self.rejections.page(&self.settings.branding, rejection)
    }
}
