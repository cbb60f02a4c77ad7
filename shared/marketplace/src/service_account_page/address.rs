//! The page's address: written, and read again.

use super::{Asked, InvalidPage, Page, Registration};
use crate::ServiceAccountEmail;
use crate::percent_encoding::{percent_decoded, percent_encoded};

/// What every address of the page begins with, after the host.
const FOLDER: &str = "/marketplace-saas/service-account/";

impl Page {
    /// The path: all of the address after the host.
    ///
    /// Parameters stand in the order `single`, `hints`, `filter`, `redirect`. Google documents no
    /// order; the same parameters always make the same address.
    pub fn path(&self) -> String {
        let parameters = &self.parameters;
        let single = parameters.is_single().then(|| ";single=true".to_owned());
        let list = |name: &str, items: &[String]| {
            let items: Vec<_> = items.iter().map(|item| percent_encoded(item)).collect();
            (!items.is_empty()).then(|| format!(";{name}={}", items.join(",")))
        };
        let redirect = parameters.redirect();
        [
            Some(format!("{FOLDER}{}/{}", self.service, self.account)),
            single,
            list("hints", parameters.hints()),
            list("filter", parameters.filter()),
            redirect.map(|text| format!(";redirect={}", percent_encoded(text))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The whole address.
    pub fn url(&self) -> String {
        format!("https://{}{}", self.host.as_str(), self.path())
    }
}

impl Registration {
    /// Reads the address of a page that [`Page::url`] could have written, and no other: with another
    /// order, an unknown or repeated parameter, or another encoding of the same it is refused.
    pub fn parse(&self, url: &str) -> Result<Page, InvalidPage> {
        let path = url
            .strip_prefix("https://")
            .and_then(|rest| rest.strip_prefix(self.host.as_str()))
            .and_then(|rest| rest.strip_prefix(FOLDER));
        let (service, segment) = path
            .and_then(|path| path.split_once('/'))
            .ok_or(InvalidPage::Address)?;
        if service != self.service.as_str() {
            return Err(InvalidPage::Service);
        }
        let mut parts = segment.split(';');
        let email = parts.next().unwrap_or_default();
        let account = ServiceAccountEmail::parse(email).map_err(|_| InvalidPage::Email)?;
        let mut values = Values::default();
        for part in parts {
            values.read(part)?;
        }
        let page = self.page(account, self.parameters(&values.asked())?);
        if page.url() != url {
            return Err(InvalidPage::NotCanonical);
        }
        Ok(page)
    }
}

/// The parameters of an address, decoded and not checked.
#[derive(Default)]
struct Values {
    single: bool,
    hints: Option<Vec<String>>,
    filter: Option<Vec<String>>,
    redirect: Option<String>,
}

impl Values {
    fn read(&mut self, part: &str) -> Result<(), InvalidPage> {
        let list = |value: &str| value.split(',').map(decoded).collect::<Result<Vec<_>, _>>();
        match part.split_once('=') {
            Some(("single", "true")) => self.single = true,
            Some(("hints", value)) => self.hints = Some(list(value)?),
            Some(("filter", value)) => self.filter = Some(list(value)?),
            Some(("redirect", value)) => self.redirect = Some(decoded(value)?),
            _ => return Err(InvalidPage::Parameter),
        }
        Ok(())
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            single: self.single,
            hints: self.hints.as_deref(),
            filter: self.filter.as_deref(),
            redirect: self.redirect.as_deref(),
        }
    }
}

fn decoded(text: &str) -> Result<String, InvalidPage> {
    percent_decoded(text).ok_or(InvalidPage::Encoding)
}
