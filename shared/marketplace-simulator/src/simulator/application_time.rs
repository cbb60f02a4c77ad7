//! Between the simulated time and that of an application with a clock of its own.

use jiff::Timestamp;

use super::Simulator;
use crate::tokens;

impl Simulator {
    /// The time by which the vendor's application lives, see [`ApplicationClock`](crate::ApplicationClock).
    pub fn application_now(&self) -> Timestamp {
        self.google.application_now()
    }

    /// An identity token of Google's that was issued by this machine's clock, as it would be if it had been issued by the
    /// simulated one: its times are moved ahead by as much as that clock is, and it is signed again. None for
    /// anything that neither the present key nor the one before has signed.
    ///
    /// For a program that lives in the simulated time and is called by one that does not.
    pub fn in_simulated_time(&self, token: &str) -> Option<String> {
        let ahead = self.google.clock.ahead().as_secs();
        let keys = self.google.keys.identity.published();
        tokens::moved(token, keys, i64::try_from(ahead).ok()?)
    }

    /// The other way round, for a token of the signer of hand-offs: as it would be if it had been issued by this
    /// machine's clock. Its times are moved back, and it is signed again.
    ///
    /// For what goes from a program that lives in the simulated time to one that does not. `signJwt` itself signs
    /// what it is given: its caller compares, and takes nothing else.
    pub fn by_machine_clock(&self, token: &str) -> Option<String> {
        let ahead = self.google.clock.ahead();
        // Rounded up, so that it does not come from the future.
        let seconds = ahead.as_secs() + u64::from(ahead.subsec_nanos() > 0);
        let keys = self.google.keys.hand_off.published();
        tokens::moved(token, keys, -i64::try_from(seconds).ok()?)
    }

    /// A text, such as a page, with every hand-off in it [by this machine's clock](Self::by_machine_clock). All
    /// else in it stays as it is.
    pub fn hand_offs_by_machine_clock(&self, text: &str) -> String {
        let mut moved = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(begin) = rest.find(is_of_token) {
            let (before, from) = rest.split_at(begin);
            let end = from.find(|c| !is_of_token(c)).unwrap_or(from.len());
            let (word, after) = from.split_at(end);
            moved.push_str(before);
            // Only a word of three parts can be a token.
            let is_token = word.matches('.').count() == 2;
            let token = is_token.then(|| self.by_machine_clock(word)).flatten();
            moved.push_str(token.as_deref().unwrap_or(word));
            rest = after;
        }
        moved.push_str(rest);
        moved
    }
}

/// Whether a JWT may have this character, RFC 7515, section 7.1: base64url, and points between.
fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}
