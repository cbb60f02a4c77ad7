//! Whether something stands in the way of the first `terraform apply`, in a project with nothing of
//! Portico's. What organization policies and quotas refuse shows at the apply only, in the middle of it.
//!
//! As everywhere in the doctor, each look hands what it read to a pure function, and changes nothing.

mod billing;
mod caller_permissions;
mod cloud_armor;
mod constraints;
mod enabled_apis;
mod listed;
mod organization_policies;
mod producer_portal;
mod project;
mod run_region;

use function_runtime::Env;

use self::project::FirstLook;
use super::cloud::Cloud;
use super::report::Report;
use crate::arguments::BeforeArguments;
use crate::config;
use crate::error::CommandError;
use crate::terminal::say;

/// What is going to be deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Intended {
    region: String,
    firestore_location: String,
    load_balancer: bool,
    provider: String,
}

/// What was given as options, and the process's own variables behind it.
struct WithOptions<'a> {
    env: &'a dyn Env,
    project: Option<String>,
    provider: Option<String>,
}

impl Env for WithOptions<'_> {
    fn get(&self, name: &str) -> Option<String> {
        let given = match name {
            "GOOGLE_CLOUD_PROJECT" => self.project.clone(),
            "PROCUREMENT_PROVIDER" => self.provider.clone(),
            _ => None,
        };
        given.or_else(|| self.env.get(name))
    }
}

/// Looks at everything, and says what each look found as soon as it is known.
pub(super) async fn examine(arguments: BeforeArguments, env: &dyn Env) -> Result<(), CommandError> {
    let env = WithOptions {
        env,
        project: arguments.project,
        provider: arguments.provider,
    };
    let (google, project, provider) = config::before_deploying(&env)?;
    let region = arguments.region.ok_or(CommandError::Arguments(
        "--before needs --region REGION: the region that terraform.tfvars names, such as europe-west1",
    ))?;
    let intended = Intended {
        firestore_location: arguments
            .firestore_location
            .unwrap_or_else(|| region.clone()),
        region,
        load_balancer: arguments.load_balancer,
        provider: provider.to_string(),
    };
    look(&Cloud::new(&google, &project), &intended).await
}

async fn look(cloud: &Cloud, intended: &Intended) -> Result<(), CommandError> {
    let mut report = Report::of(&cloud.project);
    match project::look(cloud).await {
        FirstLook::GoOn(found) => report.add("project", vec![found]),
        FirstLook::Stop(found) => {
            report.add("project", vec![found]);
            return report.end();
        }
    }
    report.add("APIs", enabled_apis::check(cloud).await);
    report.add("billing", billing::check(cloud).await);
    let found = caller_permissions::check(cloud, intended).await;
    report.add("your permissions", found);
    report.add("region", run_region::check(cloud, intended).await);
    let found = organization_policies::check(cloud, intended).await;
    report.add("organization policies", found);
    report.add("Cloud Armor", cloud_armor::check(cloud, intended).await);
    let found = producer_portal::check(cloud, intended).await;
    report.add("Producer Portal", found);
    report.end()?;
    say("Nothing is known that stands in the way of the first apply.");
    Ok(())
}
