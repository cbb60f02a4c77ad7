//! The simulated Google, in a thread of its own, and its customers.

use std::error::Error;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use jiff::Timestamp;
use marketplace::Role;
use marketplace_simulator::{Order, Settings, Simulator};
use tokio::sync::oneshot;

/// Ends with its thread when it is dropped.
pub(crate) struct Google {
    pub(crate) simulator: Simulator,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Google {
    pub(crate) fn start() -> Result<Self, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (started, simulator) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                let simulator = Simulator::start(Settings::default()).await;
                _ = started.send(simulator.clone());
                _ = stopped.await;
                simulator.shutdown().await;
            });
        });
        Ok(Self {
            simulator: simulator.recv()?,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// So many customers who have just bought.
    pub(crate) fn customers(&self, count: usize) -> Vec<Order> {
        (0..count).map(|_| self.simulator.buy()).collect()
    }

    /// So many customers whose account and order the vendor's operator has approved already.
    pub(crate) fn settled_customers(&self, count: usize) -> Result<Vec<Order>, Box<dyn Error>> {
        let orders = self.customers(count);
        for order in &orders {
            self.simulator.approve_account(&order.account)?;
            self.simulator.approve_entitlement(&order.entitlement)?;
        }
        Ok(orders)
    }

    /// The token of a customer's first visit.
    pub(crate) fn token(&self, order: &Order) -> String {
        self.simulator.token(&order.account, &order.user)
    }

    /// The token of a later visit: another one, although little time has passed.
    pub(crate) fn next_token(&self, order: &Order) -> String {
        self.later_token(order, 1)
    }

    /// The token of the visit of this number, counted from 1 after the first: each is another one.
    pub(crate) fn later_token(&self, order: &Order, number: i64) -> String {
        let claims = self.simulator.token_claims(&order.account, &order.user);
        let expires = Timestamp::now().as_second() + 291 - number;
        self.simulator.sign(&claims.set("exp", expires))
    }

    /// A token that passes every check of verification, of somebody who may not sign up.
    pub(crate) fn token_without_role(&self) -> String {
        let order = self.simulator.buy();
        let claims = self.simulator.token_claims(&order.account, &order.user);
        let role = Role::from("project_viewer".to_owned());
        let roles = vec![role.as_str().to_owned()];
        self.simulator.sign(&claims.set_google("roles", roles))
    }

    /// A token whose claims were changed after it was signed.
    pub(crate) fn forged_token(&self) -> Result<String, Box<dyn Error>> {
        let order = self.simulator.buy();
        let (one, other) = (self.token(&order), self.next_token(&order));
        let (signed, _) = one.rsplit_once('.').ok_or("a token without dots")?;
        let (_, signature) = other.rsplit_once('.').ok_or("a token without dots")?;
        Ok(format!("{signed}.{signature}"))
    }
}

impl Drop for Google {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in it was printed where it happened.
            _ = thread.join();
        }
    }
}
