//! Whose store this is.

use jiff::Timestamp;
use marketplace::{Deadline, ProviderId};

use crate::documents::collections::DEPLOYMENT;
use crate::documents::record::stored_record;
use crate::{Document, Store, StoreUnavailable, Stored};

/// The id of the one document.
const THIS: &str = "this";

/// The provider that a store belongs to: accounts and orders of any other are not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// The vendor's provider id in the Partner Procurement API.
    pub provider: ProviderId,
    /// Since when.
    pub since: Timestamp,
}

impl Document {
    /// Whose store this is.
    pub fn deployment() -> Self {
        Self::new(DEPLOYMENT, THIS)
    }
}

impl Store {
    /// Whose store this is; none if nobody has said so yet.
    pub async fn deployment(
        &self,
        deadline: Deadline,
    ) -> Result<Option<Stored<Deployment>>, StoreUnavailable> {
        self.one(Document::deployment(), deadline).await
    }
}

stored_record! {
    Deployment, in DEPLOYMENT, at |_deployment| Document::deployment();
    fields: provider, since;
}
