//! Identity tokens that no function may accept.

use jiff::Timestamp;
use marketplace_simulator::Simulator;
use marketplace_simulator::tokens::{self, IdentityClaims};

/// The claims of this caller's token now.
pub fn identity_claims(caller: &str, audience: &str) -> IdentityClaims {
    IdentityClaims::valid_at(Timestamp::now())
        .set("aud", audience)
        .set("email", caller)
}

/// A token with these claims, signed by Google.
pub fn signed(claims: &IdentityClaims) -> String {
    // The first is the simulator's key of now.
    claims.signed_by(&tokens::google_identity()[0])
}

/// What is sent instead of this caller's token, and must be refused. The Marketplace's token is one of a customer.
pub fn forged_identities(
    simulator: &Simulator,
    caller: &str,
    audience: &str,
    marketplace_token: String,
) -> Vec<Option<String>> {
    let good = simulator.identity_token(caller, audience);
    let (claims, signature) = good.rsplit_once('.').expect("a signature");
    let reversed: String = signature.chars().rev().collect();
    let valid = || identity_claims(caller, audience);
    let past = Timestamp::now().as_second() - 7_200;
    let stranger = "stranger@example-project.iam.gserviceaccount.com";
    let forged = [
        String::new(),
        "x".to_owned(),
        // What Cloud Run's own check leaves of a token.
        format!("{claims}.SIGNATURE_REMOVED_BY_GOOGLE"),
        format!("{claims}.{reversed}"),
        // Of another caller, or for another audience.
        simulator.identity_token(stranger, audience),
        simulator.identity_token("other@example.com", audience),
        simulator.identity_token(caller, "https://other.example.com"),
        simulator.identity_token(caller, &format!("{audience}/")),
        simulator.identity_token(&caller.to_uppercase(), audience),
        // Not verified, expired, without an e-mail.
        signed(&valid().set("email_verified", false)),
        signed(&valid().set("email_verified", "true")),
        signed(&valid().without("email_verified")),
        signed(&valid().without("email")),
        signed(&valid().set("iat", past).set("exp", past + 3_600)),
        signed(&valid().set("iss", tokens::MARKETPLACE_ISSUER)),
        // The Marketplace's token, and ours signed with the Marketplace's key.
        marketplace_token,
        valid().signed_by(simulator.signing_key()),
        valid().signed_by(tokens::foreign()),
    ];
    forged.into_iter().map(Some).chain([None]).collect()
}
