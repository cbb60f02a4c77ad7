//! What is stored of a customer is read, and read again after another request was faster.

use function_runtime::Response;
use marketplace::At;
use store::{Contended, Landing, Session, StoreUnavailable, Stored, retry_contended};

use crate::entrance::Entrance;
use crate::entry::Entry;
use crate::entry_fault::EntryFault;
use crate::landing_error::LandingError;

impl Entrance {
    /// What is stored of this customer, in one parallel round trip.
    pub async fn read(&self, entry: &Entry, at: At) -> Result<Landing, StoreUnavailable> {
        let landing = self.store.landing(entry.customer(), at);
        landing.await
    }

    /// Runs `attempt` with what was read, and again from what is stored then as long as another
    /// request was faster: account, link, hand-off and session, which is all that a commit demands.
    pub async fn retry<E, F>(
        &self,
        entry: Entry,
        landing: Landing,
        at: At,
        attempt: impl Fn(Entry, Landing) -> F,
    ) -> Result<Response, E>
    where
        E: Contended + From<EntryFault>,
        F: Future<Output = Result<Response, E>>,
    {
        let mut first = Some((entry.clone(), landing));
        retry_contended(|| {
            let first = first.take();
            let (entry, attempt) = (&entry, &attempt);
            async move {
                let (entry, landing) = match first {
                    Some(first) => first,
                    None => self.read_again(entry, at).await?,
                };
                attempt(entry, landing).await
            }
        })
        .await
    }

    async fn read_again(&self, entry: &Entry, at: At) -> Result<(Entry, Landing), EntryFault> {
        let (session, landing) =
            tokio::try_join!(self.session_again(entry.session(), at), async {
                Ok(self.read(entry, at).await?)
            })?;
        Ok((entry.with_session(session), landing))
    }

    async fn session_again(
        &self,
        session: Option<&Session>,
        at: At,
    ) -> Result<Option<Stored<Session>>, EntryFault> {
        let Some(session) = session else {
            return Ok(None);
        };
        let stored = self.sessions.read_again(session, at).await?;
        Ok(Some(stored.ok_or(LandingError::Over)?))
    }
}
