//! What customers have granted.

use jiff::Timestamp;

/// Roles that a service account has in a customer's project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The address of the service account.
    pub service_account: String,
    /// The unique id of the service account: a later one at the same address has none of this.
    pub unique_id: String,
    /// The customer's project.
    pub project: String,
    /// Without `roles/`, in the order in which they were granted.
    pub roles: Vec<String>,
    /// When it was granted last.
    pub time: Timestamp,
}

/// Every grant, one for each service account and project.
#[derive(Debug, Default)]
pub(crate) struct Grants(Vec<Grant>);

impl Grants {
    /// Adds roles to those that the service account has in the project.
    pub(crate) fn add(&mut self, grant: Grant) {
        let is_same =
            |it: &&mut Grant| it.unique_id == grant.unique_id && it.project == grant.project;
        let Some(known) = self.0.iter_mut().find(is_same) else {
            self.0.push(grant);
            return;
        };
        known.time = grant.time;
        for role in grant.roles {
            if !known.roles.contains(&role) {
                known.roles.push(role);
            }
        }
    }

    /// Oldest first.
    pub(crate) fn all(&self) -> &[Grant] {
        &self.0
    }

    /// Those of the service account with this unique id, oldest first.
    pub(crate) fn of(&self, unique_id: &str) -> Vec<Grant> {
        let of = self.0.iter().filter(|it| it.unique_id == unique_id);
        of.cloned().collect()
    }
}
