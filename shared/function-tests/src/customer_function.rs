//! What the tests that both functions for customers share need of such a function.

use std::fmt::Debug;
use std::ops::Deref;

use function_runtime::{Handler, MapEnv};
use marketplace::ProcurementAccountId;
use marketplace_simulator::Order;
use store::Store;

use crate::visited::VisitedFunction;

/// A function that customers visit, as its own tests see it.
pub trait CustomerFunction:
    Clone + From<VisitedFunction> + Deref<Target = VisitedFunction>
{
    /// The path to which the Marketplace posts; its callback lies below it.
    const LANDING: &'static str;

    /// The path of its form.
    const FORM: &'static str;

    /// What serves requests.
    type Handler: Handler;

    /// What it has stored of an account, and done for it at Google.
    type Left: Debug + PartialEq;

    /// The function with this environment, over this store.
    fn build(environment: &MapEnv, store: Store) -> Self::Handler;

    /// A new customer who may come in.
    fn customer(&self) -> impl Future<Output = Order>;

    /// What is left of this account.
    fn left_of(&self, account: &ProcurementAccountId) -> impl Future<Output = Self::Left>;
}
