//! The bodies of the messages. Source: messages seen and documented from 2020 to 2026.

use marketplace::ProviderId;
use serde_json::{Map, Value, json};

use super::{Account, Entitlement};
use crate::event_kind::EventKind;
use crate::settings::EventShape;

/// What the Marketplace says of an account.
pub(super) fn of_account(
    provider: &ProviderId,
    kind: EventKind,
    operation: &str,
    account: &Account,
) -> Value {
    json!({
        "eventId": operation,
        "eventType": kind.as_str(),
        "account": {"id": account.id.as_str(), "updateTime": account.update_time.to_string()},
        "providerId": provider.as_str(),
    })
}

/// What the Marketplace says of an entitlement, in the operation that is under way.
pub(super) fn of_entitlement(
    provider: &ProviderId,
    shape: EventShape,
    kind: EventKind,
    entitlement: &Entitlement,
) -> Value {
    let mut fields = details(shape, kind, entitlement);
    fields.insert("id".to_owned(), entitlement.id.as_str().into());
    let time = entitlement.update_time.to_string();
    fields.insert("updateTime".to_owned(), time.into());
    json!({
        "eventId": entitlement.operation,
        "eventType": kind.as_str(),
        "entitlement": fields,
        "providerId": provider.as_str(),
    })
}

fn details(shape: EventShape, kind: EventKind, it: &Entitlement) -> Map<String, Value> {
    let pending = it
        .new_pending_plan
        .as_ref()
        .map_or("", |plan| plan.as_str());
    match kind {
        EventKind::PlanChangeRequested => object(json!({"newPlan": pending})),
        EventKind::PlanChanged => object(json!({"newPlan": it.plan.as_str()})),
        _ if shape == EventShape::Of2020 => Map::new(),
        EventKind::CreationRequested | EventKind::OfferAccepted => {
            let mut fields = order(it);
            fields.extend(offer(shape, kind, it));
            fields
        }
        EventKind::Active => order(it),
        _ => Map::new(),
    }
}

fn order(it: &Entitlement) -> Map<String, Value> {
    // Of a private offer, `newProduct` was seen to carry the name of the offer.
    let product = match it.private_offer {
        Some(_) => it.offer.as_str(),
        None => it.product.as_str(),
    };
    object(json!({
        "newPlan": it.plan.as_str(),
        "newProduct": product,
        "newOffer": it.offer,
        "orderId": it.id.as_str(),
        "entitlementBenefitIds": it.benefit_ids,
    }))
}

/// The terms of a private offer: empty texts stand for what is not there.
fn offer(shape: EventShape, kind: EventKind, it: &Entitlement) -> Map<String, Value> {
    let Some(offer) = &it.private_offer else {
        return Map::new();
    };
    let duration = match shape {
        EventShape::Of2026 => "newPendingOfferDuration",
        _ => "newOfferDuration",
    };
    let text = |moment: Option<jiff::Timestamp>| moment.map_or(String::new(), |m| m.to_string());
    let mut fields = object(json!({
        duration: offer.duration().unwrap_or_default(),
        "newOfferEndTime": text(offer.end()),
    }));
    if kind == EventKind::OfferAccepted && offer.start.is_some() {
        fields.insert("newOfferStartTime".to_owned(), text(offer.start).into());
    }
    fields
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
