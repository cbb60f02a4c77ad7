//! Whether Google's page can lead back to the application.

use marketplace::service_account_page::{Redirect, RedirectDomain};

use super::deployment::{Deployment, LINK, SIGNUP};
use super::finding::{Finding, or_fine};
use super::names::host;
use super::unreadable::Unread;

pub(super) fn check(deployment: &Deployment) -> Vec<Finding> {
    if deployment.outputs.functions.is_empty() {
        return vec![Unread::NoOutput("functions").finding("the registered domains")];
    }
    if !deployment.outputs.functions.contains_key(LINK) {
        return vec![Finding::fine("service accounts are not used")];
    }
    let domains = deployment.variable(LINK, "REDIRECT_DOMAINS");
    let application = ["APPLICATION_LOGIN_URL", "APPLICATION_SIGNUP_URL"]
        .map(|variable| deployment.variable(SIGNUP, variable));
    let [login, signup] = application;
    match (domains, login, signup) {
        (Ok(domains), Ok(login), Ok(signup)) => or_fine(
            judge(domains, &[login, signup]),
            "the application's hosts are among REDIRECT_DOMAINS; whether Google has them registered \
             is known to your Partner Engineer alone",
        ),
        (Err(unread), _, _) | (_, Err(unread), _) | (_, _, Err(unread)) => {
            vec![unread.finding("the registered domains")]
        }
    }
}

fn judge(domains: &str, application: &[&str]) -> Vec<Finding> {
    if domains.is_empty() {
        return vec![Finding::problem(
            "REDIRECT_DOMAINS is not set: customers find no way back from Google's page",
            "ask your Partner Engineer to register the host of your application, then set \
             service_account_link.redirect_domains in terraform.tfvars: \
             terraform -chdir=terraform apply",
        )];
    }
    let domains: Vec<_> = domains
        .split(',')
        .filter_map(|domain| RedirectDomain::parse(domain.trim()))
        .collect();
    let mut missing: Vec<_> = application.iter().filter_map(|url| host(url)).collect();
    missing.retain(|host| Redirect::parse(&format!("https://{host}/"), &domains).is_err());
    missing.dedup();
    let finding = |host: String| {
        Finding::problem(
            format!(
                "Google's page cannot lead back to {host}, where your application is: it is not \
                 among REDIRECT_DOMAINS, so a `redirect` there is refused"
            ),
            format!(
                "is {host} registered with your Partner Engineer? Ask for it if not; then add it to \
                 service_account_link.redirect_domains in terraform.tfvars: \
                 terraform -chdir=terraform apply"
            ),
        )
    };
    missing.into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_application_s_hosts_are_among_the_domains() {
        let (login, signup) = (
            "https://app.example.com/login",
            "https://www.example.com/new?a",
        );
        let found = |domains: &str| judge(domains, &[login, signup]).len();
        for (domains, problems) in [
            ("app.example.com,www.example.com", 0),
            ("*.example.com", 0),
            ("app.example.com", 1),
            ("example.com", 2),
            ("*.app.example.com", 2),
            ("", 1),
        ] {
            assert_eq!(found(domains), problems, "{domains}");
        }
        assert_eq!(judge("a.example.com", &[login, login]).len(), 1);
    }
}
