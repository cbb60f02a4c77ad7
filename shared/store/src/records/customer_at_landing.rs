//! All that is read of one customer at once, when they arrive.

use std::collections::BTreeSet;

use marketplace::{At, Deadline, ProcurementAccountId, UserIdentity};
use verification::VerifiedCustomer;

use super::hand_off_record::unexpired;
use crate::documents::record::StoredDocument;
use crate::store::decode_next;
use crate::{Account, Document, Entitlement, HandOffRecord, Link, Store, StoreUnavailable, Stored};

/// All that is stored of a customer who has just arrived with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    /// The customer's account.
    pub account: Option<Stored<Account>>,
    /// The link of the token's user to it; none if the token names no user.
    pub link: Option<Stored<Link>>,
    /// The hand-off that this very token was used for.
    pub replay: Option<Stored<HandOffRecord>>,
    /// The account's entitlements, in the order of their ids.
    pub entitlements: Vec<Stored<Entitlement>>,
    /// Further orders that the token names: stored under another account, or a moment ago.
    pub other_orders: Vec<Stored<Entitlement>>,
}

/// What is stored of one user of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Customer {
    /// The account.
    pub account: Option<Stored<Account>>,
    /// The user's link to it.
    pub link: Option<Stored<Link>>,
    /// The account's entitlements, in the order of their ids.
    pub entitlements: Vec<Stored<Entitlement>>,
}

impl Store {
    /// One user of one account, in one parallel round trip.
    pub async fn customer(
        &self,
        account: &ProcurementAccountId,
        user: &UserIdentity,
        deadline: Deadline,
    ) -> Result<Customer, StoreUnavailable> {
        let documents = [Document::account(account), Document::link(account, user)];
        let (found, entitlements) = tokio::try_join!(
            self.fetch(&documents, deadline),
            self.entitlements_of(account, deadline),
        )?;
        let mut found = found.into_iter();
        Ok(Customer {
            account: decode_next(&mut found)?,
            link: decode_next(&mut found)?,
            entitlements,
        })
    }

    /// Everything a landing needs, in one parallel round trip.
    pub async fn landing(
        &self,
        customer: &VerifiedCustomer,
        at: At,
    ) -> Result<Landing, StoreUnavailable> {
        let account = customer.account();
        let mut documents = vec![
            Document::account(account),
            Document::replay(customer.fingerprint()),
        ];
        let link = customer.user().map(|user| Document::link(account, user));
        let has_link = link.is_some();
        documents.extend(link);
        // Asked for twice, a document would be answered once.
        let orders: BTreeSet<_> = customer.orders().iter().collect();
        documents.extend(orders.into_iter().map(Document::entitlement));
        let (found, entitlements) = tokio::try_join!(
            self.fetch(&documents, at.deadline),
            self.entitlements_of(account, at.deadline),
        )?;
        let mut found = found.into_iter();
        Ok(Landing {
            account: decode_next(&mut found)?,
            replay: unexpired(decode_next(&mut found)?, at.now),
            link: if has_link {
                decode_next(&mut found)?
            } else {
                None
            },
            other_orders: others(found, &entitlements)?,
            entitlements,
        })
    }
}

/// Those of the token's orders that the account's entitlements do not have.
fn others(
    orders: impl Iterator<Item = Option<StoredDocument>>,
    own: &[Stored<Entitlement>],
) -> Result<Vec<Stored<Entitlement>>, StoreUnavailable> {
    let is_own = |order: &StoredDocument| {
        own.iter()
            .any(|own| own.record.id.percent_encoded() == order.id)
    };
    let others = orders.flatten().filter(|order| !is_own(order));
    others.map(StoredDocument::decode).collect()
}
