//! What was deployed: Terraform's outputs, and the services as Cloud Run has them.

use std::collections::BTreeMap;

use super::apis::RUN;
use super::cloud::Cloud;
use super::cloud_resources::{Policy, Service};
use super::names::{is_safe, region};
use super::terraform_outputs::{Function, Outputs};
use super::unreadable::{ReadOption, Unread};

/// Function that takes events.
pub(super) const EVENTS: &str = "procurement-events";
/// Function that signs customers up.
pub(super) const SIGNUP: &str = "signup";
/// Function that logs customers in.
pub(super) const LOGIN: &str = "sso-login";
/// Function that links service accounts.
pub(super) const LINK: &str = "service-account-link";

pub(super) struct Deployment {
    pub(super) project: String,
    pub(super) outputs: Outputs,
    pub(super) services: BTreeMap<String, ReadOption<Service>>,
    /// Who may do what in the project.
    pub(super) policy: ReadOption<Policy>,
}

impl Deployment {
    /// Reads what several checks look at.
    pub(super) async fn read(cloud: &Cloud, outputs: Outputs) -> Self {
        let mut services = BTreeMap::new();
        for (name, function) in &outputs.functions {
            services.insert(name.clone(), service(cloud, function).await);
        }
        Self {
            project: cloud.project.clone(),
            outputs,
            services,
            policy: cloud.project_policy().await,
        }
    }

    /// A function that Terraform names.
    pub(super) fn function(&self, name: &str) -> Result<&Function, Unread> {
        let function = self.outputs.functions.get(name);
        function.ok_or(Unread::NoOutput("functions"))
    }

    /// A function's service.
    pub(super) fn service(&self, name: &str) -> Result<&Service, Unread> {
        match self.services.get(name) {
            None => Err(Unread::NoOutput("functions")),
            Some(Err(unread)) => Err(unread.clone()),
            Some(Ok(None)) => Err(Unread::Absent(format!("the service of {name}"))),
            Some(Ok(Some(service))) => Ok(service),
        }
    }

    /// A variable of a function; empty if it is not set.
    pub(super) fn variable(&self, function: &str, name: &str) -> Result<&str, Unread> {
        Ok(self.service(function)?.variable(name).unwrap_or_default())
    }

    /// Where a function runs.
    pub(super) fn region(&self, function: &str) -> Result<&str, Unread> {
        region(&self.function(function)?.run_url).ok_or(Unread::NoOutput("functions"))
    }

    /// Where Cloud Scheduler's jobs are, which may be elsewhere.
    pub(super) fn scheduler_region(&self) -> Result<&str, Unread> {
        match self.outputs.scheduler_region.as_deref() {
            Some(region) if is_safe(region) => Ok(region),
            Some(_) | None => self.region(EVENTS),
        }
    }

    /// The account that subscribes to the Marketplace's topic: the one that is linked for Pub/Sub.
    pub(super) fn subscriber(&self) -> Option<&str> {
        let mut linked = self.outputs.service_accounts_to_link.iter();
        let subscriber = linked.find(|(_, why)| why.starts_with("Pub/Sub"));
        subscriber.map(|(account, _)| account.as_str())
    }
}

async fn service(cloud: &Cloud, function: &Function) -> ReadOption<Service> {
    let absent = || Unread::Absent(format!("the service {}", function.service));
    let region = region(&function.run_url).ok_or(Unread::NoOutput("functions"))?;
    if !function.deployed || !is_safe(&function.service) {
        return Err(absent());
    }
    let (project, name) = (&cloud.project, &function.service);
    let path = format!("v2/projects/{project}/locations/{region}/services/{name}");
    cloud.read(RUN, path).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(scheduler_region: Option<&str>) -> Deployment {
        let events = Function {
            run_url: "https://portico-procurement-events-1.europe-west1.run.app".to_owned(),
            ..Function::default()
        };
        Deployment {
            project: "vendor-marketplace".to_owned(),
            outputs: Outputs {
                functions: BTreeMap::from([(EVENTS.to_owned(), events)]),
                scheduler_region: scheduler_region.map(str::to_owned),
                ..Outputs::default()
            },
            services: BTreeMap::new(),
            policy: Ok(None),
        }
    }

    #[test]
    fn jobs_are_looked_for_where_terraform_made_them() {
        let region = |said| {
            let deployment = deployment(said);
            deployment.scheduler_region().ok().map(str::to_owned)
        };
        assert_eq!(
            region(Some("europe-west3")).as_deref(),
            Some("europe-west3")
        );
        assert_eq!(region(None).as_deref(), Some("europe-west1"));
        assert_eq!(region(Some("a/b")).as_deref(), Some("europe-west1"));
    }
}
