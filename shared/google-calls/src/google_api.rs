//! Authorised calls of Google's JSON APIs.

use marketplace::Deadline;
use reqwest::{Client, Method, Response, StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{join, time};

use crate::{
    BodyError, CallError, Credentials, GoogleError, Http, Unanswered, Unsent, attempts::repeated,
    read_body, retry_after,
};

/// Largest answer read, in bytes: several times the largest page that is documented.
const ANSWER_LIMIT: usize = 4 * 1024 * 1024;

/// Calls methods of Google's JSON APIs that have no official client, as one identity.
#[derive(Clone, Debug)]
pub struct GoogleApi {
    http: Http,
    credentials: Credentials,
}

impl GoogleApi {
    /// A caller that has done nothing yet.
    pub fn new(http: Http, credentials: Credentials) -> Self {
        Self { http, credentials }
    }

    /// Builds the client and fetches the token ahead of their first use, at the same time.
    pub async fn warm_up(&self) {
        join!(self.http.warm_up(), self.credentials.warm_up());
    }

    /// Reads; repeated within the deadline while that may help.
    pub async fn get<T: DeserializeOwned>(
        &self,
        url: &str,
        deadline: Deadline,
    ) -> Result<T, CallError> {
        repeated(deadline, CallError::verdict_on_reading, |deadline| {
            self.attempt(Method::GET, url, None::<&()>, deadline)
        })
        .await
    }

    /// Changes something by `POST`; repeated only if the failed attempt changed nothing, because it
    /// was not sent or was turned away by a limit.
    pub async fn post<T: DeserializeOwned>(
        &self,
        url: &str,
        body: &(impl Serialize + Sync),
        deadline: Deadline,
    ) -> Result<T, CallError> {
        self.change(Method::POST, url, body, deadline).await
    }

    /// Changes something by `PATCH`; repeated as [`post`](Self::post) is.
    pub async fn patch<T: DeserializeOwned>(
        &self,
        url: &str,
        body: &(impl Serialize + Sync),
        deadline: Deadline,
    ) -> Result<T, CallError> {
        self.change(Method::PATCH, url, body, deadline).await
    }

    async fn change<T: DeserializeOwned>(
        &self,
        method: Method,
        url: &str,
        body: &(impl Serialize + Sync),
        deadline: Deadline,
    ) -> Result<T, CallError> {
        repeated(deadline, CallError::verdict_on_changing, |deadline| {
            self.attempt(method.clone(), url, Some(body), deadline)
        })
        .await
    }

    async fn attempt<T: DeserializeOwned>(
        &self,
        method: Method,
        url: &str,
        body: Option<&(impl Serialize + Sync)>,
        deadline: Deadline,
    ) -> Result<T, CallError> {
        if deadline.has_passed() {
            return Err(Unsent::TooLate.into());
        }
        let (client, token) = join!(self.http.client(), self.credentials.token(deadline));
        let client: Client = client.map_err(Unsent::Http)?;
        let (headers, generation) = token.map_err(Unsent::Credentials)?;
        let mut request = client.request(method, url).headers(headers);
        if let Some(body) = body {
            request = request.json(body);
        }
        let exchange = async { read_answer(request.send().await.map_err(sending)?).await };
        let result = time::timeout(deadline.remaining(), exchange)
            .await
            .unwrap_or(Err(Unanswered::TimedOut.into()));
        // A token can end before its time, for example when a role or a key was changed.
        if matches!(&result, Err(CallError::Answered { error, .. }) if error.code == 401) {
            self.credentials.discard(generation).await;
        }
        result
    }
}

async fn read_answer<T: DeserializeOwned>(mut response: Response) -> Result<T, CallError> {
    let body = read_body(&mut response, ANSWER_LIMIT).await;
    let body = body.map_err(|error| match error {
        BodyError::TooLarge => CallError::from(Unanswered::TooLarge {
            limit: ANSWER_LIMIT,
        }),
        BodyError::Broken(error) => receiving(error),
    })?;
    // Only 200 means done: 202 or 204 are in none of the documents, nor is a redirect.
    if response.status() != StatusCode::OK {
        return Err(CallError::Answered {
            error: GoogleError::parse(response.status().as_u16(), &body),
            retry_after: retry_after(response.headers()),
        });
    }
    serde_json::from_slice(&body).map_err(|error| {
        Unanswered::Malformed {
            line: error.line(),
            column: error.column(),
        }
        .into()
    })
}

fn sending(error: reqwest::Error) -> CallError {
    let error = error.without_url();
    if error.is_builder() {
        Unsent::Request(error).into()
    } else if error.is_connect() {
        Unsent::Connection(error).into()
    } else {
        receiving(error)
    }
}

fn receiving(error: reqwest::Error) -> CallError {
    if error.is_timeout() {
        return Unanswered::TimedOut.into();
    }
    Unanswered::Broken(error.without_url()).into()
}
