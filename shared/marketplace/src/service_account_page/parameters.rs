//! What the page is asked to show, checked.

use super::redirect::is_host;
use super::{InvalidPage, Redirect, Registration};
use crate::percent_encoding::percent_encoded;
use crate::service_account_email::is_short_name;

/// Most projects that one link may name.
pub const MOST_HINTS: usize = 50;

/// The longest list of projects, in characters of the address. Fifty ids without a domain have at most 1,549; with every
/// other parameter at its limit the whole address stays within 8 KiB.
pub const LONGEST_HINTS: usize = 2_000;

/// What an application asks for, as it came: nothing of it is checked. What is `None` is left out;
/// an empty list is a mistake, because Google's page would show nothing for it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Whether the product needs access to one project only.
    pub single: bool,
    /// The projects to which the account shall get access.
    pub hints: Option<&'a [String]>,
    /// The roles to choose from, without `roles/`.
    pub filter: Option<&'a [String]>,
    /// The link back to the vendor's console.
    pub redirect: Option<&'a str>,
}

/// The parameters of one page. Only [`Registration::parameters`] makes them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parameters {
    single: bool,
    hints: Vec<String>,
    filter: Vec<String>,
    redirect: Option<Redirect>,
}

impl Parameters {
    /// Whether the product needs access to one project only.
    pub fn is_single(&self) -> bool {
        self.single
    }

    /// The projects to which the account shall get access, in the order in which they were asked
    /// for; none if the customer shall find them.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The roles to choose from, in the order in which they were asked for; none for all that are
    /// registered.
    pub fn filter(&self) -> &[String] {
        &self.filter
    }

    /// The link back.
    pub fn redirect(&self) -> Option<&str> {
        self.redirect.as_ref().map(Redirect::as_str)
    }
}

impl Registration {
    /// Checks what an application asks for.
    pub fn parameters(&self, asked: &Asked<'_>) -> Result<Parameters, InvalidPage> {
        let domains = &self.domains;
        let redirect = asked.redirect.map(|text| Redirect::parse(text, domains));
        Ok(Parameters {
            single: asked.single,
            hints: asked.hints.map(hints).transpose()?.unwrap_or_default(),
            filter: match asked.filter {
                Some(roles) => self.filter_of(roles)?,
                None => Vec::new(),
            },
            redirect: redirect.transpose()?,
        })
    }

    fn filter_of(&self, roles: &[String]) -> Result<Vec<String>, InvalidPage> {
        if roles.is_empty() {
            return Err(InvalidPage::FilterEmpty);
        }
        // What is registered has no role twice, so this bounds the list too.
        if let Some(role) = roles
            .iter()
            .find(|role| !self.roles.as_slice().contains(role))
        {
            let has_prefix = role.contains('/');
            return Err(if has_prefix {
                InvalidPage::RoleWithPrefix
            } else {
                InvalidPage::RoleNotRegistered
            });
        }
        all_different(roles, InvalidPage::RoleTwice)
    }
}

fn hints(projects: &[String]) -> Result<Vec<String>, InvalidPage> {
    if projects.is_empty() {
        return Err(InvalidPage::HintsEmpty);
    }
    if projects.len() > MOST_HINTS {
        return Err(InvalidPage::TooManyHints);
    }
    if !projects.iter().all(|project| is_project(project)) {
        return Err(InvalidPage::Hint);
    }
    let lengths = projects.iter().map(|it| percent_encoded(it).len() + 1);
    if lengths.sum::<usize>() > LONGEST_HINTS {
        return Err(InvalidPage::HintsTooLong);
    }
    all_different(projects, InvalidPage::HintTwice)
}

/// The id of a project. An older one may have the domain in front that it belongs to: `example.com:reports-2013`.
///
/// Source: Resource Manager, "Creating and managing projects"; Artifact Registry, "Repository and image names",
/// for those of a domain.
fn is_project(text: &str) -> bool {
    match text.split_once(':') {
        Some((domain, project)) => is_host(domain) && is_short_name(project),
        None => is_short_name(text),
    }
}

fn all_different(list: &[String], twice: InvalidPage) -> Result<Vec<String>, InvalidPage> {
    let is_first = |(index, item): (usize, &String)| !list.iter().take(index).any(|it| it == item);
    if !list.iter().enumerate().all(is_first) {
        return Err(twice);
    }
    Ok(list.to_vec())
}
