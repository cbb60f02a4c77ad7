//! Whether the functions are there, and can verify who calls them.

use std::collections::BTreeSet;

use function_runtime::Env;

use super::cloud_resources::Service;
use super::deployment::{Deployment, EVENTS, SIGNUP};
use super::finding::{Finding, or_fine};
use super::names::region;
use super::terraform_outputs::Function;
use super::unreadable::{ReadOption, Unread};

/// Who sells what, as `operator` is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vendor {
    provider: String,
    products: BTreeSet<String>,
}

impl Vendor {
    pub(super) fn from_env(env: &dyn Env) -> Self {
        let text = |name| env.get(name).unwrap_or_default();
        Self {
            provider: text("PROCUREMENT_PROVIDER").trim().to_owned(),
            products: products(&text("PRODUCTS")),
        }
    }
}

pub(super) fn check(deployment: &Deployment, vendor: &Vendor) -> Vec<Finding> {
    let functions = &deployment.outputs.functions;
    if functions.is_empty() {
        return vec![Unread::NoOutput("functions").finding("the functions")];
    }
    let mut found = Vec::new();
    for (name, function) in functions {
        if let Some(service) = deployment.services.get(name) {
            found.extend(judge(name, function, service));
            if let (EVENTS | SIGNUP, Ok(Some(service))) = (name.as_str(), service) {
                found.extend(judge_vendor(name, service, vendor));
            }
        }
    }
    or_fine(
        found,
        "all are deployed, and verify by themselves who calls them",
    )
}

fn judge(name: &str, function: &Function, service: &ReadOption<Service>) -> Vec<Finding> {
    if !function.deployed {
        let cause = format!("{name} has no image, and was not deployed");
        return vec![Finding::problem(cause, "scripts/deploy.sh")];
    }
    let service = match service {
        Ok(Some(service)) => service,
        Ok(None) => {
            let cause = format!("{name} is not there, although Terraform made it");
            return vec![Finding::problem(cause, "terraform -chdir=terraform apply")];
        }
        Err(unread) => return vec![unread.finding(&format!("the service of {name}"))],
    };
    let region = region(&function.run_url).unwrap_or("REGION");
    let mut found = Vec::new();
    if !service.invoker_iam_disabled {
        found.push(Finding::problem(
            format!(
                "Cloud Run's own IAM check is on for {name}: it refuses customers, and takes the \
                 signature off identity tokens (SIGNATURE_REMOVED_BY_GOOGLE), so that the function \
                 refuses every one"
            ),
            format!(
                "gcloud run services update {} --region={region} --no-invoker-iam-check",
                function.service
            ),
        ));
    }
    if service.terminal_condition.state == "CONDITION_FAILED" {
        found.push(Finding::problem(
            format!("the newest revision of {name} does not start"),
            format!(
                "gcloud run services logs read {} --region={region} --limit=20\n\
                 exit code 64 there: a variable is refused, and named",
                function.service
            ),
        ));
    }
    found
}

fn judge_vendor(name: &str, service: &Service, vendor: &Vendor) -> Vec<Finding> {
    let value = |variable| service.variable(variable).unwrap_or_default();
    let mut found = Vec::new();
    let mut differs = |variable, effect| {
        found.push(Finding::problem(
            format!("{variable} of {name} is not the one that you have set here: {effect}"),
            "compare both with Producer Portal; the right one belongs into terraform.tfvars, then \
             terraform -chdir=terraform apply",
        ));
    };
    if value("PROCUREMENT_PROVIDER") != vendor.provider {
        differs(
            "PROCUREMENT_PROVIDER",
            "one of the two asks for another vendor's customers",
        );
    }
    if products(value("PRODUCTS")) != vendor.products {
        differs(
            "PRODUCTS",
            "orders of a product that is missing are left alone",
        );
    }
    found
}

fn products(list: &str) -> BTreeSet<String> {
    list.split(',').map(|id| id.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::super::finding::tests::{assert_cause, fix};
    use super::*;

    fn function(deployed: bool) -> Function {
        Function {
            deployed,
            run_url: "https://portico-signup-1.europe-west1.run.app".to_owned(),
            service: "portico-signup".to_owned(),
            audience: None,
        }
    }

    fn service(is_open: bool, state: &str) -> Service {
        let variables = json!([
            {"name": "PROCUREMENT_PROVIDER", "value": "vendor"},
            {"name": "PRODUCTS", "value": "b, a"},
        ]);
        from_value(json!({
            "template": {"containers": [{ "env": variables }]},
            "invokerIamDisabled": is_open,
            "terminalCondition": { "state": state },
        }))
        .unwrap()
    }

    #[test]
    fn a_service_is_there_open_and_running() {
        let done = "CONDITION_SUCCEEDED";
        let closed = Ok(Some(service(false, done)));
        for (deployed, service, part) in [
            (true, &Ok(Some(service(true, done))), ""),
            (false, &Ok(None), "no image"),
            (true, &Ok(None), "not there"),
            (true, &closed, "Cloud Run's own IAM check is on"),
            (
                true,
                &Ok(Some(service(true, "CONDITION_FAILED"))),
                "does not start",
            ),
        ] {
            assert_cause(judge("signup", &function(deployed), service), part);
        }
        let fix = fix(judge("signup", &function(true), &closed));
        assert!(
            fix.contains("--region=europe-west1 --no-invoker-iam-check"),
            "{fix}"
        );
    }

    #[test]
    fn functions_serve_the_vendor_that_the_operator_serves() {
        for (provider, list, found) in [
            ("vendor", "a,b", 0),
            ("vendor", "a", 1),
            ("other", "a,c", 2),
        ] {
            let vendor = Vendor {
                provider: provider.to_owned(),
                products: products(list),
            };
            let service = service(true, "CONDITION_SUCCEEDED");
            assert_eq!(
                judge_vendor("signup", &service, &vendor).len(),
                found,
                "{list}"
            );
        }
    }
}
