//! What a program asks of Google when it sends a browser to sign in.

use std::collections::BTreeSet;

use url::Url;

use super::SignIns;
use super::parameters::Parameters;
use super::refusal::SignInRefused;
use super::scope::Scope;
use crate::marketplace_state::User;
use crate::settings::OAuthClient;

const PARAMETERS: [&str; 13] = [
    "access_type",
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "hd",
    "include_granted_scopes",
    "login_hint",
    "nonce",
    "prompt",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
];

/// Length of a SHA-256 digest in base64url.
const CHALLENGE_LENGTH: usize = 43;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Authorization {
    redirect_uri: Url,
    /// As it was sent: the exchange must repeat it.
    pub(crate) redirect_uri_text: String,
    pub(crate) scopes: BTreeSet<Scope>,
    state: Option<String>,
    pub(crate) nonce: Option<String>,
    /// Of PKCE, by `S256`.
    pub(crate) challenge: Option<String>,
    pub(crate) login_hint: Option<String>,
    pub(crate) prompt: BTreeSet<Prompt>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Prompt {
    None,
    Consent,
    SelectAccount,
}

impl Authorization {
    /// Checks the request in the order in which Google does: whose it is, where it leads, what it wants.
    pub(crate) fn parse(
        query: &str,
        client: &OAuthClient,
        sign_ins: &SignIns,
    ) -> Result<Self, SignInRefused> {
        let given = Parameters::read(query.as_bytes(), &PARAMETERS)?;
        if given.required("client_id")? != client.id {
            let text = "The OAuth client was not found.";
            return Err(SignInRefused::invalid_client(text));
        }
        let redirect_uri_text = given.required("redirect_uri")?.to_owned();
        let redirect_uri = redirect_uri(&redirect_uri_text, client, sign_ins)?;
        let response_type = given.required("response_type")?;
        if response_type != "code" {
            let text = format!("Invalid response_type: {response_type}");
            return Err(SignInRefused::bad("unsupported_response_type", text));
        }
        Ok(Self {
            redirect_uri,
            redirect_uri_text,
            scopes: Scope::parse_list(given.required("scope")?)?,
            state: given.owned("state"),
            nonce: given.owned("nonce"),
            challenge: challenge(&given)?,
            login_hint: given.owned("login_hint"),
            prompt: prompt(given.value("prompt").unwrap_or_default())?,
        })
    }

    /// Whether the program would like to see this user.
    pub(crate) fn hints_at(&self, user: &User) -> bool {
        let hint = self.login_hint.as_deref();
        hint.is_some_and(|hint| hint == user.identity.as_str() || hint == user.email)
    }

    /// The program, as Google's pages name it: by its host.
    pub(crate) fn site(&self) -> String {
        let host = self.redirect_uri.host_str();
        host.unwrap_or_default().to_owned()
    }

    /// What is asked for, in long form.
    pub(crate) fn scope(&self) -> String {
        let scopes: Vec<&str> = self.scopes.iter().map(|scope| scope.long()).collect();
        scopes.join(" ")
    }

    /// Back to the program with a code.
    pub(crate) fn granted(&self, code: &str) -> String {
        let scope = self.scope();
        let prompt = if self.prompt.contains(&Prompt::None) {
            "none"
        } else {
            "consent"
        };
        self.back(&[
            ("code", code),
            ("scope", &scope),
            ("authuser", "0"),
            ("prompt", prompt),
        ])
    }

    /// Back to the program with an error.
    pub(crate) fn failed(&self, error: &str) -> String {
        self.back(&[("error", error)])
    }

    fn back(&self, members: &[(&str, &str)]) -> String {
        let mut url = self.redirect_uri.clone();
        {
            let mut query = url.query_pairs_mut();
            if let Some(state) = &self.state {
                query.append_pair("state", state);
            }
            query.extend_pairs(members);
        }
        url.into()
    }
}

fn redirect_uri(
    text: &str,
    client: &OAuthClient,
    sign_ins: &SignIns,
) -> Result<Url, SignInRefused> {
    let registered = Url::parse(text).ok();
    let registered = registered.filter(|_| sign_ins.is_registered(client, text));
    registered.ok_or_else(|| {
        let text = "The redirect URI in the request does not match the ones authorized for the \
                    OAuth client.";
        SignInRefused::bad("redirect_uri_mismatch", text)
    })
}

fn challenge(given: &Parameters) -> Result<Option<String>, SignInRefused> {
    let invalid =
        |name: &str| SignInRefused::invalid_request(format!("Invalid parameter value for {name}"));
    match (
        given.value("code_challenge"),
        given.value("code_challenge_method"),
    ) {
        (None, None) => Ok(None),
        (Some(challenge), Some("S256")) => {
            let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            if challenge.len() == CHALLENGE_LENGTH && challenge.bytes().all(is_base64) {
                Ok(Some(challenge.to_owned()))
            } else {
                Err(invalid("code_challenge"))
            }
        }
        (None, Some(_)) => Err(invalid("code_challenge")),
        // Google also takes `plain`, which protects from little.
        (Some(_), _) => Err(invalid("code_challenge_method")),
    }
}

fn prompt(text: &str) -> Result<BTreeSet<Prompt>, SignInRefused> {
    let prompt = |word| match word {
        "none" => Ok(Prompt::None),
        "consent" => Ok(Prompt::Consent),
        "select_account" => Ok(Prompt::SelectAccount),
        other => Err(SignInRefused::invalid_request(format!(
            "Invalid parameter value for prompt: {other}"
        ))),
    };
    let prompts: BTreeSet<_> = text
        .split_whitespace()
        .map(prompt)
        .collect::<Result<_, _>>()?;
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        let text = "Invalid parameter value for prompt: none cannot be combined";
        return Err(SignInRefused::invalid_request(text));
    }
    Ok(prompts)
}
