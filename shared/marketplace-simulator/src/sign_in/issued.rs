//! What was issued: codes that wait for their exchange, and access tokens of users.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::authorization::Authorization;
use super::scope::Scope;
use crate::marketplace_state::User;
use crate::random;

#[derive(Debug, Default)]
pub(crate) struct Issued {
    codes: BTreeMap<String, CodeGrant>,
    access_tokens: BTreeMap<String, UserAccess>,
}

#[derive(Debug, Clone)]
pub(crate) struct CodeGrant {
    pub(crate) authorization: Authorization,
    pub(crate) user: User,
    /// By then it must have been exchanged.
    pub(crate) end: Timestamp,
}

#[derive(Debug, Clone)]
pub(crate) struct UserAccess {
    pub(crate) user: User,
    pub(crate) scopes: BTreeSet<Scope>,
    pub(crate) end: Timestamp,
}

impl Issued {
    /// A new code, in Google's form: with a slash, which an address must encode.
    pub(crate) fn issue(&mut self, grant: CodeGrant) -> String {
        let code = format!("4/0A{}", random::token());
        self.codes.insert(code.clone(), grant);
        code
    }

    /// Takes the code out: also after a failed exchange there is no second one.
    pub(crate) fn redeem(&mut self, code: &str, now: Timestamp) -> Option<CodeGrant> {
        self.codes.remove(code).filter(|grant| grant.end > now)
    }

    pub(crate) fn expire_codes(&mut self) {
        self.codes.clear();
    }

    pub(crate) fn open(&mut self, access: UserAccess) -> String {
        let token = format!("ya29.simulated-user-{}", random::token());
        self.access_tokens.insert(token.clone(), access);
        token
    }

    pub(crate) fn access(&self, token: &str, now: Timestamp) -> Option<UserAccess> {
        let access = self.access_tokens.get(token);
        access.filter(|access| access.end > now).cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::SignIns;
    use super::*;
    use crate::marketplace_state::{outsider, stranger};
    use crate::settings::OAuthClient;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn grant() -> CodeGrant {
        let client = OAuthClient {
            redirect_uris: vec!["https://portico.example/".to_owned()],
            ..OAuthClient::default()
        };
        let query = format!(
            "client_id={}&redirect_uri=https://portico.example/&response_type=code&scope=openid",
            client.id
        );
        CodeGrant {
            authorization: Authorization::parse(&query, &client, &SignIns::default()).unwrap(),
            user: outsider(stranger()),
            end: NOW + Duration::from_secs(10),
        }
    }

    #[test]
    fn a_code_is_taken_until_its_end_and_once() {
        let mut issued = Issued::default();
        let code = issued.issue(grant());
        assert!(issued.redeem(&code, NOW + Duration::from_secs(9)).is_some());
        assert!(issued.redeem(&code, NOW).is_none());
        let code = issued.issue(grant());
        assert!(
            issued
                .redeem(&code, NOW + Duration::from_secs(10))
                .is_none()
        );
    }

    #[test]
    fn an_access_token_is_taken_until_its_end() {
        let mut issued = Issued::default();
        let token = issued.open(UserAccess {
            user: grant().user,
            scopes: BTreeSet::new(),
            end: NOW + Duration::from_secs(10),
        });
        let (before, at) = (Duration::from_secs(9), Duration::from_secs(10));
        assert!(issued.access(&token, NOW + before).is_some());
        assert!(issued.access(&token, NOW + at).is_none());
    }
}
