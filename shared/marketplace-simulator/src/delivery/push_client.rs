//! Who carries messages to the endpoint.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::envelope::envelope;
use super::push::Push;
use crate::clock::Clock;
use crate::key_rings::KeyRings;
use crate::messages::{Attempt, AttemptVerdict, MessageLog, Obstacle};
use crate::sync::lock;
use crate::tokens::IdentityClaims;

/// A token is used again for so long, as Pub/Sub does; it is valid for an hour.
const TOKEN_KEPT_SECONDS: i64 = 30 * 60;

/// Carries messages to one endpoint, signed.
pub(crate) struct PushClient {
    pub(super) push: Push,
    pub(super) log: MessageLog,
    keys: Arc<KeyRings>,
    /// That of the tokens.
    clock: Clock,
    client: reqwest::Client,
    token: Mutex<Option<KeptToken>>,
}

struct KeptToken {
    kid: String,
    issued: i64,
    text: String,
}

/// Carries what is queued, until it is aborted.
pub(super) async fn run(push_client: Arc<PushClient>) {
    let permits = Arc::new(Semaphore::new(push_client.push.parallel.max(1)));
    let mut changes = push_client.log.changes();
    let mut under_way = JoinSet::new();
    loop {
        while under_way.try_join_next().is_some() {}
        // Taken before the message, so that messages begin in their order.
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else {
            return;
        };
        push_client.log.paced().await;
        changes.mark_unchanged();
        if let Some(number) = push_client.log.take() {
            let permits = Arc::clone(&permits);
            under_way.spawn(Arc::clone(&push_client).carry(number, permit, permits));
        } else {
            drop(permit);
            // The client holds the log, which holds the sender: waiting does not fail.
            let _ = changes.changed().await;
        }
    }
}

impl PushClient {
    pub(super) fn new(push: Push, log: MessageLog, keys: Arc<KeyRings>, clock: Clock) -> Self {
        Self {
            client: http_client(push.acknowledge_within),
            push,
            log,
            keys,
            clock,
            token: Mutex::default(),
        }
    }

    /// Delivers a message, as often as it takes.
    pub(super) async fn carry(
        self: Arc<Self>,
        number: u64,
        permit: OwnedSemaphorePermit,
        permits: Arc<Semaphore>,
    ) {
        let mut permit = Some(permit);
        while let Some(attempt) = self.attempt(number).await {
            // Between attempts others may use the connection.
            drop(permit.take());
            let verdict = self.log.judge(number, attempt, &self.push.backoff);
            let AttemptVerdict::Again(pause) = verdict else {
                break;
            };
            tokio::time::sleep(pause).await;
            permit = Arc::clone(&permits).acquire_owned().await.ok();
        }
        self.log.end();
    }

    /// One attempt; none if there is no such message.
    pub(super) async fn attempt(&self, number: u64) -> Option<Attempt> {
        let message = self.log.message(number)?;
        let attempt = self.log.failures(number) + 1;
        let body = envelope(&self.push, &message, attempt).to_string();
        let answer = self.post(Bytes::from(body)).await;
        Some(Attempt::ended(self.log.now(), answer))
    }

    /// Pushes a body, signed; the status answered, or why there was none.
    pub(crate) async fn post(&self, body: Bytes) -> Result<u16, Obstacle> {
        let request = self
            .client
            .post(&self.push.url)
            .header("authorization", format!("Bearer {}", self.token()))
            .header("content-type", "application/json")
            .header("user-agent", "CloudPubSub-Google")
            .body(body);
        match request.send().await {
            Ok(response) => Ok(response.status().as_u16()),
            Err(error) => Err(Obstacle::of(&error, self.push.acknowledge_within)),
        }
    }

    fn token(&self) -> String {
        let key = self.keys.identity.current();
        let now = self.clock.now();
        let mut kept = lock(&self.token);
        let is_good = |kept: &&KeptToken| {
            kept.kid == key.kid && now.as_second() - kept.issued < TOKEN_KEPT_SECONDS
        };
        if let Some(kept) = kept.as_ref().filter(is_good) {
            return kept.text.clone();
        }
        let text = IdentityClaims::valid_at(now)
            .set("aud", self.push.audience.as_str())
            .set("email", self.push.service_account.as_str())
            .signed_by(key);
        *kept = Some(KeptToken {
            kid: key.kid.clone(),
            issued: now.as_second(),
            text: text.clone(),
        });
        text
    }
}

/// A client for endpoints on this machine. It follows no redirect.
///
/// # Panics
///
/// If there can be no client at all.
#[expect(
    clippy::expect_used,
    reason = "without a client there is nothing to deliver with"
)]
pub fn http_client(time_out: Duration) -> reqwest::Client {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // It fails only where somebody else was faster, and then there is one.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    }
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(time_out)
        .build();
    client.expect("a client without certificates of its own can be built")
}
