//! The end that just comes.

use function_tests::emulator::{host, store};
use function_tests::program::Environment;
use function_tests::visited::soon;
use http::Method;
use marketplace::EntitlementState as State;
use marketplace_simulator::{Account, Entitlement, Fault, Matcher, Order, Settings, Simulator};
use store::{Approval, Store};

use crate::program::environment;
use crate::pushed::REQUESTED;
use crate::running::{Caller, start};
use crate::sign_up::begin_sign_up;

/// What calls the approval at which the program is killed.
const APPROVALS: [&str; 2] = ["/accounts/", "/entitlements/"];

/// What a killed program leaves behind.
struct Remains {
    simulator: Simulator,
    environment: Environment,
    store: Store,
    order: Order,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// Google has not heard of the approval yet.
    Before,
    /// Google has approved, and its answer is lost.
    After,
}

impl Remains {
    /// The program is killed in the middle of this approval, before or after it took effect.
    async fn of_a_program_killed_at(approval: &str, moment: Moment) -> Self {
        let simulator = Simulator::start(Settings::default()).await;
        let environment = environment(&simulator);
        let store = store(&environment["GOOGLE_CLOUD_PROJECT"], &host());
        let order = simulator.buy();
        begin_sign_up(&store, &order).await;
        let (program, caller) = start(&environment).await;
        let calls = Matcher::procurement().method(Method::POST).path(approval);
        let fault = match moment {
            Moment::Before => Fault::hang(),
            Moment::After => Fault::hang().after_effect(),
        };
        let held = simulator.faults().next(calls, fault);
        let delivery = tokio::spawn({
            let (simulator, caller) = (simulator.clone(), caller.clone());
            let order = order.entitlement.clone();
            async move { caller.push(&simulator, REQUESTED, &order).await }
        });
        held.arrived().await;
        if moment == Moment::After {
            let of_account = approval == APPROVALS[0];
            let account = |account: &Account| account.times_approved == 1;
            simulator.account_when(&order.account, account).await;
            let bought = |bought: &Entitlement| of_account || bought.times_approved == 1;
            simulator.entitlement_when(&order.entitlement, bought).await;
        }
        let lines = program.kill().await;
        assert!(lines.iter().all(|line| line.get("httpRequest").is_none()));
        assert_eq!(delivery.await.unwrap(), None, "Pub/Sub got no answer");
        simulator.faults().clear();
        Self {
            simulator,
            environment,
            store,
            order,
        }
    }

    /// How often Google approved the account and the order.
    fn approvals(&self) -> (usize, usize) {
        let account = self.simulator.account(&self.order.account).unwrap();
        let order = self.simulator.entitlement(&self.order.entitlement).unwrap();
        (
            usize::try_from(account.times_approved).unwrap(),
            usize::try_from(order.times_approved).unwrap(),
        )
    }

    /// Everything is done, once, and nothing is left to do.
    async fn ended_well(&self, caller: &Caller) {
        let active = "ENTITLEMENT_ACTIVE";
        let pushed = caller.push(&self.simulator, active, &self.order.entitlement);
        assert_eq!(pushed.await, Some(204));
        assert_eq!(self.approvals(), (1, 1));
        let account = self.store.account(&self.order.account, soon()).await;
        let account = account.unwrap().unwrap().record;
        assert_eq!(account.approval, Approval::Approved);
        let stored = self.store.entitlement(&self.order.entitlement, soon());
        let stored = stored.await.unwrap().unwrap().record;
        assert_eq!(stored.state, State::Active);
        assert_eq!(caller.reconcile(&self.simulator).await, 0);
        let published = self.simulator.published().all().into_iter();
        let kinds: Vec<_> = published
            .map(|message| message.json()["type"].clone())
            .collect();
        let expected = ["portico.account.signed-up", "portico.access.granted"];
        assert_eq!(kinds, expected);
        assert_eq!(self.simulator.violations(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_approval_in_the_middle_of_which_it_is_killed_is_finished_by_the_next_delivery() {
    for approval in APPROVALS {
        for moment in [Moment::Before, Moment::After] {
            let remains = Remains::of_a_program_killed_at(approval, moment).await;
            let (_program, caller) = start(&remains.environment).await;
            let order = &remains.order.entitlement;
            let pushed = caller.push(&remains.simulator, REQUESTED, order);
            assert_eq!(pushed.await, Some(204), "{approval}");
            assert_eq!(remains.approvals(), (1, 1), "{approval}");
            remains.ended_well(&caller).await;
        }
    }
}

#[tokio::test]
async fn an_approval_in_the_middle_of_which_it_is_killed_is_finished_by_reconciliation() {
    for approval in APPROVALS {
        for moment in [Moment::Before, Moment::After] {
            let remains = Remains::of_a_program_killed_at(approval, moment).await;
            let (_program, caller) = start(&remains.environment).await;
            caller.reconcile(&remains.simulator).await;
            assert_eq!(remains.approvals(), (1, 1), "{approval}");
            remains.ended_well(&caller).await;
        }
    }
}
