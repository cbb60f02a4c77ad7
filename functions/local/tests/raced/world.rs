//! One customer who bought, and everything that can bring them further.

use std::pin::Pin;

use function_tests::records::{account, link};
use jiff::Timestamp;
use marketplace::{Role, UserIdentity};
use marketplace_simulator::Order;
use store::{Approval, Commit, SessionId, Store};

use crate::actor::{Actor, Ended};
use crate::back_office::BackOffice;
use crate::function::{Setup, TestFunction};

pub(crate) struct World {
    /// Sign-up that asks customers for nothing.
    pub(crate) function: TestFunction,
    pub(crate) back_office: BackOffice,
    pub(crate) order: Order,
}

/// A part that was prepared and has not begun.
pub(crate) type Part<'a> = Pin<Box<dyn Future<Output = Ended> + 'a>>;

pub(crate) struct Prepared<'a> {
    pub(crate) part: Part<'a>,
    /// Who is to be let in.
    pub(crate) customer: Option<Customer>,
}

pub(crate) struct Customer {
    pub(crate) user: UserIdentity,
    /// Their landing, if it needs more than one request.
    pub(crate) session: Option<SessionId>,
}

impl World {
    /// Without a customer in the pair, one came before, and their sign-up was cut off before Google was called:
    /// otherwise there would be nothing to approve.
    pub(crate) async fn start(store: Store, pair: [Actor; 2]) -> Self {
        let function = Setup::over(store).with_events_topic().start().await;
        let back_office = BackOffice::start(&function.simulator, &function.store).await;
        let order = function.buyer();
        let world = Self {
            function,
            back_office,
            order,
        };
        if !pair.into_iter().any(Actor::is_customer) {
            world.begin_sign_up().await;
        }
        world
    }

    async fn begin_sign_up(&self) {
        let now = Timestamp::now();
        let account = account(&self.order, Approval::Approving, now);
        let commit = Commit::new().put(&account).put(link(&self.order, now));
        self.function.stored(commit).await;
    }

    /// The role makes the tokens of one user differ.
    pub(crate) async fn prepare(&self, actor: Actor, role: Role) -> Prepared<'_> {
        let Order { account, user, .. } = &self.order;
        let part: Part<'_> = match actor {
            Actor::Form => return Box::pin(self.form(role)).await,
            Actor::SignIn => return Box::pin(self.sign_in(role)).await,
            Actor::Post => return self.post(user, role),
            Actor::Colleague => return self.post(&self.colleague(), role),
            Actor::Event => Box::pin(self.back_office.event(&self.order)),
            Actor::Reconcile => Box::pin(async move {
                self.back_office.round().await;
                Ended::Well
            }),
            Actor::Operator => Box::pin(self.back_office.approve(account)),
            Actor::Rejection => Box::pin(self.back_office.reject(account)),
        };
        let customer = None;
        Prepared { part, customer }
    }
}
