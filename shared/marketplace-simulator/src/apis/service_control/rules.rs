//! What an operation must be to count. What is wrong here refuses this operation alone.

use marketplace::EntitlementState;
use serde_json::{Value, json};

use crate::marketplace_state::{Consumer, MarketplaceState};
use crate::service_control::{Quantity, UsageOperation, UsageValue};
use crate::settings::{Metric, Plan, Product, UsageSettings, UserLabels, ValueType};

const INVALID_ARGUMENT: i32 = 3;
const NOT_FOUND: i32 = 5;
const PERMISSION_DENIED: i32 = 7;

/// The labels of an operation that Google defines itself; the services here define none.
const LABELS: [&str; 4] = [
    "cloud.googleapis.com/location",
    "servicecontrol.googleapis.com/user_agent",
    "servicecontrol.googleapis.com/service_agent",
    "servicecontrol.googleapis.com/platform",
];

pub(super) struct Rules<'a> {
    pub(super) product: &'a Product,
    pub(super) settings: UsageSettings,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) code: i32,
    pub(super) message: String,
    details: Vec<Value>,
    /// Whether a program that does as documented never meets it.
    is_violation: bool,
}

impl Refusal {
    fn new(code: i32, message: String) -> Self {
        Self {
            code,
            message,
            details: Vec::new(),
            is_violation: false,
        }
    }

    fn violating(mut self) -> Self {
        self.is_violation = true;
        self
    }

    /// The refusal that a test has planned.
    pub(super) fn asked_for(code: i32) -> Self {
        Self::new(code, format!("The operation failed with code {code}."))
    }

    /// As in `reportErrors`.
    pub(super) fn status(&self) -> Value {
        let mut status = json!({"code": self.code, "message": self.message});
        if let (Value::Object(fields), false) = (&mut status, self.details.is_empty()) {
            fields.insert("details".to_owned(), self.details.clone().into());
        }
        status
    }

    pub(super) fn violation(&self) -> Option<String> {
        self.is_violation.then(|| self.message.clone())
    }
}

impl Rules<'_> {
    /// Why this consumer may not be served, as code of a check error; or that it is nobody.
    pub(super) fn standing(
        &self,
        state: &MarketplaceState,
        consumer_id: &str,
    ) -> Result<Option<&'static str>, String> {
        let (consumer, standing) = self
            .find(state, consumer_id)
            .map_err(|refusal| refusal.message)?;
        Ok(match standing {
            _ if !consumer.was_active => Some("SERVICE_NOT_ACTIVATED"),
            None | Some(EntitlementState::Cancelled) => Some("SERVICE_NOT_ACTIVATED"),
            Some(EntitlementState::Suspended) => Some("BILLING_DISABLED"),
            Some(_) => None,
        })
    }

    /// Who pays for this operation, or why it does not count.
    pub(super) fn judge(
        &self,
        state: &MarketplaceState,
        operation: &UsageOperation,
    ) -> Result<Consumer, Refusal> {
        let (consumer, _) = self.find(state, &operation.consumer_id)?;
        if !consumer.was_active {
            return Err(self.disabled(operation));
        }
        let foreign = operation
            .labels
            .keys()
            .find(|label| !LABELS.contains(&label.as_str()));
        if let Some(label) = foreign {
            let message = format!("Label {label} is not defined for the service.");
            return Err(Refusal::new(INVALID_ARGUMENT, message));
        }
        if !operation.user_labels.is_empty() && self.settings.user_labels == UserLabels::Refused {
            let message = "user_labels are not available for the service.".to_owned();
            return Err(Refusal::new(INVALID_ARGUMENT, message));
        }
        operation.values.iter().try_for_each(|it| self.value(it))?;
        Ok(consumer.clone())
    }

    /// Metrics of plans that the entitlement never had: they count, but somebody mistook them.
    pub(super) fn not_of_its_plans(
        &self,
        consumer: Option<&Consumer>,
        operation: &UsageOperation,
    ) -> Vec<String> {
        let Some(consumer) = consumer else {
            return Vec::new();
        };
        let values = operation.values.iter();
        let foreign = values.filter_map(|value| {
            let (plan, _) = self.metric(&value.metric)?;
            let is_its_own = consumer.plans.contains(&plan.id);
            (!is_its_own).then(|| {
                let UsageOperation { consumer_id, .. } = operation;
                format!("{} is no metric of a plan of {consumer_id}", value.metric)
            })
        });
        foreign.collect()
    }

    fn find<'s>(
        &self,
        state: &'s MarketplaceState,
        id: &str,
    ) -> Result<(&'s Consumer, Option<&'s EntitlementState>), Refusal> {
        let found = state.consumer(id);
        found
            .filter(|(consumer, _)| consumer.product == self.product.id)
            .ok_or_else(|| {
                let message = format!("Consumer '{id}' was not found.");
                Refusal::new(NOT_FOUND, message).violating()
            })
    }

    fn value(&self, value: &UsageValue) -> Result<(), Refusal> {
        let refused = |message| Err(Refusal::new(INVALID_ARGUMENT, message));
        let UsageValue { metric: name, .. } = value;
        let Some((_, metric)) = self.metric(name) else {
            return refused(format!(
                "Metric name {name} is not defined for the service."
            ));
        };
        let expected = metric.value_type;
        let given = match value.quantity {
            Some(Quantity::Int64(_)) => ValueType::Int64.as_str(),
            Some(Quantity::Double(_)) => ValueType::Double.as_str(),
            None => "another type",
        };
        if given != expected.as_str() {
            let expected = expected.as_str();
            return refused(format!(
                "Inconsistent metric value type for metric name {name}. Expecting {expected}, got \
                 {given}"
            ));
        }
        if value.quantity.is_some_and(Quantity::is_negative) {
            let message = format!("Negative value for metric name {name}.");
            return Err(Refusal::new(INVALID_ARGUMENT, message).violating());
        }
        Ok(())
    }

    fn metric(&self, full_name: &str) -> Option<(&Plan, &Metric)> {
        let plans = self.product.plans.iter();
        let mut all = plans.flat_map(|plan| plan.metrics.iter().map(move |metric| (plan, metric)));
        all.find(|(_, metric)| metric.full_name(&self.product.id) == full_name)
    }

    fn disabled(&self, operation: &UsageOperation) -> Refusal {
        let (service, consumer) = (&self.product.id, &operation.consumer_id);
        let message = format!("{service} is not activated for consumer '{consumer}'.");
        let mut refusal = Refusal::new(PERMISSION_DENIED, message);
        refusal.details.push(json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "SERVICE_DISABLED",
            "domain": "googleapis.com",
            "metadata": {"service": service.as_str(), "consumer": consumer},
        }));
        refusal
    }
}
