//! What Google and the vendor's operator do.

use std::time::Duration;

use function_runtime::{Response, redirect_303};
use marketplace_simulator::{Fault, Matcher, Simulator};

use super::delivery_faults::DeliveryFault;
use super::order_transitions;
use super::page::{Form, Refusal};
use super::scheduler::{Job, Scheduler};
use super::visitor::Me;

/// Something that goes wrong with the next call to the Procurement API.
pub(super) struct ProcurementFault {
    pub(super) code: &'static str,
    pub(super) label: &'static str,
    fault: Fault,
}

/// What the page offers to go wrong.
pub(super) const PROCUREMENT_FAULTS: &[ProcurementFault] = &[
    fault("unavailable", "is answered 503", Fault::status(503)),
    fault(
        "quota",
        "is answered 429, try in 1 s",
        Fault::status(429).retry_after(Duration::from_secs(1)),
    ),
    fault("denied", "is answered 403", Fault::status(403)),
    fault("cut", "gets no answer at all", Fault::cut()),
    fault(
        "lost",
        "takes effect, answer is lost",
        Fault::cut().after_effect(),
    ),
    fault(
        "slow",
        "is answered after 3 s",
        Fault::delay(Duration::from_secs(3)),
    ),
];

const fn fault(code: &'static str, label: &'static str, fault: Fault) -> ProcurementFault {
    ProcurementFault { code, label, fault }
}

/// Everything that was used before is in an hour that is over then.
const HOUR: Duration = Duration::from_hours(1);
/// Longer than any term of a plan without a private offer.
const MONTH: Duration = Duration::from_hours(31 * 24);

/// What the page says after an action: its code in the address, and the sentence.
const NOTICES: [(&str, &str); 9] = [
    (
        "done=rotate-keys",
        "Every signer at Google has a new key now. Portico meets it with the next token.",
    ),
    (
        "done=fault",
        "The next call to the Procurement API will go wrong. Register or change an order to see what Portico does.",
    ),
    (
        "done=pass-hour",
        "An hour has passed for everybody, Portico included. The scheduler has run its jobs: usage of the hours that are over is on its way to the bill.",
    ),
    (
        "done=pass-month",
        "A month has passed for everybody, Portico included. The scheduler has run its jobs.",
    ),
    ("done=reject", "The vendor has rejected this account."),
    (
        "done=reset",
        "The account is as before its sign-up, and its orders have ended.",
    ),
    ("done=clear-log", "The calls so far are forgotten."),
    (
        "done=delivery-fault",
        "Arranged. Buy, change or cancel something to see what Portico makes of it.",
    ),
    (
        "done=run-scheduler",
        "The scheduler calls Portico. The log says what it came to.",
    ),
];

pub(super) fn act(
    simulator: &Simulator,
    scheduler: Option<&Scheduler>,
    action: &str,
    form: &Form,
) -> Result<Response, Refusal> {
    let me = Me::of(simulator, form)?;
    match action {
        "rotate-keys" => simulator.rotate_keys(),
        "fault" => {
            let code = form.value("trouble");
            let fault = PROCUREMENT_FAULTS.iter().find(|fault| fault.code == code);
            let fault = fault.ok_or(Refusal::NOT_FOUND)?;
            simulator.faults().next(Matcher::procurement(), fault.fault);
        }
        "pass-hour" => simulator.pass_time(HOUR),
        "pass-month" => simulator.pass_time(MONTH),
        "reject" => simulator.reject_account(&me.customer()?.account.id)?,
        "reset" => simulator.reset_account(&me.customer()?.account.id)?,
        "clear-log" => simulator.calls().clear(),
        "delivery-fault" => {
            let fault =
                DeliveryFault::find(form.value("delivery-fault")).ok_or(Refusal::NOT_FOUND)?;
            fault.arrange(&simulator.delivery());
        }
        "run-scheduler" => {
            let job = Job::find(form.value("job")).ok_or(Refusal::NOT_FOUND)?;
            scheduler.ok_or(Refusal::NOT_FOUND)?.run_now(job);
        }
        _ => order_transitions::act(simulator, &me, action, form)?,
    }
    if let (true, Some(scheduler)) = (action.starts_with("pass-"), scheduler) {
        scheduler.catch_up();
    }
    // Long after its last order has ended, Google forgets the customer.
    let is_gone = me
        .account()
        .is_some_and(|id| simulator.account(id).is_none());
    let path = if is_gone { "/".to_owned() } else { me.path() };
    Ok(redirect_303(&format!("{path}?done={action}")))
}

/// The sentence for this query, if it stands there because of an action.
pub(super) fn notice(query: &str) -> Option<&'static str> {
    let mut all = NOTICES.iter().chain(&order_transitions::NOTICES);
    let notice = all.find(|(code, _)| *code == query);
    notice.map(|(_, sentence)| *sentence)
}
