//! Who takes part, where Google can stop them, and how they end.

use http::Method;
use marketplace_simulator::Matcher;

/// One of those who bring a customer further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Actor {
    /// The buyer sends the form.
    Form,
    /// The buyer comes back from Google sign-in.
    SignIn,
    /// The buyer comes with a token, and nothing more is asked of them.
    Post,
    /// The event about the purchase is pushed.
    Event,
    /// The scheduler has everything compared.
    Reconcile,
    /// Another user of the account comes with a token of their own.
    Colleague,
    /// An operator approves the account.
    Operator,
    /// An operator rejects the account. Not among all: what is left then has rules of its own.
    Rejection,
}

/// Where somebody is stopped: before Google does what the call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// At the first call about the customer. What customers commit first is stored by then; the others have only read.
    FirstCall,
    /// At the first approval, of the account or the order. Not everybody comes there in every pair.
    Approval,
    /// At the signature of the hand-off: between the reads and the commit of the hand-off.
    Signature,
}

/// How a part ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The customer was handed over, the event acknowledged, the round finished, the command done.
    Well,
    /// The customer was shown that the account is rejected.
    Refused,
    /// The operator was told that it was not done, and why.
    NotDone(String),
}

impl Actor {
    /// All but the rejection.
    pub(crate) const ALL: [Self; 7] = [
        Self::Form,
        Self::SignIn,
        Self::Post,
        Self::Event,
        Self::Reconcile,
        Self::Colleague,
        Self::Operator,
    ];

    /// Whether somebody waits for a page.
    pub(crate) const fn is_customer(self) -> bool {
        matches!(
            self,
            Self::Form | Self::SignIn | Self::Post | Self::Colleague
        )
    }

    /// Where Google can stop this one.
    pub(crate) const fn stops(self) -> &'static [Stop] {
        if self.is_customer() {
            &[Stop::FirstCall, Stop::Approval, Stop::Signature]
        } else {
            &[Stop::FirstCall, Stop::Approval]
        }
    }
}

impl Stop {
    /// The calls of which the next one is held.
    pub(crate) fn calls(self) -> Matcher {
        match self {
            Self::FirstCall => Matcher::procurement(),
            Self::Approval => Matcher::procurement().method(Method::POST),
            Self::Signature => Matcher::sign_jwt(),
        }
    }
}
