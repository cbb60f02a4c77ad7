//! Customers who signed up long ago, as they stand in the store.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use function_runtime::{Handler, MapEnv, Problems, start};
use function_tests::records::entitlement;
use jiff::Timestamp;
use marketplace::{Deadline, EntitlementState};
use marketplace_simulator::Order;
use store::{Account, Approval, Commit, Entitlement, Link, ServiceAccount, Store};

use crate::cost::BenchedFunction;
use crate::function::{self, ProgramSetup, StoreKind};
use crate::google::Google;
use crate::served::Served;
use crate::sign_ups::Loads;

/// More time than a commit takes.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Settled {
    pub(crate) function: BenchedFunction,
    pub(crate) customers: Vec<Order>,
}

impl Settled {
    /// Starts the function, and fills its store.
    pub(crate) fn start<H: Handler>(
        loads: &Loads<'_>,
        setup: ProgramSetup<'_>,
        build: impl FnOnce(&MapEnv, Store) -> Result<H, Problems>,
    ) -> Result<Self, Box<dyn Error>> {
        let (google, cores) = (loads.google, loads.plan.cores);
        let (function, store) = match setup.store {
            StoreKind::Memory => {
                start::install_crypto_provider();
                let env = function::environment(setup, &google.simulator)?;
                let store = Store::memory();
                let handler = build(&env, store.clone());
                let handler = handler.map_err(|problems| problems.to_string())?;
                let served = Served::start(setup.function, handler, cores)?;
                (BenchedFunction::Served(served), store)
            }
            StoreKind::Emulator(emulator) => {
                let program = function::start(setup, &google.simulator, cores)?;
                drop(program.connection()?);
                let store = function::emulated_store(program.address.port(), emulator);
                (BenchedFunction::Program(program), store)
            }
        };
        let customers = google.settled_customers(loads.plan.customers_of(setup.store))?;
        loads.runtime.block_on(fill(&store, google, &customers))?;
        Ok(Self {
            function,
            customers,
        })
    }
}

/// Stores the customers as sign-up, the Marketplace's events and a link to Google's service account
/// page leave them.
async fn fill(store: &Store, google: &Google, customers: &[Order]) -> Result<(), Box<dyn Error>> {
    let now = Timestamp::now();
    for order in customers {
        let at_google = google.simulator.entitlement(&order.entitlement);
        let at_google = at_google.ok_or("the order is there")?;
        let commit = Commit::new()
            .create(account(order, now))
            .create(link(order, now))
            .create(Entitlement {
                state: EntitlementState::Active,
                usage_reporting_id: None,
                ..entitlement(at_google, now)
            });
        store.commit(commit, Deadline::after(PATIENCE)).await?;
    }
    Ok(())
}

fn account(order: &Order, now: Timestamp) -> Account {
    Account {
        service_account: Some(ServiceAccount {
            email: format!(
                "customer-{}@vendor-customers.iam.gserviceaccount.com",
                order.user.as_str()
            ),
            unique_id: order.user.as_str().to_owned(),
            disabled: None,
        }),
        ..Account::new(&order.account, Approval::Approved, now)
    }
}

fn link(order: &Order, now: Timestamp) -> Link {
    Link {
        account: order.account.clone(),
        user: order.user.clone(),
        profile: BTreeMap::new(),
        roles: Vec::new(),
        orders: Vec::new(),
        first_seen: now,
        last_seen: now,
    }
}
