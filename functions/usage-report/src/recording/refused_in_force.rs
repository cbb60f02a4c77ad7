//! What was refused of an order in force: used by a customer who pays, and billed to nobody.

use marketplace::EntitlementId;
use store::Entitlement;

use super::answers::{AnswersByIndex, RecordAnswer};
use super::decide::RecordRules;
use super::refusals::Refusal;

/// Refused records of one order in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RefusedInForce {
    /// Why the first of them was refused.
    code: &'static str,
    refused: usize,
}

impl RefusedInForce {
    /// Counts what was refused of the order of a batch; none if that is nothing, or if the order is not in force here.
    pub(super) fn count(
        answers: &AnswersByIndex,
        order: Option<&Entitlement>,
        rules: &RecordRules,
    ) -> Option<Self> {
        order.filter(|order| is_in_force(order, rules))?;
        let mut codes = answers.values().filter_map(|answer| lost(*answer));
        let code = codes.next()?;
        Some(Self {
            code,
            refused: codes.count() + 1,
        })
    }

    /// Calls an operator. The README explains the line; Terraform has a metric and an alert for it.
    pub(super) fn alert(self, order: &EntitlementId) {
        tracing::error!(
            alert = "usage-refused",
            entitlement_id = order.as_str(),
            code = self.code,
            refused = self.refused,
            "usage of an order in force was refused"
        );
    }
}

fn is_in_force(order: &Entitlement, rules: &RecordRules) -> bool {
    order.is_of(&rules.provider) && order.state.is_live() && !order.has_ended()
}

/// The code of a refusal by which usage is lost. Under a key that was used before, something else is stored; what is
/// malformed may be no usage at all.
fn lost(answer: RecordAnswer) -> Option<&'static str> {
    let RecordAnswer::Refused(refusal) = answer else {
        return None;
    };
    let is_lost = !matches!(refusal, Refusal::KeyReused | Refusal::Malformed);
    is_lost.then(|| refusal.describe().0)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use marketplace::{EntitlementState as State, ProcurementAccountId, ProductId, ProviderId};
    use metering::{LatePolicy, Metrics, Services};

    use super::*;

    fn rules() -> RecordRules {
        RecordRules {
            provider: ProviderId::parse("vendor").unwrap(),
            services: Services::parse("ours=ours.example.com", None).unwrap(),
            metrics: Metrics::parse("pro/requests:int64").unwrap(),
            late: LatePolicy::NextWindow,
        }
    }

    fn order(state: &State) -> Entitlement {
        Entitlement::new(
            &EntitlementId::parse("E-1").unwrap(),
            &ProcurementAccountId::parse("A-1").unwrap(),
            &ProductId::parse("ours").unwrap(),
            state,
            Timestamp::UNIX_EPOCH,
        )
    }

    fn counted(answers: &[RecordAnswer], order: Option<&Entitlement>) -> Option<RefusedInForce> {
        let answers: AnswersByIndex = answers.iter().copied().enumerate().collect();
        RefusedInForce::count(&answers, order, &rules())
    }

    const REFUSED: RecordAnswer = RecordAnswer::Refused(Refusal::MetricUnknown);

    #[test]
    fn what_is_refused_of_an_order_in_force_is_counted_under_the_first_code() {
        let answers = [
            RecordAnswer::Accepted,
            REFUSED,
            RecordAnswer::Refused(Refusal::TooOld),
            RecordAnswer::Retry,
        ];
        let expected = RefusedInForce {
            code: "metric-unknown",
            refused: 2,
        };
        assert_eq!(
            counted(&answers, Some(&order(&State::Active))),
            Some(expected)
        );
    }

    #[test]
    fn nothing_is_lost_by_a_key_that_is_used_again_or_by_what_is_no_record() {
        let answers = [
            RecordAnswer::Refused(Refusal::KeyReused),
            RecordAnswer::Refused(Refusal::Malformed),
            RecordAnswer::Duplicate,
        ];
        assert_eq!(counted(&answers, Some(&order(&State::Active))), None);
    }

    #[test]
    fn refusals_of_an_order_that_is_not_in_force_call_nobody() {
        for state in [
            State::ActivationRequested,
            State::Suspended,
            State::Cancelled,
        ] {
            assert_eq!(counted(&[REFUSED], Some(&order(&state))), None);
        }
        let gone = Entitlement {
            deleted: Some(Timestamp::UNIX_EPOCH),
            ..order(&State::Active)
        };
        let foreign = Entitlement {
            provider: ProviderId::parse("another").ok(),
            ..order(&State::Active)
        };
        for order in [Some(&gone), Some(&foreign), None] {
            assert_eq!(counted(&[REFUSED], order), None);
        }
    }
}
