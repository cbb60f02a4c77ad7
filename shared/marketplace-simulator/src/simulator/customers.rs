//! What customers do in the Marketplace.

use marketplace::{EntitlementId, PlanId, ProcurementAccountId, ProductId, Role, UserIdentity};

use super::Simulator;
use crate::marketplace_state::{Account, Buyer, Entitlement, NotPossible, Order, User};

impl Simulator {
    /// A new customer with one user, an account administrator, who has not bought anything yet.
    pub fn create_account(&self) -> ProcurementAccountId {
        self.google.change(|state| state.create_account(self.now()))
    }

    /// One more user of this account.
    pub fn add_user(
        &self,
        account: &ProcurementAccountId,
        roles: Vec<Role>,
    ) -> Result<UserIdentity, NotPossible> {
        self.change_account(account, |it| Ok(it.add_user(roles)))
    }

    /// A user of another account joins this one too: one person, two customers.
    pub fn invite(
        &self,
        account: &ProcurementAccountId,
        user: &UserIdentity,
        roles: Vec<Role>,
    ) -> Result<(), NotPossible> {
        let person = self.google.person(user);
        self.change_account(account, |it| it.admit(User { roles, ..person }))
    }

    /// The customer's administrator gives this user these roles, and takes all others.
    pub fn set_roles(
        &self,
        account: &ProcurementAccountId,
        user: &UserIdentity,
        roles: Vec<Role>,
    ) -> Result<(), NotPossible> {
        self.change_account(account, |it| it.set_roles(user, roles))
    }

    /// A new customer buys the first plan of the first product.
    ///
    /// # Panics
    ///
    /// If the settings have no product with a plan.
    pub fn buy(&self) -> Order {
        self.buy_as(Buyer::New)
    }

    /// This customer buys the first plan of the first product once more.
    ///
    /// # Panics
    ///
    /// If there is no such account, or the settings have no product with a plan.
    pub fn buy_again(&self, account: &ProcurementAccountId) -> Order {
        self.buy_as(Buyer::Existing(account.clone()))
    }

    /// Somebody buys a plan at the list price. The entitlement waits for the vendor's approval, unless
    /// that is automatic.
    pub fn purchase(
        &self,
        buyer: Buyer,
        product: &ProductId,
        plan: &PlanId,
    ) -> Result<Order, NotPossible> {
        self.google
            .change(|state| state.purchase(buyer, product, plan, self.now()))
    }

    /// The customer cancels, and it ends at once.
    pub fn cancel(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.transition(entitlement, Entitlement::cancel_now)
    }

    /// The customer cancels for the end of the term, which [`advance`](Self::advance) and
    /// [`advance_orders`](Self::advance_orders) bring about.
    pub fn cancel_at_term_end(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.transition(entitlement, Entitlement::cancel_later)
    }

    /// The customer asks for another plan, which waits for the vendor's approval unless that is
    /// automatic.
    pub fn request_plan_change(
        &self,
        entitlement: &EntitlementId,
        plan: &PlanId,
    ) -> Result<(), NotPossible> {
        let settings = &self.google.settings;
        let (approval, activation) = (settings.approval, settings.activation);
        self.transition(entitlement, |it, at| {
            it.request_plan(plan, approval, activation, at)
        })
    }

    /// Time passes for this order alone until what was put off happens: an approved entitlement
    /// becomes active, a pending plan takes effect, a cancelled term ends.
    pub fn advance(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.transition(entitlement, Entitlement::advance)
    }

    fn change_account<T>(
        &self,
        account: &ProcurementAccountId,
        change: impl FnOnce(&mut Account) -> Result<T, NotPossible>,
    ) -> Result<T, NotPossible> {
        self.google.change(|state| {
            let account = state.accounts.get_mut(account.as_str());
            change(account.ok_or(NotPossible::UnknownAccount)?)
        })
    }

    #[expect(clippy::expect_used, reason = "a test cannot go on without an order")]
    fn buy_as(&self, buyer: Buyer) -> Order {
        let product = self.google.settings.products.first();
        let product = product.expect("the settings have a product");
        let plan = product.plans.first().expect("the product has a plan");
        self.purchase(buyer, &product.id, &plan.id)
            .expect("the account exists")
    }
}
