//! The form of a token: what RFC 7515 and RFC 8725 let an attacker play with.

use marketplace_simulator::tokens::{
    MARKETPLACE_ISSUER, SigningKey, foreign, google_identity, hand_off_signer, weak_certificate,
    weak_token,
};
use verification::BrokenRule;

use crate::key_server::KeyServer;
use crate::support::{Marketplace, claims, key};

/// A header whose members are given as JSON text.
async fn header_rule(header: &str) -> Option<BrokenRule> {
    let token = key().sign(header, &claims().json());
    Marketplace::start().await.rule(&token).await
}

/// A good header with one more member.
async fn member_rule(member: &str) -> Option<BrokenRule> {
    header_rule(&format!(
        r#"{{"alg":"RS256","kid":"{}",{member}}}"#,
        key().kid
    ))
    .await
}

fn parts(token: &str) -> [String; 3] {
    let parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts.try_into().unwrap()
}

#[tokio::test]
async fn a_token_of_more_than_16_kib_is_refused_unread() {
    let google = Marketplace::start().await;
    let [header, _, signature] = parts(&claims().signed_by(key()));
    let room = 16_384 - header.len() - signature.len() - 2;
    let fits = format!("{header}.{}.{signature}", "A".repeat(room));
    assert_ne!(google.rule(&fits).await, Some(BrokenRule::TooLong));
    let too_long = format!("{header}.{}.{signature}", "A".repeat(room + 1));
    assert_eq!(google.rule(&too_long).await, Some(BrokenRule::TooLong));
    assert_eq!(
        google.rule(&".".repeat(10_000_000)).await,
        Some(BrokenRule::TooLong)
    );
}

#[tokio::test]
async fn anything_but_three_parts_is_refused() {
    let google = Marketplace::start().await;
    let token = claims().signed_by(key());
    let [header, payload, _] = parts(&token);
    for broken in [
        String::new(),
        header.clone(),
        format!("{header}.{payload}"),
        format!("{token}."),
        format!(".{token}"),
        format!("{header}..{payload}.a.b"),
    ] {
        let rule = google.rule(&broken).await;
        assert_eq!(rule, Some(BrokenRule::NotThreeParts), "{broken}");
    }
    assert_eq!(google.server.requests(), 0);
}

#[tokio::test]
async fn a_header_of_more_than_1_kib_is_refused() {
    let padding = "x".repeat(1024);
    let rule = member_rule(&format!(r#""x":"{padding}""#)).await;
    assert_eq!(rule, Some(BrokenRule::HeaderTooLong));
}

#[tokio::test]
async fn each_part_has_one_spelling() {
    let google = Marketplace::start().await;
    let [header, payload, signature] = parts(&claims().signed_by(key()));
    let spoil = |part: &str| {
        [
            format!("{part}="),
            format!("{part} "),
            format!("\n{part}"),
            format!("{part}+"),
            format!("{part}/AA"),
            format!("{part}ä"),
            format!("%{part}"),
        ]
    };
    for (number, rule) in [
        (0, BrokenRule::HeaderEncoding),
        (1, BrokenRule::PayloadEncoding),
        (2, BrokenRule::SignatureEncoding),
    ] {
        let good = [&header, &payload, &signature];
        for broken in spoil(good[number]) {
            let mut parts = good;
            parts[number] = &broken;
            let token = format!("{}.{}.{}", parts[0], parts[1], parts[2]);
            assert_eq!(google.rule(&token).await, Some(rule), "{broken}");
        }
    }
}

#[tokio::test]
async fn trailing_bits_make_no_second_token() {
    let google = Marketplace::start().await;
    let token = claims().signed_by(key());
    assert_eq!(google.rule(&token).await, None);
    // 256 bytes are 342 characters, of which the last one carries two bits and four zeros.
    let (rest, last) = token.split_at(token.len() - 1);
    let other = match last {
        "A" => "B",
        "Q" => "R",
        "g" => "h",
        "w" => "x",
        _ => panic!("not canonical: {last}"),
    };
    let rule = google.rule(&format!("{rest}{other}")).await;
    assert_eq!(rule, Some(BrokenRule::SignatureEncoding));
}

#[tokio::test]
async fn a_token_without_signature_is_refused() {
    let google = Marketplace::start().await;
    let token = SigningKey::unsigned(&key().header(), &claims().json());
    let rule = google.rule(&token).await;
    assert_eq!(rule, Some(BrokenRule::SignatureEncoding));
}

#[tokio::test]
async fn a_header_that_is_no_json_object_is_refused() {
    for header in ["", "null", "[]", "\"RS256\"", "{", "{}{}", "RS256"] {
        let rule = header_rule(header).await;
        assert_eq!(rule, Some(BrokenRule::HeaderNotObject), "{header}");
    }
    let google = Marketplace::start().await;
    let not_utf8 = key().sign_bytes(b"{\"alg\":\"RS256\",\"kid\":\"\xff\"}", b"{}");
    let rule = google.rule(&not_utf8).await;
    assert_eq!(rule, Some(BrokenRule::HeaderNotObject));
}

#[tokio::test]
async fn a_header_member_named_twice_is_refused() {
    for member in [
        r#""alg":"none""#,
        r#""kid":"other""#,
        r#""x":1,"x":1"#,
        r#""x":{"y":1,"y":1}"#,
    ] {
        let rule = member_rule(member).await;
        assert_eq!(rule, Some(BrokenRule::HeaderMemberTwice), "{member}");
    }
}

#[tokio::test]
async fn critical_extensions_are_refused() {
    for crit in [r#"["exp"]"#, r#"["b64"]"#, "[]", "null"] {
        let rule = member_rule(&format!(r#""crit":{crit}"#)).await;
        assert_eq!(rule, Some(BrokenRule::CriticalHeader), "{crit}");
    }
}

#[tokio::test]
async fn an_unencoded_payload_is_refused() {
    for b64 in ["false", "true"] {
        let rule = member_rule(&format!(r#""b64":{b64}"#)).await;
        assert_eq!(rule, Some(BrokenRule::UnencodedPayload));
    }
}

#[tokio::test]
async fn a_key_in_the_header_is_refused() {
    for member in [
        r#""jwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}"#,
        r#""jku":"https://attacker.example/keys""#,
        r#""x5u":"https://attacker.example/certificate""#,
        r#""x5c":["MAA="]"#,
    ] {
        let rule = member_rule(member).await;
        assert_eq!(rule, Some(BrokenRule::KeyInHeader), "{member}");
    }
}

#[tokio::test]
async fn compression_is_refused() {
    let rule = member_rule(r#""zip":"DEF""#).await;
    assert_eq!(rule, Some(BrokenRule::Compressed));
}

#[tokio::test]
async fn a_token_within_a_token_is_refused() {
    let rule = member_rule(r#""cty":"JWT""#).await;
    assert_eq!(rule, Some(BrokenRule::NestedToken));
}

#[tokio::test]
async fn the_type_is_absent_or_jwt() {
    for typ in [r#""JWT""#, r#""jwt""#] {
        assert_eq!(member_rule(&format!(r#""typ":{typ}"#)).await, None);
    }
    let bare = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, key().kid);
    assert_eq!(header_rule(&bare).await, None);
    for typ in [r#""at+jwt""#, r#""JOSE""#, r#""""#, "null", "1"] {
        let rule = member_rule(&format!(r#""typ":{typ}"#)).await;
        assert_eq!(rule, Some(BrokenRule::TokenType), "{typ}");
    }
}

#[tokio::test]
async fn members_without_a_meaning_here_are_ignored() {
    for member in [
        r#""x5t":"AAAA""#,
        r#""x5t#S256":"AAAA""#,
        r#""x":{"y":[1]}"#,
    ] {
        assert_eq!(member_rule(member).await, None, "{member}");
    }
}

#[tokio::test]
async fn the_algorithm_is_rs256_and_nothing_else() {
    let kid = &key().kid;
    for alg in [
        r#""none""#,
        r#""None""#,
        r#""nOnE""#,
        r#""""#,
        r#""HS256""#,
        r#""RS384""#,
        r#""RS512""#,
        r#""PS256""#,
        r#""ES256""#,
        r#""EdDSA""#,
        r#""rs256""#,
        r#""RS256 ""#,
        "null",
        "256",
        r#"["RS256"]"#,
    ] {
        let rule = header_rule(&format!(r#"{{"alg":{alg},"kid":"{kid}"}}"#)).await;
        assert_eq!(rule, Some(BrokenRule::Algorithm), "{alg}");
    }
    let rule = header_rule(&format!(r#"{{"kid":"{kid}"}}"#)).await;
    assert_eq!(rule, Some(BrokenRule::Algorithm));
}

#[tokio::test]
async fn an_hmac_with_the_public_key_is_refused() {
    let google = Marketplace::start().await;
    for (alg, expected) in [
        ("HS256", BrokenRule::Algorithm),
        ("RS256", BrokenRule::Signature),
    ] {
        let header = format!(r#"{{"alg":"{alg}","kid":"{}"}}"#, key().kid);
        let token = key().sign_as_hmac(&header, &claims().json());
        assert_eq!(google.rule(&token).await, Some(expected), "{alg}");
    }
}

#[tokio::test]
async fn a_key_id_is_required() {
    for header in [
        r#"{"alg":"RS256"}"#,
        r#"{"alg":"RS256","kid":null}"#,
        r#"{"alg":"RS256","kid":1}"#,
        r#"{"alg":"RS256","kid":["a"]}"#,
    ] {
        let rule = header_rule(header).await;
        assert_eq!(rule, Some(BrokenRule::KeyIdMissing), "{header}");
    }
}

#[tokio::test]
async fn a_key_id_is_a_plain_name() {
    for kid in [
        "",
        "../../etc/passwd",
        "a b",
        "' or 1=1",
        "a\\u0000",
        "ä",
        &"a".repeat(129),
    ] {
        let rule = header_rule(&format!(r#"{{"alg":"RS256","kid":"{kid}"}}"#)).await;
        assert_eq!(rule, Some(BrokenRule::KeyIdInvalid), "{kid}");
    }
}

#[tokio::test]
async fn a_key_that_google_does_not_publish_is_refused() {
    let google = Marketplace::start().await;
    for stranger in [foreign(), &google_identity()[0], &hand_off_signer()[0]] {
        let token = claims().signed_by(stranger);
        assert_eq!(google.rule(&token).await, Some(BrokenRule::UnknownKey));
    }
    assert_eq!(
        google.server.paths(),
        [format!(
            "/www.googleapis.com{}",
            MARKETPLACE_ISSUER.split_at(26).1
        )]
    );
}

#[tokio::test]
async fn a_foreign_signature_under_a_known_key_id_is_refused() {
    let google = Marketplace::start().await;
    let token = foreign().sign(&key().header(), &claims().json());
    assert_eq!(google.rule(&token).await, Some(BrokenRule::Signature));
}

#[tokio::test]
async fn a_signature_of_something_else_is_refused() {
    let google = Marketplace::start().await;
    let [header, payload, signature] = parts(&claims().signed_by(key()));
    let [_, other, _] = parts(&claims().set("sub", "other").signed_by(key()));
    for token in [
        format!("{header}.{other}.{signature}"),
        format!("{header}.{payload}.AAAA"),
        format!("{header}.{payload}.{}", "A".repeat(342)),
        format!("{header}.{payload}.{}", "A".repeat(4096)),
        key().sign_input(&format!("{header}.{payload}")).replace(
            &header,
            &parts(&foreign().sign(&format!("{} ", key().header()), "{}"))[0],
        ),
    ] {
        assert_eq!(google.rule(&token).await, Some(BrokenRule::Signature));
    }
}

#[tokio::test]
async fn a_token_of_a_weak_key_is_refused_although_the_key_is_published() {
    let (kid, certificate) = weak_certificate();
    let good = key();
    let body = format!(
        "{{\"{kid}\":{},\"{}\":{}}}",
        json(certificate),
        good.kid,
        json(good.certificate_pem)
    );
    let server = KeyServer::start(crate::key_server::KeyAnswer::ok("max-age=600", &body)).await;
    let google = Marketplace::with(server);
    let rule = google.rule(weak_token()).await;
    assert_eq!(rule, Some(BrokenRule::UnknownKey));
    assert_eq!(google.rule(&claims().signed_by(good)).await, None);
}

fn json(text: &str) -> String {
    format!("\"{}\"", text.replace('\n', "\\n"))
}
