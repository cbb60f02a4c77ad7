//! Why a token is refused: each rule by its own name.

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The first rule that a token broke.
        ///
        /// Names are for logs and tests. Nobody who sent a token learns which rule it was.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
        #[error("the token was refused: it breaks the rule {}", self.name())]
        pub enum BrokenRule {
            $($(#[$doc])* $variant,)*
        }

        impl BrokenRule {
            /// Every rule, in the order in which they are checked.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The rule's name: stable, in `snake_case`, fit for a log field.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

rules! {
    /// The token is longer than 16 KiB. Checked before anything is parsed.
    TooLong = "token_too_long",
    /// Not three parts separated by two dots (RFC 7515, 7.1). Five parts would be an encrypted token.
    NotThreeParts = "not_three_parts",
    /// The encoded header is longer than 1 KiB.
    HeaderTooLong = "header_too_long",
    /// The header is not canonical base64url without padding (RFC 7515, 2; RFC 4648, 3.5).
    HeaderEncoding = "header_encoding",
    /// The payload is not canonical base64url without padding.
    PayloadEncoding = "payload_encoding",
    /// The signature is empty, or not canonical base64url without padding: a second spelling of one
    /// signature would be a second token.
    SignatureEncoding = "signature_encoding",
    /// The header is not a JSON object in UTF-8 (RFC 7515, 5.2).
    HeaderNotObject = "header_not_object",
    /// The header names a member twice, at any depth (RFC 7515, 4): parsers disagree on which counts.
    HeaderMemberTwice = "header_member_twice",
    /// `crit` is present (RFC 7515, 4.1.11): no extension is understood here, so none may be critical.
    CriticalHeader = "critical_header",
    /// `b64` is present (RFC 7797): the payload would be signed in another form than it is read.
    UnencodedPayload = "unencoded_payload",
    /// `jwk`, `jku`, `x5u` or `x5c` is present (RFC 8725, 3.10): the token brings its own key or says
    /// where to get it.
    KeyInHeader = "key_in_header",
    /// `zip` is present (RFC 8725, 3.6): nothing is decompressed.
    Compressed = "compressed",
    /// `cty` is present (RFC 7519, 5.2): the payload would be another token.
    NestedToken = "nested_token",
    /// `typ` is neither absent nor `JWT` (RFC 8725, 3.11): a token made for another use.
    TokenType = "token_type",
    /// `alg` is not exactly `RS256` (RFC 8725, 3.1): not `none`, not an HMAC with the public key.
    Algorithm = "algorithm",
    /// `kid` is absent or not a string: keys are never tried in turn.
    KeyIdMissing = "key_id_missing",
    /// `kid` is empty, longer than 128 characters, or not of `A–Z a–z 0–9 . _ -` (RFC 8725, 3.10).
    KeyIdInvalid = "key_id_invalid",
    /// Google does not publish a usable key of this id.
    UnknownKey = "unknown_key",
    /// The signature is not of this header and payload by this key.
    Signature = "signature",
    /// The payload is not a JSON object in UTF-8 (RFC 7519, 7.2).
    PayloadNotObject = "payload_not_object",
    /// The payload names a claim twice, at any depth (RFC 7519, 4).
    ClaimTwice = "claim_twice",
    /// `iss` is absent or not exactly the profile's issuer.
    Issuer = "issuer",
    /// `aud` is absent, a list, or not exactly one of the configured audiences (RFC 8725, 3.9).
    Audience = "audience",
    /// `iat` is absent.
    IssuedAtMissing = "issued_at_missing",
    /// `iat` is not a whole, non-negative number of seconds of this calendar.
    IssuedAtInvalid = "issued_at_invalid",
    /// `exp` is absent.
    ExpiryMissing = "expiry_missing",
    /// `exp` is not a whole, non-negative number of seconds of this calendar.
    ExpiryInvalid = "expiry_invalid",
    /// `nbf` is present and not a whole, non-negative number of seconds of this calendar.
    NotBeforeInvalid = "not_before_invalid",
    /// `exp` is not after `iat`.
    ExpiryNotAfterIssue = "expiry_not_after_issue",
    /// `exp − iat` is longer than the profile's lifetime: such a token is not Google's usual one.
    LifetimeTooLong = "lifetime_too_long",
    /// `iat` is more than 30 seconds ahead.
    IssuedInFuture = "issued_in_future",
    /// `nbf` is more than 30 seconds ahead (RFC 7519, 4.1.5).
    NotYetValid = "not_yet_valid",
    /// `exp` was 30 seconds ago or more (RFC 7519, 4.1.4).
    Expired = "expired",
    /// `sub` is absent, not a string, or empty.
    SubjectMissing = "subject_missing",
    /// `sub` is not an id of a safe alphabet: it becomes part of a URL path.
    SubjectInvalid = "subject_invalid",
    /// `google` is absent (Marketplace).
    GoogleMissing = "google_missing",
    /// `google` is not an object (Marketplace).
    GoogleInvalid = "google_invalid",
    /// `google.user_identity` is neither absent nor a string of a safe alphabet (Marketplace).
    UserInvalid = "user_invalid",
    /// `google.roles` is neither absent nor a list of at most 16 strings of at most 64 bytes (Marketplace).
    RolesInvalid = "roles_invalid",
    /// `google.orders` is neither absent nor a list of at most 256 order ids (Marketplace).
    OrdersInvalid = "orders_invalid",
    /// `email` is absent (Google identity): the token was asked for without it.
    EmailMissing = "email_missing",
    /// `email` is not exactly an accepted one (Google identity): any service account of any Google customer
    /// can get a token for any audience.
    Email = "email",
    /// `sub` is not the unique id that is configured for this `email` (Google identity): the account was
    /// deleted, and another one made at its address.
    UniqueId = "unique_id",
    /// `email_verified` is not `true` (Google identity).
    EmailNotVerified = "email_not_verified",
    /// `nonce` is not the one of this sign-in (OpenID Connect Core, 3.1.3.7).
    Nonce = "nonce",
    /// `azp` is present and not our client (OpenID Connect Core, 3.1.3.7).
    AuthorizedParty = "authorized_party",
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own() {
        let names: HashSet<_> = BrokenRule::ALL.iter().map(|rule| rule.name()).collect();
        assert_eq!(names.len(), BrokenRule::ALL.len());
        assert!(names.iter().all(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        }));
    }

    #[test]
    fn the_readme_explains_every_rule() {
        let readme = include_str!("../README.md");
        for rule in BrokenRule::ALL {
            assert!(
                readme.contains(&format!("`{}`", rule.name())),
                "{} is missing",
                rule.name()
            );
        }
    }
}
