//! What becomes of an attempt when its callback comes.

use google_calls::Causes;
use jiff::Timestamp;
use marketplace::Deadline;
use store::{CommitError, Session, SignIn, Stored};

use super::attempt;
use super::callback::{Answer, UnverifiedCallback};
use super::error::SignInFault;
use super::google::NotProven;
use super::{GoogleSignIn, SignInStep, current};
use crate::landing::LandingError;
use crate::pages::SignInTrouble;
use crate::session_cookie::LandingHandle;

/// How often a proof is written again under a session that others keep changing.
const ROUNDS: usize = 4;

impl GoogleSignIn {
    pub(super) async fn judge(
        &self,
        session: Stored<Session>,
        callback: UnverifiedCallback,
        at: (Timestamp, Deadline),
    ) -> Result<SignInStep, SignInFault> {
        let (user, attempt) = current(&session.record)?;
        if !attempt::is_of(&attempt, &callback.state) {
            return Ok(self.page(&session.record, SignInTrouble::Over));
        }
        if attempt.passed.is_some() {
            return Ok(SignInStep::Passed(Box::new(session)));
        }
        let trouble = match callback.answer {
            Answer::Denied => SignInTrouble::Denied,
            Answer::Error(name) => {
                warn(&session.record, &SignInFault::Refused(name));
                SignInTrouble::Refused
            }
            Answer::Code(code) => {
                let proof = self.google.prove(&user, (&attempt, code), at).await;
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
    /// when another callback has begun a new attempt meanwhile.
    async fn pass(
        &self,
        mut session: Stored<Session>,
        attempt: SignIn,
        (now, deadline): (Timestamp, Deadline),
    ) -> Result<SignInStep, SignInFault> {
        let passed = SignIn {
            passed: Some(now),
            ..attempt
        };
        for _ in 0..ROUNDS {
            let record = Session {
                sign_in: Some(passed.clone()),
                ..session.record.clone()
            };
            let written = self.landings.replace(&record, &session.version, deadline);
            if let Err(CommitError::Unavailable(error)) = written.await {
                return Err(error.into());
            }
            session = self.stored(&record, (now, deadline)).await?;
            if !self.is_due(&session.record) {
                return Ok(SignInStep::Passed(Box::new(session)));
            }
        }
        Err(SignInFault::Contended)
    }

    /// Ends an attempt that Google has answered, so that its `state` is worth nothing any more.
    async fn use_up(
        &self,
        session: Stored<Session>,
        trouble: SignInTrouble,
        (now, deadline): (Timestamp, Deadline),
    ) -> Result<SignInStep, SignInFault> {
        let handle = LandingHandle::parse(&session.record.handle).ok_or(LandingError::Over)?;
        let record = Session {
            sign_in: Some(attempt::new(&handle)?),
            ..session.record.clone()
        };
        let written = self.landings.replace(&record, &session.version, deadline);
        match written.await {
            Ok(()) => Ok(self.page(&record, trouble)),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
            // Another callback was faster; where it has passed, this one need not fail.
            Err(CommitError::Conflict) => {
                let session = self.stored(&record, (now, deadline)).await?;
                if self.is_due(&session.record) {
                    return Ok(self.page(&session.record, trouble));
                }
                Ok(SignInStep::Passed(Box::new(session)))
            }
        }
    }

    async fn stored(
        &self,
        session: &Session,
        at: (Timestamp, Deadline),
    ) -> Result<Stored<Session>, SignInFault> {
        let stored = self.landings.read_again(session, at).await?;
        Ok(stored.ok_or(LandingError::Over)?)
    }
}

/// What is wrong is for the log; the customer gets a page with another try.
fn warn(session: &Session, fault: &SignInFault) {
    tracing::warn!(
        account_id = %session.customer.account(),
        error = %Causes(fault),
        "a sign-in was refused"
    );
}
