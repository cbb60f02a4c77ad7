//! Google's page on which a customer grants a service account of ours access to their projects.
//!
//! The crate's documentation has a table of every part of its address. Nothing here asks anybody: an
//! address is written from checked values, and read again by the strict inverse.

mod address;
mod names;
mod parameters;
mod redirect;
#[cfg(test)]
mod tests;

pub use names::{GrantableRoles, ServiceName};
pub use parameters::{Asked, LONGEST_HINTS, MOST_HINTS, Parameters};
pub use redirect::{LONGEST_REDIRECT, Redirect, RedirectDomain};

use crate::ServiceAccountEmail;

/// What the vendor has registered with Google's Partner Engineer, and what an address may therefore
/// name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    host: ConsoleHost,
    service: ServiceName,
    roles: GrantableRoles,
    domains: Vec<RedirectDomain>,
}

/// The host of the page. Google documents both, one in each of its two examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConsoleHost {
    /// The console's usual host.
    #[default]
    ConsoleCloud,
    /// The host of the example with parameters.
    Console,
}

/// One page, for one service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    host: ConsoleHost,
    service: ServiceName,
    account: ServiceAccountEmail,
    parameters: Parameters,
}

/// Why there is no such page, or no such address. It carries no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each message says what a comment could")]
pub enum InvalidPage {
    #[error("the service name is not the registered one")]
    Service,
    #[error("`hints` is empty")]
    HintsEmpty,
    #[error("`hints` has more than 50 projects")]
    TooManyHints,
    #[error("`hints` is longer than 2000 characters")]
    HintsTooLong,
    #[error("`hints` has something that is not a project id")]
    Hint,
    #[error("`hints` has a project twice")]
    HintTwice,
    #[error("`filter` is empty")]
    FilterEmpty,
    #[error("`filter` has a role with a prefix such as `roles/`")]
    RoleWithPrefix,
    #[error("`filter` has a role that is not registered")]
    RoleNotRegistered,
    #[error("`filter` has a role twice")]
    RoleTwice,
    #[error("`redirect` is longer than 1024 characters")]
    RedirectTooLong,
    #[error("`redirect` has a character that no address has")]
    RedirectCharacter,
    #[error("`redirect` is not an absolute https address")]
    RedirectScheme,
    #[error("`redirect` leads to a host that is not registered")]
    RedirectHost,
    #[error("the address is not one of the page")]
    Address,
    #[error("the address names no service account")]
    Email,
    #[error("the address has a parameter that is not documented")]
    Parameter,
    #[error("the address has a broken percent encoding")]
    Encoding,
    #[error("the address is not written as the page's addresses are")]
    NotCanonical,
}

impl Registration {
    /// A registration with the page at its usual host. Without a domain there is no link back.
    pub fn new(service: ServiceName, roles: GrantableRoles, domains: Vec<RedirectDomain>) -> Self {
        Self {
            host: ConsoleHost::default(),
            service,
            roles,
            domains,
        }
    }

    /// The same with the page at this host.
    #[must_use]
    pub fn at(mut self, host: ConsoleHost) -> Self {
        self.host = host;
        self
    }

    /// The page for this service account.
    pub fn page(&self, account: ServiceAccountEmail, parameters: Parameters) -> Page {
        Page {
            host: self.host,
            service: self.service.clone(),
            account,
            parameters,
        }
    }

    /// The registered service name.
    pub fn service(&self) -> &ServiceName {
        &self.service
    }

    /// The registered roles.
    pub fn roles(&self) -> &GrantableRoles {
        &self.roles
    }
}

impl ConsoleHost {
    /// Both hosts.
    pub const ALL: [Self; 2] = [Self::ConsoleCloud, Self::Console];

    /// The host name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConsoleCloud => "console.cloud.google.com",
            Self::Console => "console.google.com",
        }
    }
}

impl Page {
    /// The host it is at.
    pub fn host(&self) -> ConsoleHost {
        self.host
    }

    /// The service it is about.
    pub fn service(&self) -> &ServiceName {
        &self.service
    }

    /// The service account that shall get access.
    pub fn account(&self) -> &ServiceAccountEmail {
        &self.account
    }

    /// What it shall show.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }
}
