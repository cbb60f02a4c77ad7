//! From the token that the Marketplace posts to a customer with an accepted role.

use function_runtime::{Failure as _, Request};
use verification::VerifiedCustomer;

use crate::entrance::Entrance;
use crate::entry::Entry;
use crate::entry_fault::{EntryFault, Error};
use crate::landing_error::LandingError;
use crate::unverified_form::{TOKEN_FIELD, UnverifiedForm};

impl Entrance {
    /// Verifies the token in a posted form and admits its customer.
    pub async fn arrive(&self, request: &Request) -> Result<Entry, Error> {
        let customer = self.verify(request).await.map_err(EntryFault::Landing)?;
        let account = customer.account().clone();
        Entry::arrived(customer, &self.settings.accepted_roles)
            .map_err(|error| EntryFault::Landing(error).about(&account))
    }

    /// A token anywhere but in the form, in a query or a header, is none.
    async fn verify(&self, request: &Request) -> Result<VerifiedCustomer, LandingError> {
        let form = UnverifiedForm::read(&request.headers, &request.body)?;
        let unverified_token = form.once(TOKEN_FIELD)?;
        let verified = self.verifier.verify(unverified_token, request.at());
        Ok(verified.await?)
    }
}
