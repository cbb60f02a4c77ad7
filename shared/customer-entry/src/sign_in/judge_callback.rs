//! What becomes of an attempt when its callback comes.

use marketplace::{At, ErrorChain};
use store::{CommitError, Session, SignIn, Stored, retry_contended};

use super::attempt;
use super::not_proven::NotProven;
use super::sign_in_fault::SignInFault;
use super::unverified_callback::{CallbackAnswer, UnverifiedCallback};
use super::{Attempted, GoogleSignIn, SignInStep, has_passed};
use crate::landing_error::LandingError;
use crate::landing_handle::LandingHandle;
use crate::pages::SignInTrouble;

impl GoogleSignIn {
    pub(super) async fn judge(
        &self,
        session: Stored<Session>,
        callback: UnverifiedCallback,
        at: At,
    ) -> Result<SignInStep, SignInFault> {
        let Attempted { user, attempt } = Attempted::of(&session.record)?;
        if !attempt::is_of(&attempt, &callback.state) {
            return Ok(self.page(&session.record, SignInTrouble::Over));
        }
        if attempt.passed.is_some() {
            return Ok(SignInStep::Passed(Box::new(session)));
        }
        let trouble = match callback.answer {
            CallbackAnswer::Denied => SignInTrouble::Denied,
            CallbackAnswer::Error(name) => {
                warn(&session.record, &SignInFault::Refused(name));
                SignInTrouble::Refused
            }
            CallbackAnswer::Code(code) => {
                let proof = self.google.prove(&user, &attempt, code, at).await;
                match proof.map_err(SignInFault::from) {
                    Ok(()) => return self.pass(session, attempt, at).await,
                    Err(SignInFault::NotProven(NotProven::SomebodyElse)) => {
                        SignInTrouble::SomebodyElse
                    }
                    Err(fault) if fault.is_final() => {
                        warn(&session.record, &fault);
                        SignInTrouble::Refused
                    }
                    Err(fault) => return Err(fault),
                }
            }
        };
        self.use_up(session, trouble, at).await
    }

    /// Stores the proof. It is of this session's customer, who never changes, so that it counts also
    /// when another callback has started a new attempt meanwhile.
    async fn pass(
        &self,
        session: Stored<Session>,
        attempt: SignIn,
        at: At,
    ) -> Result<SignInStep, SignInFault> {
        let passed = SignIn {
            passed: Some(at.now),
            ..attempt
        };
        let mut first = Some(session.clone());
        let passed = retry_contended(|| {
            let (first, session, passed) = (first.take(), &session.record, passed.clone());
            async move {
                let stored = match first {
                    Some(first) => first,
                    None => self.stored(session, at).await?,
                };
                if has_passed(&stored.record) {
                    return Ok(stored);
                }
                let record = Session {
                    sign_in: Some(passed),
                    ..stored.record
                };
                let written = self.sessions.replace(&record, &stored.version, at.deadline);
                written.await?;
                let stored = self.stored(&record, at).await?;
                if has_passed(&stored.record) {
                    Ok(stored)
                } else {
                    Err(SignInFault::Contended)
                }
            }
        });
        Ok(SignInStep::Passed(Box::new(passed.await?)))
    }

    /// Ends an attempt that Google has answered, so that its `state` is worth nothing any more.
    async fn use_up(
        &self,
        session: Stored<Session>,
        trouble: SignInTrouble,
        at: At,
    ) -> Result<SignInStep, SignInFault> {
        let handle = LandingHandle::parse(&session.record.handle).ok_or(LandingError::Over)?;
        let record = Session {
            sign_in: Some(attempt::new(&handle)?),
            ..session.record.clone()
        };
        let written = self
            .sessions
            .replace(&record, &session.version, at.deadline);
        match written.await {
            Ok(()) => Ok(self.page(&record, trouble)),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
            // Another callback was faster; where it has passed, this one need not fail.
            Err(CommitError::Conflict) => {
                let session = self.stored(&record, at).await?;
                if has_passed(&session.record) {
                    return Ok(SignInStep::Passed(Box::new(session)));
                }
                Ok(self.page(&session.record, trouble))
            }
        }
    }

    async fn stored(&self, session: &Session, at: At) -> Result<Stored<Session>, SignInFault> {
        let stored = self.sessions.read_again(session, at).await?;
        Ok(stored.ok_or(LandingError::Over)?)
    }
}

/// What is wrong is for the log; the customer gets a page with another try.
fn warn(session: &Session, fault: &SignInFault) {
    tracing::warn!(
        account_id = %session.customer.account(),
        error = %ErrorChain(fault),
        "a sign-in was refused"
    );
}
