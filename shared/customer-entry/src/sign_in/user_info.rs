//! Google's `UserInfo`: which person an access token of ours belongs to.

use google_calls::{Http, RetryVerdict, repeated};
use http::{HeaderValue, Method, Request, StatusCode, header};
use marketplace::Deadline;
use oauth2::HttpRequest;
use serde::Deserialize;

use super::exchange::{GoogleUnavailable, exchange};
use super::not_proven::NotProven;

/// The part of the answer that counts. Text: a number would have lost digits.
#[derive(Deserialize)]
struct UserInfo {
    sub: String,
}

/// The id of the person to whom this access token belongs. Repeated within the deadline while that
/// may help.
pub(super) async fn id(
    http: &Http,
    address: &str,
    access_token: &str,
    deadline: Deadline,
) -> Result<String, NotProven> {
    let judge = |error: &NotProven| match error {
        NotProven::Unavailable(_) => RetryVerdict::Again {
            after: std::time::Duration::ZERO,
        },
        _ => RetryVerdict::Final,
    };
    repeated(deadline, judge, |deadline| async move {
        let request = request(address, access_token)?;
        let answer = exchange(http, request, deadline).await?;
        if answer.status() != StatusCode::OK {
            return Err(NotProven::UserInfo(answer.status().as_u16()));
        }
        match serde_json::from_slice::<UserInfo>(answer.body()) {
            Ok(user_info) => Ok(user_info.sub),
            Err(_) => Err(GoogleUnavailable::Malformed.into()),
        }
    })
    .await
}

fn request(address: &str, access_token: &str) -> Result<HttpRequest, GoogleUnavailable> {
    let malformed = |_| GoogleUnavailable::Malformed;
    let mut bearer = HeaderValue::try_from(format!("Bearer {access_token}"))
        .map_err(|_| GoogleUnavailable::Malformed)?;
    bearer.set_sensitive(true);
    Request::builder()
        .method(Method::GET)
        .uri(address)
        .header(header::AUTHORIZATION, bearer)
        .body(Vec::new())
        .map_err(malformed)
}
