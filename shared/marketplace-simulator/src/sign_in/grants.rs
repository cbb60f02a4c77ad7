//! What was granted: codes that wait for their exchange, and access tokens.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::authorization::Authorization;
use super::scope::Scope;
use crate::state::{User, random_token};

/// Every code and every access token.
#[derive(Debug, Default)]
pub(super) struct Grants {
    codes: BTreeMap<String, Grant>,
    access_tokens: BTreeMap<String, Access>,
}

/// Behind a code.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) authorization: Authorization,
    pub(super) user: User,
    /// By then it must have been exchanged.
    pub(super) end: Timestamp,
}

/// Behind an access token.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) user: User,
    pub(super) scopes: BTreeSet<Scope>,
    pub(super) end: Timestamp,
}

impl Grants {
    /// A new code, in Google's form: with a slash, which an address must encode.
    pub(super) fn issue(&mut self, grant: Grant) -> String {
        let code = format!("4/0A{}", random_token());
        self.codes.insert(code.clone(), grant);
        code
    }

    /// Takes the code out: whatever comes of the exchange, there is no second one.
    pub(super) fn redeem(&mut self, code: &str, now: Timestamp) -> Option<Grant> {
        self.codes.remove(code).filter(|grant| grant.end > now)
    }

    pub(super) fn expire_codes(&mut self) {
        self.codes.clear();
    }

    pub(super) fn open(&mut self, access: Access) -> String {
        let token = format!("ya29.simulated-user-{}", random_token());
        self.access_tokens.insert(token.clone(), access);
        token
    }

    pub(super) fn access(&self, token: &str, now: Timestamp) -> Option<Access> {
        let access = self.access_tokens.get(token);
        access.filter(|access| access.end > now).cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::settings::Settings;
    use crate::sign_in::stranger;
    use crate::world::World;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn grant() -> Grant {
        let mut settings = Settings::default();
        settings.oauth_client.redirect_uris = vec!["https://portico.example/".to_owned()];
        let world = World::new(settings, "http://127.0.0.1:1");
        let query = format!(
            "client_id={}&redirect_uri=https://portico.example/&response_type=code&scope=openid",
            world.settings.oauth_client.id
        );
        Grant {
            authorization: world.authorization(&query).unwrap(),
            user: world.person(&stranger()),
            end: NOW + Duration::from_secs(10),
        }
    }

    #[test]
    fn a_code_is_taken_until_its_end_and_once() {
        let mut grants = Grants::default();
        let code = grants.issue(grant());
        assert!(grants.redeem(&code, NOW + Duration::from_secs(9)).is_some());
        assert!(grants.redeem(&code, NOW).is_none());
        let code = grants.issue(grant());
        assert!(
            grants
                .redeem(&code, NOW + Duration::from_secs(10))
                .is_none()
        );
    }

    #[test]
    fn an_access_token_is_taken_until_its_end() {
        let mut grants = Grants::default();
        let token = grants.open(Access {
            user: grant().user,
            scopes: BTreeSet::new(),
            end: NOW + Duration::from_secs(10),
        });
        let (before, at) = (Duration::from_secs(9), Duration::from_secs(10));
        assert!(grants.access(&token, NOW + before).is_some());
        assert!(grants.access(&token, NOW + at).is_none());
    }
}
