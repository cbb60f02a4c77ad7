//! Sign-up, as the customers of a pair meet it.

use function_tests::visited::soon;
use marketplace::ProcurementAccountId;

function_tests::customer_function!(signup, "/signup", "/signup/register", self => self.buyer());

/// The users that are linked to the account.
pub(crate) type Left = Vec<String>;

impl TestFunction {
    pub(crate) async fn left(&self, account: &ProcurementAccountId) -> Left {
        let links = self.store.links_of(account, soon()).await.unwrap();
        let users = links
            .iter()
            .map(|link| link.record.user.as_str().to_owned());
        users.collect()
    }
}
