//! Whether a customer has access.

use marketplace_website::page::Chip;

use super::cloud_event::{CloudEvent, access_since};
use super::hand_off::HandOff;

/// An event after the hand-off is newer than the hand-off.
pub(super) fn now<'a>(hand_off: &'a HandOff, events: &'a [CloudEvent]) -> &'a str {
    let claims = &hand_off.claims;
    access_since(events, claims.iat).unwrap_or(&claims.access)
}

pub(super) fn explanation(access: &str) -> &'static str {
    match access {
        "live" => {
            "You are signed in without a password: Portico knows who you are from Google, and this \
             application knows it from Portico."
        }
        "pending" => {
            "You are signed in, and no order of yours is active yet. An order waits for the vendor’s \
             approval, then for Google, which takes up to twenty minutes; a private offer waits for the \
             day on which it begins."
        }
        _ => "You are signed in, but your orders have ended.",
    }
}

pub(super) fn chip(access: &str) -> Chip {
    let (text, tone) = match access {
        "live" => ("Access: live", "good"),
        "pending" => ("Access: pending", "wait"),
        _ => ("Access: ended", "bad"),
    };
    Chip { text, tone }
}
