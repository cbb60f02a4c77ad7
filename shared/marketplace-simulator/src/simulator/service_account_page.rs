//! What customers grant on Google's service account page, as a test sees and does it.

use super::Simulator;
use crate::access_grants::Grant;
use crate::apis::PageRefused;

impl Simulator {
    /// Everything that customers have granted, oldest first.
    pub fn grants(&self) -> Vec<Grant> {
        self.google.grants().all().to_vec()
    }

    /// A customer follows this link to Google's service account page and grants what it asks for, in
    /// these projects: those of the link, or of the settings. The answer is where the browser is sent
    /// back to, if the link says so.
    ///
    /// # Errors
    ///
    /// What the page says instead.
    pub fn grant_access(
        &self,
        url: &str,
        projects: &[&str],
    ) -> Result<Option<String>, PageRefused> {
        let below = url.strip_prefix(&self.google.origin);
        let below = below.and_then(|below| below.strip_prefix('/'));
        let address = below.and_then(|below| below.split_once('/'));
        let (host, path) = address.ok_or(PageRefused::Elsewhere)?;
        let now = self.now();
        let asked = self.google.page_at(host, &format!("/{path}"), now)?;
        let projects: Vec<String> = projects.iter().map(|&it| it.to_owned()).collect();
        self.google.grant_access(&asked, &projects, now)?;
        Ok(asked.redirect().map(str::to_owned))
    }
}
