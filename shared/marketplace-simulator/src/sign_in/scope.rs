//! Scopes: which facts about a user a program asks for.

use std::collections::BTreeSet;

use super::refusal::SignInRefused;

/// A scope of OpenID Connect; Google has hundreds more, for its APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    OpenId,
    Email,
    Profile,
}

impl Scope {
    const ALL: [Self; 3] = [Self::OpenId, Self::Email, Self::Profile];

    /// The scopes in a list with spaces. They must have `openid`: without it Google would go on without
    /// an ID token, which nobody here can want.
    pub(crate) fn parse_list(list: &str) -> Result<BTreeSet<Self>, SignInRefused> {
        let scopes: BTreeSet<Self> = list
            .split_whitespace()
            .map(Self::parse)
            .collect::<Result<_, _>>()?;
        if scopes.contains(&Self::OpenId) {
            Ok(scopes)
        } else {
            let text = "Without the scope openid there is no ID token.";
            Err(SignInRefused::bad("invalid_scope", text))
        }
    }

    pub(crate) fn long(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Email => "https://www.googleapis.com/auth/userinfo.email",
            Self::Profile => "https://www.googleapis.com/auth/userinfo.profile",
        }
    }

    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::OpenId => "Know which Google Account is yours",
            Self::Email => "See your e-mail address",
            Self::Profile => "See your name and picture",
        }
    }

    fn short(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Email => "email",
            Self::Profile => "profile",
        }
    }

    fn parse(text: &str) -> Result<Self, SignInRefused> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|scope| [scope.short(), scope.long()].contains(&text));
        found.ok_or_else(|| {
            let text = format!("Some requested scopes were invalid. {{invalid=[{text}]}}");
            SignInRefused::bad("invalid_scope", text)
        })
    }
}
