//! Google identity tokens.

use marketplace_simulator::tokens::{IdentityClaims, foreign, google_identity, marketplace};
use serde_json::json;
use verification::BrokenRule;

use crate::support::{Identity, at, claims as marketplace_claims, rule};

fn claims() -> IdentityClaims {
    IdentityClaims::valid_at(at(0))
}

async fn broken(claims: IdentityClaims) -> Option<BrokenRule> {
    Identity::start().await.rule(&claims).await
}

#[tokio::test]
async fn a_good_token_gives_the_caller() {
    let google = Identity::start().await;
    let token = claims().signed_by(&google_identity()[0]);
    let caller = google.verify(&token).await.unwrap();
    assert_eq!(
        caller.email(),
        "push@example-project.iam.gserviceaccount.com"
    );
    assert_eq!(caller.subject(), "112233445566778899222");
    assert_eq!(
        google.server.paths(),
        ["/www.googleapis.com/oauth2/v1/certs"]
    );
}

#[tokio::test]
async fn both_documented_issuers_are_accepted_and_no_other() {
    assert_eq!(
        broken(claims().set("iss", "accounts.google.com")).await,
        None
    );
    for issuer in [
        "http://accounts.google.com",
        "https://accounts.google.com/",
        "",
    ] {
        let rule = broken(claims().set("iss", issuer)).await;
        assert_eq!(rule, Some(BrokenRule::Issuer), "{issuer}");
    }
}

#[tokio::test]
async fn the_audience_is_exactly_ours() {
    for audience in [
        json!("https://events.example.com"),
        json!("https://events.example.com/events/"),
        json!(["https://events.example.com/events"]),
        json!(null),
    ] {
        let rule = broken(claims().set("aud", audience.clone())).await;
        assert_eq!(rule, Some(BrokenRule::Audience), "{audience}");
    }
    assert_eq!(
        broken(claims().without("aud")).await,
        Some(BrokenRule::Audience)
    );
}

#[tokio::test]
async fn a_token_lives_an_hour_at_most() {
    for (lifetime, expected) in [(3600, None), (3601, Some(BrokenRule::LifetimeTooLong))] {
        let rule = broken(claims().set("exp", at(lifetime).as_second())).await;
        assert_eq!(rule, expected, "{lifetime}");
    }
}

#[tokio::test]
async fn times_are_checked_as_for_customers() {
    for (claims, expected) in [
        (claims().without("iat"), BrokenRule::IssuedAtMissing),
        (claims().without("exp"), BrokenRule::ExpiryMissing),
        (IdentityClaims::valid_at(at(31)), BrokenRule::IssuedInFuture),
        (IdentityClaims::valid_at(at(-3630)), BrokenRule::Expired),
        (
            claims().set("nbf", at(31).as_second()),
            BrokenRule::NotYetValid,
        ),
    ] {
        assert_eq!(broken(claims).await, Some(expected));
    }
}

#[tokio::test]
async fn only_accepted_emails_may_call() {
    for email in [
        json!("attacker@attacker-project.iam.gserviceaccount.com"),
        json!("PUSH@example-project.iam.gserviceaccount.com"),
        json!(" push@example-project.iam.gserviceaccount.com"),
        json!(""),
        json!(["push@example-project.iam.gserviceaccount.com"]),
        json!(null),
    ] {
        let rule = broken(claims().set("email", email.clone())).await;
        assert_eq!(rule, Some(BrokenRule::Email), "{email}");
    }
}

#[tokio::test]
async fn a_token_without_an_email_is_told_from_a_stranger_s() {
    assert_eq!(
        broken(claims().without("email")).await,
        Some(BrokenRule::EmailMissing)
    );
}

#[tokio::test]
async fn an_account_that_was_made_again_at_an_accepted_email_may_not_call() {
    let pinned = "push@example-project.iam.gserviceaccount.com=112233445566778899222";
    let google = Identity::accepting(&[pinned]).await;
    assert_eq!(google.rule(&claims()).await, None);
    for (claims, expected) in [
        (
            claims().set("sub", "112233445566778899223"),
            BrokenRule::UniqueId,
        ),
        (
            claims().set("sub", "11223344556677889922"),
            BrokenRule::UniqueId,
        ),
        (claims().set("email", pinned), BrokenRule::Email),
        (claims().without("email"), BrokenRule::EmailMissing),
        (claims().without("sub"), BrokenRule::SubjectMissing),
    ] {
        assert_eq!(google.rule(&claims).await, Some(expected));
    }
}

#[tokio::test]
async fn the_email_is_verified() {
    for verified in [json!(false), json!("true"), json!(1), json!(null)] {
        let rule = broken(claims().set("email_verified", verified.clone())).await;
        assert_eq!(rule, Some(BrokenRule::EmailNotVerified), "{verified}");
    }
    let rule = broken(claims().without("email_verified")).await;
    assert_eq!(rule, Some(BrokenRule::EmailNotVerified));
}

#[tokio::test]
async fn the_subject_is_required_and_safe() {
    let rule = broken(claims().without("sub")).await;
    assert_eq!(rule, Some(BrokenRule::SubjectMissing));
    let rule = broken(claims().set("sub", "a/b")).await;
    assert_eq!(rule, Some(BrokenRule::SubjectInvalid));
}

#[tokio::test]
async fn tokens_of_other_families_are_refused() {
    let google = Identity::start().await;
    for (token, expected) in [
        (claims().signed_by(foreign()), BrokenRule::UnknownKey),
        (
            claims().signed_by(&marketplace()[0]),
            BrokenRule::UnknownKey,
        ),
        (
            marketplace_claims().signed_by(&google_identity()[0]),
            BrokenRule::Issuer,
        ),
    ] {
        assert_eq!(rule(&google.verify(&token).await), Some(expected));
    }
}

#[tokio::test]
async fn a_token_that_cloud_run_has_checked_is_refused() {
    let google = Identity::start().await;
    let token = claims().signed_by(&google_identity()[0]);
    let (input, _) = token.rsplit_once('.').unwrap();
    let token = format!("{input}.SIGNATURE_REMOVED_BY_GOOGLE");
    let rule = rule(&google.verify(&token).await);
    assert_eq!(rule, Some(BrokenRule::Signature));
}
