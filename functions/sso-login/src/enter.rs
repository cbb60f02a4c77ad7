//! From a customer with an accepted role to what comes next.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use function_runtime::Response;
use store::Landing;
use verification::VerifiedCustomer;

use crate::decide::{Next, next};
use crate::error::Kind;
use crate::handler::Handler;
use crate::orders::{Choice, NotToBeChosen, Orders};
use crate::records::{Visit, Wish};
use marketplace::At;

/// What is stored of a customer, and what it means for the orders in the token.
pub(crate) struct View {
    pub(crate) landing: Landing,
    pub(crate) orders: Orders,
}

impl Handler {
    /// Takes a customer to what comes next, and again from what is stored then when another request
    /// was faster.
    pub(crate) async fn enter(&self, visit: &Visit, at: At) -> Result<Response, Kind> {
        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(5))
            .with_max_delay(Duration::from_millis(200))
            .with_max_times(8)
            .with_jitter()
            .build();
        loop {
            let view = self.look(visit.entrant.customer(), at).await?;
            match self.advance(visit, &view, at).await {
                Err(Kind::Contended) => {
                    let Some(pause) = pauses.next() else {
                        return Err(Kind::Contended);
                    };
                    tokio::time::sleep(pause).await;
                }
                done => return done,
            }
        }
    }

    /// One parallel round trip.
    pub(crate) async fn look(&self, customer: &VerifiedCustomer, at: At) -> Result<View, Kind> {
        let landing = self.store.landing(customer, at).await?;
        let stored = landing.entitlements.iter().chain(&landing.other_orders);
        let known = stored.map(|stored| &stored.record);
        let orders = Orders::of(customer, &known, &self.products);
        Ok(View { landing, orders })
    }

    async fn advance(&self, visit: &Visit, view: &View, at: At) -> Result<Response, Kind> {
        match self.next(visit, view, at)? {
            Next::Spent => Ok(self.as_nobody(visit)),
            Next::SignIn => self.begin_sign_in(visit, at).await,
            Next::HandOverAgain(record) => self.hand_over_again(visit, view, &record, at).await,
            Next::HandOver => self.choose_or_hand_over(visit, view, at).await,
        }
    }

    /// What comes next, unless nobody of this account is let in.
    pub(crate) fn next(&self, visit: &Visit, view: &View, at: At) -> Result<Next, Kind> {
        let sign_in = self.sign_in_of(visit);
        Ok(next(&view.landing, &view.orders, sign_in, at.now)?)
    }

    async fn choose_or_hand_over(
        &self,
        visit: &Visit,
        view: &View,
        at: At,
    ) -> Result<Response, Kind> {
        let order = match &visit.wish {
            Wish::Unasked => match view.orders.choice() {
                Choice::Nothing => None,
                Choice::One(order) => Some(order),
                Choice::Several => return self.begin_choice(visit, at).await,
            },
            Wish::Unverified(order) => match view.orders.chosen(order.as_deref()) {
                Ok(order) => order,
                Err(NotToBeChosen) => return self.choose_again(visit, view),
            },
        };
        self.hand_over(visit, view, order, at).await
    }
}
