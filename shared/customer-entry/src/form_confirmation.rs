//! What a form of ours carries to prove that our page, and not another site, made it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use store::SessionId;
use subtle::ConstantTimeEq as _;

/// What a form must carry to act for this session: known to its page, not to another site.
pub fn confirmation(session: &SessionId) -> String {
    let mut hash = Sha256::new();
    hash.update(b"portico form confirmation\0");
    hash.update(session.cookie_value());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Whether the form's confirmation is this session's, compared in constant time.
pub(crate) fn confirms(session: &SessionId, unverified_confirmation: &str) -> bool {
    confirmation(session)
        .as_bytes()
        .ct_eq(unverified_confirmation.as_bytes())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confirmation_is_of_one_session_and_does_not_reveal_it() {
        let session = SessionId::random();
        let confirmation = confirmation(&session);
        assert!(confirms(&session, &confirmation));
        assert!(!confirms(&SessionId::random(), &confirmation));
        assert!(!confirms(&session, ""));
        assert!(!confirmation.contains(&session.cookie_value()));
    }
}
