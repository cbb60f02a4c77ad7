//! UserInfo: who an access token is of.

use function_runtime::Request;
use http::header;
use serde_json::{Value, json};

use super::super::json::{object, optional, text};
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::sign_in::{Scope, UserAccess};
use crate::simulated_google::SimulatedGoogle;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UserInfoForm {
    /// `sub` and `email_verified`, as OpenID Connect says.
    OpenId,
    /// `id` and `verified_email`, as version 2 of the OAuth API says.
    Api,
}

/// Answers a program that has an access token of ours.
pub(crate) fn user_info(
    google: &SimulatedGoogle,
    form: UserInfoForm,
    request: &Request,
) -> HostAnswer {
    let bearer = request.header("authorization").unwrap_or_default();
    let token = bearer.strip_prefix("Bearer ").unwrap_or_default();
    let access = google.sign_ins.issued().access(token, request.now);
    let Some(access) = access else {
        return refused(form);
    };
    let body = form.body(&access);
    let write = google.sign_ins.switches().user_info.clone();
    let body = write.map_or_else(|| body.clone(), |write| write(body.clone()));
    HostAnswer::json(&body, "who the user is")
}

impl UserInfoForm {
    fn body(self, access: &UserAccess) -> Value {
        let (id, verified) = match self {
            Self::OpenId => ("sub", "email_verified"),
            Self::Api => ("id", "verified_email"),
        };
        let user = &access.user;
        let has = |scope: Scope| access.scopes.contains(&scope);
        object([
            (id, text(&user.identity.as_str())),
            ("email", optional(has(Scope::Email).then_some(&user.email))),
            (verified, has(Scope::Email).then_some(true).into()),
            ("name", optional(has(Scope::Profile).then_some(&user.name))),
        ])
    }
}

fn refused(form: UserInfoForm) -> HostAnswer {
    let mut answer = match form {
        UserInfoForm::Api => HostAnswer::error(&GoogleError::unauthenticated()),
        UserInfoForm::OpenId => {
            let body = json!({
                "error": "invalid_request",
                "error_description": "Invalid Credentials",
            });
            HostAnswer::json(&body, "Invalid Credentials")
        }
    };
    answer.status = http::StatusCode::UNAUTHORIZED;
    let challenge = r#"Bearer realm="https://accounts.google.com/", error="invalid_token""#;
    answer.with_header(header::WWW_AUTHENTICATE, challenge)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::discovery::check_answer;
    use crate::hosts::WWW;
    use crate::marketplace_state::stranger;
    use crate::settings::Settings;

    #[test]
    fn an_answer_is_as_documented() {
        let google = SimulatedGoogle::new(Settings::default(), "http://127.0.0.1:1");
        let access = UserAccess {
            user: google.person(&stranger()),
            scopes: [Scope::OpenId, Scope::Email, Scope::Profile].into(),
            end: Timestamp::UNIX_EPOCH,
        };
        let body = UserInfoForm::Api.body(&access);
        check_answer(WWW, "oauth2.userinfo.get", &body).unwrap();
        assert_eq!(body["id"], stranger().as_str());
        let other = UserInfoForm::OpenId.body(&access);
        check_answer(WWW, "oauth2.userinfo.get", &other).unwrap_err();
    }
}
