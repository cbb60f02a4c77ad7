//! The bodies of the messages. Source: messages seen and documented from 2020 to 2026.

use jiff::Timestamp;
use marketplace::ProviderId;
use serde_json::{Map, Value, json};

use super::{Account, Entitlement, PrivateOffer};
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
    match kind {
        EventKind::PlanChangeRequested => plan_change(shape, it),
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

/// The plan that is asked for; by a private offer it comes with the offer, under another name.
fn plan_change(shape: EventShape, it: &Entitlement) -> Map<String, Value> {
    let pending = it.new_pending_plan.as_ref();
    let plan = pending.map_or("", |plan| plan.as_str());
    let offer = it.new_pending_offer.as_ref();
    let private = offer.and_then(|offer| Some((&offer.name, offer.private.as_ref()?)));
    match private {
        Some((name, offer)) if shape != EventShape::Of2020 => {
            let mut fields = object(json!({"newPendingPlan": plan, "newPendingOffer": name}));
            fields.extend(terms(shape, offer));
            fields
        }
        _ => object(json!({"newPlan": plan})),
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

/// What is special about a private offer that was accepted.
fn offer(shape: EventShape, kind: EventKind, it: &Entitlement) -> Map<String, Value> {
    let Some(offer) = &it.private_offer else {
        return Map::new();
    };
    let mut fields = terms(shape, offer);
    if kind == EventKind::OfferAccepted && offer.start.is_some() {
        fields.insert("newOfferStartTime".to_owned(), text(offer.start).into());
    }
    fields
}

/// How long a private offer lasts: empty texts stand for what is not there.
fn terms(shape: EventShape, offer: &PrivateOffer) -> Map<String, Value> {
    let duration = match shape {
        EventShape::Of2026 => "newPendingOfferDuration",
        _ => "newOfferDuration",
    };
    object(json!({
        duration: offer.duration().unwrap_or_default(),
        "newOfferEndTime": text(offer.end()),
    }))
}

fn text(moment: Option<Timestamp>) -> String {
    moment.map_or(String::new(), |moment| moment.to_string())
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
