//! The Partner Procurement API on the wire.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::filter::Filter;
use super::paging::{ListPage, Sizes};
use super::{ApiResult, json, procurement_json};
use crate::discovery::Operation;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::marketplace_state::{Entitlement, MarketplaceState};
use crate::simulated_google::SimulatedGoogle;

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
    google: &SimulatedGoogle,
    operation: &Operation,
    now: Timestamp,
) -> ApiResult {
    if operation.variable(0) != google.settings.provider.as_str() {
        return Err(GoogleError::permission_denied());
    }
    let method = operation
        .id
        .trim_start_matches("cloudcommerceprocurement.providers.");
    match method {
        "accounts.get" => get_account(google, operation),
        "accounts.list" => list_accounts(google, operation),
        "entitlements.get" => get_entitlement(google, operation),
        "entitlements.list" => list_entitlements(google, operation),
        "entitlements.patch" => patch_entitlement(google, operation, now),
        _ => {
            google.change(|state| transition(state, method, operation, now))?;
            let what = method.replace('.', " ");
            let summary = format!("{what} {}", operation.variable(1));
            Ok(HostAnswer::json(&Value::Object(Map::new()), summary))
        }
    }
}

/// The methods that move an account or entitlement and answer nothing.
fn transition(
    state: &mut MarketplaceState,
    method: &str,
    operation: &Operation,
    now: Timestamp,
) -> Result<(), GoogleError> {
    let id = operation.variable(1);
    let reason = operation.text("reason");
    let approval = operation.text("approvalName");
    let plan = operation.text("pendingPlanName").unwrap_or_default();
    let (activation, missing) = (state.settings.activation, GoogleError::not_found());
    match method {
        "accounts.approve" => {
            state.approve_account(id, approval, reason, now)?;
            let account = state.account_mut(id)?;
            account.properties.extend(properties(operation));
            Ok(())
        }
        "accounts.reject" => {
            let at = state.tick(now);
            state.account_mut(id)?.reject(approval, reason, at)
        }
        "accounts.reset" => state.reset_account(id, now),
        "entitlements.approve" => state.approve_entitlement(id, now),
        "entitlements.reject" => state.transition(id, now, missing, Entitlement::reject),
        "entitlements.approvePlanChange" => state.transition(id, now, missing, |it, at| {
            it.approve_plan_change(plan, activation, at)
        }),
        "entitlements.rejectPlanChange" => {
            state.transition(id, now, missing, |it, at| it.reject_plan_change(plan, at))
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

fn get_account(google: &SimulatedGoogle, operation: &Operation) -> ApiResult {
    google.read(|state| {
        let account = state.accounts.get(operation.variable(1));
        let account = account.ok_or_else(GoogleError::not_found)?;
        let summary = format!("signup is {}", account.signup().as_str());
        let body = procurement_json::account(&google.settings.provider, account);
        Ok(HostAnswer::json(&body, summary))
    })
}

fn list_accounts(google: &SimulatedGoogle, operation: &Operation) -> ApiResult {
    let page = ListPage::of(operation, ACCOUNTS)?;
    google.read(|state| {
        let (accounts, next) = page.cut(state.accounts.indexed(), |_| true);
        let summary = format!("{} accounts", accounts.len());
        let provider = &google.settings.provider;
        let items = accounts
            .into_iter()
            .map(|account| procurement_json::account(provider, account));
        let body = json::list("accounts", items.collect(), next);
        Ok(HostAnswer::json(&body, summary))
    })
}

fn get_entitlement(google: &SimulatedGoogle, operation: &Operation) -> ApiResult {
    google.read(|state| {
        let entitlement = state.entitlements.get(operation.variable(1));
        let entitlement = entitlement.ok_or_else(GoogleError::not_found)?;
        let body = procurement_json::entitlement(&google.settings.provider, entitlement);
        Ok(HostAnswer::json(&body, entitlement.state.as_str()))
    })
}

fn list_entitlements(google: &SimulatedGoogle, operation: &Operation) -> ApiResult {
    let filter = Filter::parse(operation.parameter("filter").unwrap_or_default())?;
    let page = ListPage::of(operation, ENTITLEMENTS)?;
    let provider = &google.settings.provider;
    google.read(|state| {
        let (entitlements, next) =
            page.cut(state.entitlements.indexed(), |it| filter.fits(provider, it));
        let summary = format!("{} entitlements", entitlements.len());
        let items = entitlements
            .into_iter()
            .map(|entitlement| procurement_json::entitlement(provider, entitlement));
        let body = json::list("entitlements", items.collect(), next);
        Ok(HostAnswer::json(&body, summary))
    })
}

/// Only `messageToUser` can be changed.
fn patch_entitlement(google: &SimulatedGoogle, operation: &Operation, now: Timestamp) -> ApiResult {
    let mask = operation.parameter("updateMask").unwrap_or_default();
    if !matches!(mask, "messageToUser" | "message_to_user") {
        return Err(GoogleError::invalid_argument(
            "update_mask must be message_to_user.",
        ));
    }
    google.change(|state| {
        let at = state.tick(now);
        let entitlement = state.entitlement_mut(operation.variable(1))?;
        entitlement.set_message(operation.text("messageToUser"), at)?;
        let body = procurement_json::entitlement(&google.settings.provider, entitlement);
        Ok(HostAnswer::json(&body, "message to the user"))
    })
}
