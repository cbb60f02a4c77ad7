//! Faults on request: what can go wrong between a program and Google.
//!
//! A fault is planned for calls that fit a [`Matcher`](crate::Matcher). One that comes [`after_effect`](Fault::after_effect)
//! lets the call do its work and breaks only the answer, as when a connection breaks on the way back.

mod plan;

use std::time::Duration;

pub use plan::{Faults, Planned};

/// One way to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) moment: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    Status(u16, Option<Duration>),
    Refused(&'static str),
    Delay(Duration),
    Hang,
    Cut,
    CutMidBody,
    Garbage,
    Answer(&'static str),
    Redirect,
    Slow(Duration),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    BeforeEffect,
    AfterEffect,
}

impl Fault {
    /// This HTTP status with Google's error body.
    pub const fn status(code: u16) -> Self {
        Self::before(FaultKind::Status(code, None))
    }

    /// 403, with this text of Google's: some reasons stand in nothing else.
    pub const fn refused(message: &'static str) -> Self {
        Self::before(FaultKind::Refused(message))
    }

    /// Waits this long, then answers as usual.
    pub const fn delay(duration: Duration) -> Self {
        Self::before(FaultKind::Delay(duration))
    }

    /// Waits until it is [`released`](Planned::release), then answers as usual.
    pub const fn hang() -> Self {
        Self::before(FaultKind::Hang)
    }

    /// Closes the connection without an answer.
    pub const fn cut() -> Self {
        Self::before(FaultKind::Cut)
    }

    /// Closes the connection in the middle of the answer's body, after the effect.
    pub const fn cut_mid_body() -> Self {
        Self::before(FaultKind::CutMidBody).after_effect()
    }

    /// 200 with a body that is nothing.
    pub const fn garbage() -> Self {
        Self::before(FaultKind::Garbage)
    }

    /// 200 with this JSON, whatever was asked.
    pub const fn answer(json: &'static str) -> Self {
        Self::before(FaultKind::Answer(json))
    }

    /// 307 to the same address: who follows calls once more.
    pub const fn redirect() -> Self {
        Self::before(FaultKind::Redirect)
    }

    /// The usual answer, its body in sixteen pieces with this pause before each, after the effect.
    pub const fn slow(pause: Duration) -> Self {
        Self::before(FaultKind::Slow(pause)).after_effect()
    }

    /// With `Retry-After`, in whole seconds; only a status carries it.
    #[must_use]
    pub const fn retry_after(mut self, duration: Duration) -> Self {
        if let FaultKind::Status(code, _) = self.kind {
            self.kind = FaultKind::Status(code, Some(duration));
        }
        self
    }

    /// The call does its work first; only the answer is lost, late or broken.
    #[must_use]
    pub const fn after_effect(mut self) -> Self {
        self.moment = Moment::AfterEffect;
        self
    }

    pub(crate) fn name(&self) -> String {
        let name = match self.kind {
            FaultKind::Status(code, _) => format!("status {code}"),
            FaultKind::Refused(_) => "status 403".to_owned(),
            FaultKind::Delay(duration) => format!("delay {} ms", duration.as_millis()),
            FaultKind::Hang => "hang".to_owned(),
            FaultKind::Cut => "cut connection".to_owned(),
            FaultKind::CutMidBody => return "cut connection in the answer".to_owned(),
            FaultKind::Garbage => "garbage".to_owned(),
            FaultKind::Answer(_) => "another answer".to_owned(),
            FaultKind::Redirect => "redirect".to_owned(),
            FaultKind::Slow(_) => return "slow answer".to_owned(),
        };
        match self.moment {
            Moment::BeforeEffect => name,
            Moment::AfterEffect => format!("{name} after the effect"),
        }
    }

    const fn before(kind: FaultKind) -> Self {
        Self {
            kind,
            moment: Moment::BeforeEffect,
        }
    }
}
