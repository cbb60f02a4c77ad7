//! The Partner Procurement API on the wire.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::filter::Filter;
use super::paging::{Page, Sizes};
use super::resources;
use crate::answer::Answer;
use crate::discovery::Operation;
use crate::google_error::GoogleError;
use crate::state::{Entitlement, State};
use crate::world::World;

/// As the discovery document says.
const ACCOUNTS: Sizes = Sizes {
    default: 25,
    max: 200,
};
/// As the discovery document says; a maximum it does not name.
const ENTITLEMENTS: Sizes = Sizes {
    default: 200,
    max: 200,
};

pub(super) fn perform(
    world: &World,
    operation: &Operation,
    now: Timestamp,
) -> Result<Answer, GoogleError> {
    if operation.variable(0) != world.settings.provider.as_str() {
        return Err(GoogleError::permission_denied());
    }
    let method = operation
        .id
        .trim_start_matches("cloudcommerceprocurement.providers.");
    match method {
        "accounts.get" => get_account(world, operation),
        "accounts.list" => list_accounts(world, operation),
        "entitlements.get" => get_entitlement(world, operation),
        "entitlements.list" => list_entitlements(world, operation),
        "entitlements.patch" => patch_entitlement(world, operation, now),
        _ => {
            world.change(|state| transition(state, method, operation, now))?;
            let what = method.replace('.', " ");
            let summary = format!("{what} {}", operation.variable(1));
            Ok(Answer::json(&Value::Object(Map::new()), summary))
        }
    }
}

/// The methods that move an account or entitlement and answer nothing.
fn transition(
    state: &mut State,
    method: &str,
    operation: &Operation,
    now: Timestamp,
) -> Result<(), GoogleError> {
    let id = operation.variable(1);
    let reason = operation.text("reason");
    let approval = operation.text("approvalName");
    let plan = operation.text("pendingPlanName").unwrap_or_default();
    let activation = state.settings.activation;
    match method {
        "accounts.approve" => {
            let at = state.tick(now);
            let account = state.account_mut(id)?;
            account.approve(approval, reason, at)?;
            account.properties.extend(properties(operation));
            Ok(())
        }
        "accounts.reject" => {
            let at = state.tick(now);
            state.account_mut(id)?.reject(approval, reason, at)
        }
        "accounts.reset" => state.reset_account(id, now),
        "entitlements.approve" => state.approve_entitlement(id, now),
        "entitlements.reject" => {
            let missing = GoogleError::not_found();
            state.turn(id, now, missing, Entitlement::reject)
        }
        "entitlements.approvePlanChange" => {
            state.turn(id, now, GoogleError::not_found(), |it, at| {
                it.approve_plan_change(plan, activation, at)
            })
        }
        "entitlements.rejectPlanChange" => {
            state.turn(id, now, GoogleError::not_found(), |it, at| {
                it.reject_plan_change(plan, at)
            })
        }
        // `suspend` is documented as not yet supported.
        _ => Err(GoogleError::unimplemented()),
    }
}

fn properties(operation: &Operation) -> Vec<(String, String)> {
    let properties = operation.body.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn get_account(world: &World, operation: &Operation) -> Result<Answer, GoogleError> {
    world.read(|state| {
        let account = state.accounts.get(operation.variable(1));
        let account = account.ok_or_else(GoogleError::not_found)?;
        let summary = format!("signup is {}", account.signup().as_str());
        let body = resources::account(&world.settings.provider, account);
        Ok(Answer::json(&body, summary))
    })
}

fn list_accounts(world: &World, operation: &Operation) -> Result<Answer, GoogleError> {
    let page = Page::of(operation, ACCOUNTS)?;
    world.read(|state| {
        let (accounts, next) = page.cut(state.accounts.placed(), |_| true);
        let summary = format!("{} accounts", accounts.len());
        let provider = &world.settings.provider;
        let items = accounts
            .into_iter()
            .map(|account| resources::account(provider, account));
        let body = resources::list("accounts", items.collect(), next);
        Ok(Answer::json(&body, summary))
    })
}

fn get_entitlement(world: &World, operation: &Operation) -> Result<Answer, GoogleError> {
    world.read(|state| {
        let entitlement = state.entitlements.get(operation.variable(1));
        let entitlement = entitlement.ok_or_else(GoogleError::not_found)?;
        let body = resources::entitlement(&world.settings.provider, entitlement);
        Ok(Answer::json(&body, entitlement.state.as_str()))
    })
}

fn list_entitlements(world: &World, operation: &Operation) -> Result<Answer, GoogleError> {
    let filter = Filter::parse(operation.parameter("filter").unwrap_or_default())?;
    let page = Page::of(operation, ENTITLEMENTS)?;
    let provider = &world.settings.provider;
    world.read(|state| {
        let (entitlements, next) =
            page.cut(state.entitlements.placed(), |it| filter.fits(provider, it));
        let summary = format!("{} entitlements", entitlements.len());
        let items = entitlements
            .into_iter()
            .map(|entitlement| resources::entitlement(provider, entitlement));
        let body = resources::list("entitlements", items.collect(), next);
        Ok(Answer::json(&body, summary))
    })
}

/// Only `messageToUser` can be changed.
fn patch_entitlement(
    world: &World,
    operation: &Operation,
    now: Timestamp,
) -> Result<Answer, GoogleError> {
    let mask = operation.parameter("updateMask").unwrap_or_default();
    if !matches!(mask, "messageToUser" | "message_to_user") {
        return Err(GoogleError::invalid_argument(
            "update_mask must be message_to_user.",
        ));
    }
    world.change(|state| {
        let at = state.tick(now);
        let entitlement = state.entitlement_mut(operation.variable(1))?;
        entitlement.set_message(operation.text("messageToUser"), at)?;
        let body = resources::entitlement(&world.settings.provider, entitlement);
        Ok(Answer::json(&body, "message to the user"))
    })
}
