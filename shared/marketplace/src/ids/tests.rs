use std::fmt::Debug;

use proptest::prelude::*;

use super::*;

#[test]
fn ids_seen_at_google_are_accepted() {
    for text in [
        "0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f",
        "E-1234-5678-ABCD-EFGH",
        "product.endpoints.example-partner.cloud.goog",
        "108437912365498732145",
    ] {
        assert_eq!(ProcurementAccountId::parse(text).unwrap().as_str(), text);
        assert_eq!(UserIdentity::parse(text).unwrap().as_str(), text);
        assert_eq!(EntitlementId::parse(text).unwrap().as_str(), text);
        assert_eq!(ProductId::parse(text).unwrap().as_str(), text);
        assert_eq!(ProviderId::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn orders_products_and_providers_have_what_a_segment_of_a_name_may_have() {
    for text in ["DEMO-example.com:reports-2013", "a~b+c@d"] {
        assert_eq!(EntitlementId::parse(text).unwrap().as_str(), text);
        assert_eq!(ProductId::parse(text).unwrap().as_str(), text);
        assert_eq!(ProviderId::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn path_characters_and_reserved_names_are_refused() {
    for (text, reason) in [
        ("", InvalidId::Empty),
        ("a/b", InvalidId::Character),
        ("a b", InvalidId::Character),
        ("a%2Fb", InvalidId::Character),
        ("a?b", InvalidId::Character),
        ("a#b", InvalidId::Character),
        ("a\\b", InvalidId::Character),
        ("a\u{0}", InvalidId::Character),
        ("a\n", InvalidId::Character),
        ("ä", InvalidId::Character),
        ("a\u{200B}", InvalidId::Character),
        (".", InvalidId::Reserved),
        ("..", InvalidId::Reserved),
        ("__a__", InvalidId::Reserved),
        ("__a", InvalidId::Reserved),
        ("a__", InvalidId::Reserved),
    ] {
        assert_eq!(EntitlementId::parse(text), Err(reason), "{text:?}");
        assert_eq!(ProcurementAccountId::parse(text), Err(reason), "{text:?}");
    }
}

#[test]
fn characters_with_a_meaning_to_a_shell_or_a_list_are_refused() {
    for sign in "$&;|<>()*!'\"`,={}[]^".chars() {
        let text = format!("a{sign}b");
        let refused = EntitlementId::parse(text);
        assert_eq!(refused, Err(InvalidId::Character), "{sign}");
    }
}

#[test]
fn an_id_has_128_bytes_at_most_and_a_plan_256() {
    assert!(EntitlementId::parse("x".repeat(128)).is_ok());
    let long = EntitlementId::parse("x".repeat(129));
    assert_eq!(long, Err(InvalidId::TooLong(128)));
    assert!(PlanId::parse("ä".repeat(128)).is_ok());
    let long = PlanId::parse(format!("{}x", "ä".repeat(128)));
    assert_eq!(long, Err(InvalidId::TooLong(256)));
}

#[test]
fn a_plan_has_any_name_that_can_be_shown() {
    for text in [
        "standard-plan",
        "Pro plan (annual)",
        "Pro/Max, 100 % & more: \"new\" <b>",
        "プラン",
        "Plan n\u{b0}\u{a0}1 \u{2013} \u{20ac}5",
        "..",
        "__a__",
        " Pro ",
        // With the non-joiner and the joiner that shape these words.
        "طرح حرفه\u{200c}ای",
        "ශ්\u{200d}රී  Pro",
        // With selectors of the form in which an emoji and a name's character are shown.
        "Pro \u{2764}\u{fe0f}",
        "葛\u{e0100}城プラン",
    ] {
        assert_eq!(PlanId::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn a_plan_that_shows_nothing_is_none() {
    for text in ["", " ", "\u{a0}\u{3000}"] {
        assert_eq!(PlanId::parse(text), Err(InvalidId::Empty), "{text:?}");
    }
}

#[test]
fn a_plan_has_no_control_and_format_characters() {
    for sign in [
        '\0',
        '\n',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{ad}',
        '\u{61c}',
        '\u{115f}',
        '\u{200b}',
        '\u{200d}',
        '\u{200f}',
        '\u{2028}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{2800}',
        '\u{3164}',
        '\u{e000}',
        '\u{feff}',
        '\u{34f}',
        '\u{17b4}',
        '\u{17b5}',
        '\u{2065}',
        '\u{fdd0}',
        '\u{fffc}',
        '\u{16fe4}',
        '\u{ffff}',
        '\u{e0041}',
        '\u{f0000}',
    ] {
        let refused = PlanId::parse(format!("Pro{sign}plan"));
        assert_eq!(refused, Err(InvalidId::NotShown), "{sign:?}");
    }
}

#[test]
fn a_plan_of_nothing_but_selectors_is_none() {
    for text in ["\u{fe0f}", " \u{e0100}\u{180b}"] {
        let refused = PlanId::parse(text);
        assert_eq!(
            refused,
            Err(InvalidId::NotShown),
            "{}",
            text.escape_unicode()
        );
    }
}

#[test]
fn a_plan_is_shown_on_one_line_without_what_cannot_be_seen() {
    for (text, shown) in [
        ("Pro \u{2764}\u{fe0f} plan", "Pro \u{2764} plan"),
        ("葛\u{e0100}城", "葛城"),
        (" Pro\u{a0} plan ", "Pro plan"),
        ("طرح حرفه\u{200c}ای", "طرح حرفه\u{200c}ای"),
    ] {
        let plan = PlanId::parse(text).unwrap();
        assert_eq!(plan.shown(), shown);
        assert_eq!(plan.as_str(), text);
    }
}

#[test]
fn a_joiner_that_shapes_nothing_is_no_part_of_a_plan() {
    for text in [
        "Pro\u{200c}plan",
        "\u{200c}حرفه",
        "حرفه\u{200c}",
        "حرفه\u{200c}\u{200c}ای",
        "حرفه\u{200c} ای",
    ] {
        let refused = PlanId::parse(text);
        assert_eq!(
            refused,
            Err(InvalidId::NotShown),
            "{}",
            text.escape_unicode()
        );
    }
}

#[test]
fn an_email_address_and_a_custom_method_are_no_customer() {
    for text in ["ada@example.com", "a:approve", "a~b", "a+b"] {
        let user = UserIdentity::parse(text);
        assert_eq!(user, Err(InvalidId::Character), "{text}");
        let account = ProcurementAccountId::parse(text);
        assert_eq!(account, Err(InvalidId::Character), "{text}");
    }
}

#[test]
fn an_invalid_id_does_not_deserialize() {
    assert!(serde_json::from_str::<EntitlementId>("\"a/b\"").is_err());
}

#[test]
fn a_user_identity_is_not_shown() {
    let user = UserIdentity::parse("108437912365498732145").unwrap();
    assert!(!format!("{user:?}").contains("1084"));
}

#[test]
fn a_broken_encoding_is_refused() {
    for text in ["a%", "a%2", "%zz", "%ff"] {
        let refused = PlanId::from_percent_encoded(text);
        assert_eq!(refused, Err(InvalidId::Encoding), "{text}");
    }
    let refused = EntitlementId::from_percent_encoded("a%2Fb");
    assert_eq!(refused, Err(InvalidId::Character));
}

/// It comes back, is one segment, and is what it was before if it is in the alphabet of earlier versions.
fn encodes<T: PartialEq + Debug>(
    id: &T,
    text: &str,
    encoded: &str,
    decode: fn(&str) -> Result<T, InvalidId>,
) {
    assert_eq!(decode(encoded).as_ref(), Ok(id));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
    assert!(encoded.bytes().all(is_plain), "{encoded}");
    let is_old = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    assert!(!text.bytes().all(is_old) || encoded == text, "{encoded}");
}

proptest! {
    #[test]
    fn an_id_is_encoded_without_loss(text in "[A-Za-z0-9._~:@+-]{1,130}") {
        if let Ok(id) = EntitlementId::parse(text.clone()) {
            prop_assert_eq!(id.as_str(), &text);
            encodes(&id, &text, &id.percent_encoded(), EntitlementId::from_percent_encoded);
        }
    }

    #[test]
    fn a_plan_is_encoded_without_loss(text in ".{0,140}") {
        if let Ok(plan) = PlanId::parse(text.clone()) {
            prop_assert!(!text.contains(char::is_control));
            prop_assert!(!plan.shown().is_empty());
            encodes(&plan, &text, &plan.percent_encoded(), PlanId::from_percent_encoded);
        }
    }

    #[test]
    fn everything_accepted_is_safe_in_a_path(text in ".{0,140}") {
        if let Ok(id) = EntitlementId::parse(text.clone()) {
            prop_assert_eq!(id.as_str(), &text);
            prop_assert!(!text.contains(['/', '?', '#', '%', ' ', '\\']));
        }
    }
}
