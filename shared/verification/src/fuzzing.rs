//! The offline half of a verification, for arbitrary bytes. For fuzz targets only: it proves nothing.

use jiff::Timestamp;
use marketplace::{TokenFingerprint, UserIdentity};

use crate::accepted_emails::AcceptedEmails;
use crate::audiences::Audiences;
use crate::customer::CustomerParts;
use crate::identity::VerifiedCaller;
use crate::unverified::{SignedPayload, UnverifiedToken};
use crate::{id_token, identity, marketplace_token};

/// Reads the bytes as a token, as far as that goes without a key: the key's id, if its form is good.
pub fn structure(token: &[u8]) -> Option<String> {
    let text = str::from_utf8(token).ok()?;
    let token = UnverifiedToken::parse(text).ok()?;
    Some(token.key_id().to_owned())
}

/// What a payload is, by each profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadClaims {
    /// By the Marketplace's: the customer.
    pub customer: Option<CustomerParts>,
    /// By that of identity tokens: who calls, if it is `push@example.com`.
    pub caller: Option<VerifiedCaller>,
    /// By that of Google sign-in, with the nonce `nonce`: the user.
    pub user: Option<UserIdentity>,
}

/// Reads the bytes as the payload of a token whose signature was good, for `signup.example.com`, under every profile.
pub fn claims(payload: &[u8], now: Timestamp) -> Option<ReadClaims> {
    let audiences = Audiences::parse(vec!["signup.example.com".to_owned()]).ok()?;
    let emails = AcceptedEmails::parse(vec!["push@example.com".to_owned()]).ok()?;
    let payload = SignedPayload {
        json: payload.to_vec(),
        fingerprint: TokenFingerprint::new([0; 32]),
    };
    let customer = marketplace_token::customer(&payload, &audiences, now).ok();
    Some(ReadClaims {
        customer: customer.map(|customer| customer.parts()),
        caller: identity::caller(&payload, &audiences, &emails, now).ok(),
        user: id_token::user(&payload, &audiences, "nonce", now).ok(),
    })
}

#[cfg(test)]
mod tests {
    //! The seeds are what the targets begin with: a target whose seeds are all refused proves little.

    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    const TOKEN: &[u8] = include_bytes!("../fuzz/seeds/verify/token-256-orders.txt");

    fn read(payload: &[u8]) -> ReadClaims {
        claims(payload, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn the_seed_with_256_orders_is_a_token_of_14_kilobytes() {
        assert!((14_000..16_384).contains(&TOKEN.len()), "{}", TOKEN.len());
        assert_eq!(structure(TOKEN).as_deref(), Some("a1"));
        let payload = include_bytes!("../fuzz/seeds/verify/marketplace-256-orders.json");
        let middle = TOKEN.split(|byte| *byte == b'.').nth(1).unwrap();
        assert_eq!(middle, URL_SAFE_NO_PAD.encode(payload).as_bytes());
        assert_eq!(read(payload).customer.unwrap().orders.len(), 256);
        let posted = include_bytes!("../fuzz/seeds/forms/token-256-orders");
        assert!(posted.ends_with(TOKEN));
    }

    #[test]
    fn each_profile_has_a_seed_that_no_other_takes() {
        let customer = read(include_bytes!("../fuzz/seeds/verify/marketplace.json"));
        assert!(customer.customer.is_some());
        assert!(customer.caller.is_none() && customer.user.is_none());
        let caller = read(include_bytes!("../fuzz/seeds/verify/identity.json"));
        assert_eq!(caller.caller.unwrap().email(), "push@example.com");
        assert!(caller.customer.is_none() && caller.user.is_none());
        let user = read(include_bytes!("../fuzz/seeds/verify/sign-in.json"));
        assert_eq!(user.user.unwrap().as_str(), "1");
        assert!(user.customer.is_none() && user.caller.is_none());
    }
}
