//! What is left to do for a customer with an accepted role.

use customer_entry::pages::PageMessage;
use customer_entry::{Entry, EntryFault};
use function_runtime::Response;
use marketplace::At;
use store::Landing;

use crate::handler::Handler;
use crate::login::{Login, RequestedOrder};
use crate::next_step::{Next, SignInState, next};
use crate::orders::{Choice, NotToBeChosen, Orders};
use crate::paths;

const USED_BEFORE: PageMessage<'_> = PageMessage {
    title: "You came in before",
    text: "This visit from the Marketplace was used before. The sign-in page opens in a moment.",
};

impl Handler {
    /// Takes a customer to what comes next, and again from what is stored then when another request
    /// was faster.
    pub(crate) async fn continue_login(
        &self,
        login: Login,
        at: At,
    ) -> Result<Response, EntryFault> {
        let Login { entry, order } = login;
        let landing = self.entrance.read(&entry, at).await?;
        let order = &order;
        let attempt = |entry, landing| async move {
            let order = order.clone();
            self.advance(&Login { entry, order }, &landing, at).await
        };
        Box::pin(self.entrance.retry(entry, landing, at, attempt)).await
    }

    async fn advance(
        &self,
        login: &Login,
        landing: &Landing,
        at: At,
    ) -> Result<Response, EntryFault> {
        let entry = &login.entry;
        let orders = self.orders(entry, landing);
        match next(landing, &orders, self.sign_in_state(entry), at.now)? {
            Next::Spent => Ok(self.entrance.to_login_page(entry, &USED_BEFORE)),
            Next::SignIn => self.entrance.begin_sign_in(entry, at).await,
            Next::HandOffAgain(record) => self.hand_off_again(entry, landing, &record, at).await,
            Next::HandOff => self.choose_or_hand_off(login, landing, &orders, at).await,
        }
    }

    pub(crate) fn sign_in_state(&self, entry: &Entry) -> SignInState {
        if self.entrance.sign_in_is_due(entry.session()) {
            SignInState::Due
        } else {
            SignInState::Settled
        }
    }

    async fn choose_or_hand_off(
        &self,
        login: &Login,
        landing: &Landing,
        orders: &Orders,
        at: At,
    ) -> Result<Response, EntryFault> {
        let entry = &login.entry;
        let order = match &login.order {
            RequestedOrder::NotAsked => match orders.choice() {
                Choice::Nothing => None,
                Choice::One(order) => Some(order),
                Choice::Several => return self.entrance.send_to(paths::ORDERS, entry, at).await,
            },
            RequestedOrder::Unverified(order) => match orders.chosen(order.as_deref()) {
                Ok(order) => order,
                Err(NotToBeChosen) => return self.refuse_order(entry, orders),
            },
        };
        self.hand_off(entry, landing, order, at).await
    }
}
