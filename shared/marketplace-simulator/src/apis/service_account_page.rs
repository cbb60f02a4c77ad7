//! The Cloud console's page on which a customer grants a service account of the vendor's access to
//! their projects.
//!
//! | address | answers |
//! |---|---|
//! | `console.cloud.google.com/marketplace-saas/service-account/…`, the same at `console.google.com` | the browser: [`browse`] |
//!
//! The address is read by the strict inverse of what builds it, so an address that Google does not document
//! is shown as an error of the page.

mod browser;
mod pages;
mod refusal;

use http::Method;
use jiff::Timestamp;
use marketplace::service_account_page::{ConsoleHost, Page, RedirectDomain, Registration};

use crate::access_grants::Grant;
use crate::service_accounts::ServiceAccount;
use crate::settings::ServiceAccountPage;
use crate::simulated_google::SimulatedGoogle;
pub(crate) use browser::browse;

pub use refusal::PageRefused;

/// What every path of the page begins with.
const FOLDER: [&str; 2] = ["marketplace-saas", "service-account"];

/// A page that may be shown, and the service account that it is about.
pub(crate) struct PageRequest {
    page: Page,
    account: ServiceAccount,
}

impl PageRequest {
    /// The link back.
    pub(crate) fn redirect(&self) -> Option<&str> {
        self.page.parameters().redirect()
    }
}

/// Whether a browser is sent to the page (segments below the host).
pub(crate) fn is_page(method: &Method, host: &str, path: &[String]) -> bool {
    let path = path.iter().map(String::as_str).take(2);
    let is_browser = method == Method::GET || method == Method::POST;
    is_browser && console(host).is_some() && path.eq(FOLDER)
}

fn console(host: &str) -> Option<ConsoleHost> {
    let mut hosts = ConsoleHost::ALL.into_iter();
    hosts.find(|console| console.as_str() == host)
}

impl SimulatedGoogle {
    /// The page at this path of this host, if Google shows it.
    pub(crate) fn page_at(
        &self,
        host: &str,
        path: &str,
        now: Timestamp,
    ) -> Result<PageRequest, PageRefused> {
        let console = console(host).ok_or(PageRefused::Elsewhere)?;
        let page = self.registration().at(console);
        let page = page.parse(&format!("https://{host}{path}"))?;
        let email = page.account();
        let mut accounts = self.service_accounts();
        let found = accounts.called(&email.project(), email.as_str(), now);
        let account = found.map_err(|_| PageRefused::Unknown)?.clone();
        if account.is_disabled {
            return Err(PageRefused::Disabled);
        }
        Ok(PageRequest { page, account })
    }

    /// Grants the service account what the page asks for, in these projects.
    pub(crate) fn grant_access(
        &self,
        asked: &PageRequest,
        projects: &[String],
        now: Timestamp,
    ) -> Result<(), PageRefused> {
        let offered = self.offered(asked);
        if !projects.iter().all(|project| offered.contains(project)) {
            return Err(PageRefused::NotOffered);
        }
        match projects {
            [] => return Err(PageRefused::NoProject),
            [_, _, ..] if asked.page.parameters().is_single() => {
                return Err(PageRefused::OneProjectOnly);
            }
            _ => {}
        }
        for project in projects {
            self.grants().add(Grant {
                service_account: asked.account.email.clone(),
                unique_id: asked.account.unique_id.clone(),
                project: project.clone(),
                roles: self.roles(asked).to_vec(),
                time: now,
            });
        }
        self.change(|_| ());
        Ok(())
    }

    /// The projects to choose from: those that the page was asked to show, then the customer's others.
    fn offered(&self, asked: &PageRequest) -> Vec<String> {
        let mut offered = asked.page.parameters().hints().to_vec();
        for project in &self.settings.service_account_page.customer_projects {
            if !offered.contains(project) {
                offered.push(project.clone());
            }
        }
        offered
    }

    /// The roles that are granted: a subset of those that are registered, or all.
    fn roles<'a>(&'a self, asked: &'a PageRequest) -> &'a [String] {
        match asked.page.parameters().filter() {
            [] => self.settings.service_account_page.roles.as_slice(),
            filter => filter,
        }
    }

    /// What the vendor has registered; the demo application, which is here, may be returned to.
    fn registration(&self) -> Registration {
        let ServiceAccountPage {
            service,
            roles,
            redirect_domains,
            ..
        } = &self.settings.service_account_page;
        let here = RedirectDomain::parse(&self.origin);
        let domains = redirect_domains.iter().cloned().chain(here);
        Registration::new(service.clone(), roles.clone(), domains.collect())
    }
}
