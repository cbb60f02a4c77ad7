//! Who is signed in, who has just arrived, and which hand-offs are used up.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use marketplace_simulator::Watched;

use super::hand_off::HandOff;
use super::link_request::Link;

/// Longer than a used hand-off could pass verification again, in seconds.
const REMEMBERED: i64 = 120;

#[derive(Default)]
pub(super) struct Sessions(Watched<Memory>);

#[derive(Default)]
struct Memory {
    signed_in: HashMap<String, HandOff>,
    arrivals: HashMap<String, Arrival>,
    /// `jti` to `exp`.
    consumed: HashMap<String, i64>,
    /// Ids of sessions and arrivals of customers that are no more, and nothing else of them.
    erased: HashSet<String>,
    /// Customers' accounts to the addresses of their service accounts.
    service_accounts: HashMap<String, String>,
}

#[derive(Debug, Clone)]
pub(super) enum Arrival {
    /// It was used for the first time.
    New(Box<HandOff>),
    /// It was used before; its `jti`.
    Again(String),
}

pub(super) enum Arrived {
    Nobody,
    Welcome,
    /// Ask first: this browser has a session of another customer or person. Their accounts.
    SomebodyElse {
        current: Box<HandOff>,
        arriving: Box<HandOff>,
    },
    /// The back button, or a second click: the session that this hand-off opened is still there.
    AlreadyHere,
    /// The hand-off was used before, and not in this browser.
    UsedUp,
}

impl Sessions {
    /// Uses the hand-off up, and names the arrival. Of two at the same time, one is the first.
    pub(super) fn consume(&self, hand_off: HandOff, now: Timestamp) -> String {
        let id = new_id();
        let mut memory = self.0.lock();
        let oldest = now.as_second() - REMEMBERED;
        memory.consumed.retain(|_, expires| *expires > oldest);
        let (jti, expires) = (hand_off.claims.jti.clone(), hand_off.claims.exp);
        let arrival = match memory.consumed.insert(jti.clone(), expires) {
            None => Arrival::New(Box::new(hand_off)),
            Some(_) => Arrival::Again(jti),
        };
        memory.arrivals.insert(id.clone(), arrival);
        id
    }

    pub(super) fn arrived(&self, arrival: &str, session: &str) -> Arrived {
        let memory = self.0.lock();
        let Some(arrival) = memory.arrivals.get(arrival) else {
            return Arrived::Nobody;
        };
        match (arrival, memory.signed_in.get(session)) {
            (Arrival::New(_), None) => Arrived::Welcome,
            (Arrival::New(_), Some(current)) if arrival.is_of(current) => Arrived::Welcome,
            (Arrival::New(arriving), Some(current)) => Arrived::SomebodyElse {
                current: Box::new(current.clone()),
                arriving: arriving.clone(),
            },
            (Arrival::Again(_), Some(current)) if arrival.is_of(current) => Arrived::AlreadyHere,
            (Arrival::Again(_), _) => Arrived::UsedUp,
        }
    }

    /// Opens a session under a new id, and ends the one before.
    pub(super) fn open(&self, arrival: &str, session: &str) -> Option<String> {
        let mut memory = self.0.lock();
        let Some(Arrival::New(hand_off)) = memory.arrivals.remove(arrival) else {
            return None;
        };
        memory.signed_in.remove(session);
        let id = new_id();
        memory.signed_in.insert(id.clone(), *hand_off);
        Some(id)
    }

    pub(super) fn forget(&self, arrival: &str) {
        self.0.lock().arrivals.remove(arrival);
    }

    pub(super) fn find(&self, session: &str) -> Option<HandOff> {
        self.0.lock().signed_in.get(session).cloned()
    }

    pub(super) fn end(&self, session: &str) {
        self.0.lock().signed_in.remove(session);
    }

    /// Keeps the address of the customer's service account, to act as it later; unless the session has
    /// ended meanwhile, and the customer may be no more.
    pub(super) fn keep_service_account(&self, session: &str, link: &Link) {
        let mut memory = self.0.lock();
        if let Some(hand_off) = memory.signed_in.get(session) {
            let (account, email) = (hand_off.claims.sub.clone(), link.service_account.clone());
            memory.service_accounts.insert(account, email);
        }
    }

    /// The address of the customer's service account, once they have a link.
    pub(super) fn service_account(&self, account: &str) -> Option<String> {
        self.0.lock().service_accounts.get(account).cloned()
    }

    /// Forgets what was kept of this account, ends its sessions and forgets who arrived for it; how
    /// many sessions there were.
    pub(super) fn erase(&self, account: &str) -> usize {
        let mut memory = self.0.lock();
        let Memory {
            signed_in,
            arrivals,
            erased,
            service_accounts,
            ..
        } = &mut *memory;
        service_accounts.remove(account);
        let is_of = |hand_off: &HandOff| hand_off.claims.sub == account;
        let arrived = arrivals.extract_if(|_, arrival| match arrival {
            Arrival::New(hand_off) => is_of(hand_off),
            Arrival::Again(_) => false,
        });
        erased.extend(arrived.map(|(id, _)| id));
        let sessions = signed_in.extract_if(|_, hand_off| is_of(hand_off));
        let sessions: Vec<String> = sessions.map(|(id, _)| id).collect();
        let count = sessions.len();
        erased.extend(sessions);
        count
    }

    /// Whether one of these was a session or an arrival of a customer that is no more.
    pub(super) fn was_erased(&self, ids: &[&str]) -> bool {
        let memory = self.0.lock();
        ids.iter().any(|id| memory.erased.contains(*id))
    }
}

/// An id that nobody can guess.
#[expect(
    clippy::expect_used,
    reason = "without random numbers nobody can be signed in"
)]
fn new_id() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    format!("{:032x}", u128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn hand_off(account: &str, jti: &str) -> HandOff {
        let claims = json!({
            "sub": account, "google": {"user_identity": "1"}, "jti": jti, "iat": 0, "exp": 60,
            "purpose": "signup", "verified_user": false, "new_user": true, "access": "live",
        });
        HandOff {
            claims: serde_json::from_value(claims).unwrap(),
            text: String::new(),
            key_id: String::new(),
        }
    }

    #[test]
    fn erasing_ends_what_is_of_the_account_and_nothing_else() {
        let sessions = Sessions::default();
        let arrive = |account, jti| sessions.consume(hand_off(account, jti), Timestamp::UNIX_EPOCH);
        let gone = sessions.open(&arrive("a", "1"), "").unwrap();
        let on_the_way = arrive("a", "2");
        let other = sessions.open(&arrive("b", "3"), "").unwrap();
        let link = Link {
            url: String::new(),
            service_account: "c-1".to_owned(),
        };
        sessions.keep_service_account(&gone, &link);
        sessions.keep_service_account(&other, &link);
        assert_eq!(sessions.erase("a"), 1);
        assert_eq!(sessions.erase("a"), 0);
        assert!(sessions.find(&gone).is_none() && sessions.find(&other).is_some());
        assert_eq!(sessions.open(&on_the_way, ""), None);
        assert!(sessions.was_erased(&["", &gone]) && sessions.was_erased(&[&on_the_way]));
        assert!(!sessions.was_erased(&["", &other]));
        sessions.keep_service_account(&gone, &link);
        assert_eq!(sessions.service_account("a"), None);
        assert_eq!(sessions.service_account("b").as_deref(), Some("c-1"));
    }
}
