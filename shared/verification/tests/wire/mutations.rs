//! Tokens that nobody thought of.

use std::sync::LazyLock;

use proptest::prelude::{
    Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use proptest::sample::Index;
use serde_json::{Map, Value, json};
use tokio::runtime::{Builder, Runtime};
use verification::{BrokenRule, VerificationError, VerifiedCustomer};

use crate::support::{Marketplace, at, claims, key};

/// One runtime and one verifier for thousands of tokens. All of them come at the same moment, so that
/// the keys are fetched once.
static GOOGLE: LazyLock<(Runtime, Marketplace)> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let google = runtime.block_on(Marketplace::start());
    (runtime, google)
});

static GOOD: LazyLock<String> = LazyLock::new(|| claims().signed_by(key()));

fn verify(token: &str) -> Result<VerifiedCustomer, VerificationError> {
    let (runtime, google) = &*GOOGLE;
    runtime.block_on(google.verify(token))
}

/// Characters that a token has, and some that it must not have.
fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        8 => prop::char::range('A', 'z'),
        2 => prop::char::range('0', '9'),
        2 => prop::sample::select(vec!['.', '-', '_', '=', '+', '/', ' ', '\n', '%']),
        1 => any::<char>(),
    ]
}

#[derive(Debug, Clone)]
enum Mutation {
    Replace(Index, char),
    Insert(Index, char),
    Delete(Index),
    Truncate(Index),
    Repeat(Index, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        4 => (any::<Index>(), character()).prop_map(|(at, c)| Mutation::Replace(at, c)),
        2 => (any::<Index>(), character()).prop_map(|(at, c)| Mutation::Insert(at, c)),
        2 => any::<Index>().prop_map(Mutation::Delete),
        1 => any::<Index>().prop_map(Mutation::Truncate),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Mutation::Repeat(from, to)),
    ]
}

fn apply(token: &str, mutation: &Mutation) -> String {
    let mut characters: Vec<char> = token.chars().collect();
    let length = characters.len();
    if length == 0 {
        return String::new();
    }
    match mutation {
        Mutation::Replace(at, c) => characters[at.index(length)] = *c,
        Mutation::Insert(at, c) => characters.insert(at.index(length + 1), *c),
        Mutation::Delete(at) => {
            characters.remove(at.index(length));
        }
        Mutation::Truncate(at) => characters.truncate(at.index(length)),
        Mutation::Repeat(from, to) => {
            let part = characters[from.index(length)..].to_vec();
            let at = to.index(length);
            characters.splice(at..at, part);
        }
    }
    characters.into_iter().collect()
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-1000_i64..1000).prop_map(|second| Value::from(at(second).as_second())),
        ".{0,12}".prop_map(Value::from),
        "[a-zA-Z0-9._-]{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "RS256",
            "JWT",
            "none",
            "HS256",
            "example.com",
            "account_admin"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-z_]{1,6}", inner), 0..4)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn a_changed_token_is_never_accepted(
        mutations in prop::collection::vec(mutation(), 1..4),
    ) {
        let token = mutations
            .iter()
            .fold(GOOD.clone(), |token, mutation| apply(&token, mutation));
        prop_assert_eq!(verify(&token).is_ok(), token == *GOOD);
    }

    #[test]
    fn any_text_is_refused_by_a_rule(text in "(.{0,40}\\.){0,4}.{0,40}") {
        let refused = matches!(verify(&text), Err(VerificationError::Rejected(_)));
        prop_assert!(refused);
    }

    #[test]
    fn any_bytes_in_good_encoding_are_refused_by_a_rule(
        header in prop::collection::vec(any::<u8>(), 0..60),
        payload in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let token = key().sign_bytes(&header, &payload);
        let refused = matches!(verify(&token), Err(VerificationError::Rejected(_)));
        prop_assert!(refused);
    }

    #[test]
    fn a_header_is_accepted_only_if_it_says_what_it_must(
        name in prop::sample::select(vec!["alg", "kid", "typ", "crit", "b64", "jwk", "x5u", "zip", "cty", "x"]),
        value in json_value(),
    ) {
        let mut header = json!({"alg": "RS256", "kid": key().kid});
        header[name] = value.clone();
        let result = verify(&key().sign(&header.to_string(), &claims().json()));
        let harmless = match name {
            "alg" => value == "RS256",
            "kid" => value == key().kid.as_str(),
            "typ" => value.as_str().is_some_and(|typ| typ.eq_ignore_ascii_case("JWT")),
            "x" => true,
            _ => false,
        };
        // The longest headers made here are below the limit.
        prop_assert_eq!(result.is_ok(), harmless);
    }

    #[test]
    fn a_signed_payload_is_accepted_only_if_every_claim_is_good(
        name in prop::sample::select(vec!["iss", "aud", "iat", "exp", "nbf", "sub", "google", "x"]),
        value in json_value(),
    ) {
        let broken = claims().set(name, value.clone());
        if let Ok(customer) = verify(&broken.signed_by(key())) {
            let claims: Value = serde_json::from_str(&broken.json()).unwrap();
            prop_assert!(["example.com", "signup.example.com"].iter().any(|aud| claims["aud"] == *aud));
            prop_assert_eq!(&claims["sub"], customer.account().as_str());
            prop_assert_eq!(&claims["iat"], customer.issued_at().as_second());
            prop_assert_eq!(&claims["exp"], customer.expires_at().as_second());
            let lifetime = customer.expires_at().as_second() - customer.issued_at().as_second();
            prop_assert!((1..=300).contains(&lifetime));
            prop_assert!(customer.issued_at() <= at(30) && customer.expires_at() > at(-30));
            prop_assert!(claims["google"].is_object());
        }
    }

    #[test]
    fn a_member_of_google_is_carried_as_it_is_or_refused(
        name in prop::sample::select(vec!["user_identity", "roles", "orders", "x"]),
        value in json_value(),
    ) {
        let token = claims().set_google(name, value.clone()).signed_by(key());
        match (name, verify(&token)) {
            ("user_identity", Ok(customer)) => {
                let user = customer.user().map_or("", |user| user.as_str());
                prop_assert_eq!(value, user);
            }
            ("roles", Ok(customer)) => {
                prop_assert_eq!(value, json!(customer.roles()));
            }
            ("orders", Ok(customer)) => {
                prop_assert_eq!(value, json!(customer.orders()));
            }
            ("x", result) => prop_assert!(result.is_ok()),
            (_, Err(VerificationError::Rejected(
                BrokenRule::UserInvalid | BrokenRule::RolesInvalid | BrokenRule::OrdersInvalid,
            ))) => {}
            (name, other) => prop_assert!(false, "{} gave {:?}", name, other),
        }
    }
}
