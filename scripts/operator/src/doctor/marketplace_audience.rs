//! Whether the functions accept tokens for the host that is registered in Producer Portal.

use super::deployment::{Deployment, LOGIN, SIGNUP};
use super::finding::{Finding, or_fine};
use super::names::{PRODUCER_PORTAL, host};
use super::unreadable::Unread;

pub(super) fn check(deployment: &Deployment) -> Vec<Finding> {
    let outputs = &deployment.outputs;
    let registered = [
        (SIGNUP, &outputs.signup_url, "signup_url"),
        (LOGIN, &outputs.login_url, "login_url"),
    ];
    let mut found = Vec::new();
    for (function, url, output) in registered {
        let accepted = deployment.variable(function, "MARKETPLACE_AUDIENCES");
        found.extend(match (url, accepted) {
            (None, _) => Some(Unread::NoOutput(output).finding("the registered address")),
            (_, Err(unread)) => {
                Some(unread.finding(&format!("MARKETPLACE_AUDIENCES of {function}")))
            }
            (Some(url), Ok(accepted)) => judge(function, accepted, url),
        });
    }
    let fine = "tokens for the registered hosts are accepted, if Producer Portal has the outputs \
                signup_url and login_url";
    or_fine(found, fine)
}

fn judge(function: &str, accepted: &str, url: &str) -> Option<Finding> {
    let Some(host) = host(url) else {
        let cause = format!("the registered address of {function} is not an https address");
        return Some(Finding::problem(
            cause,
            format!("give {PRODUCER_PORTAL} the output"),
        ));
    };
    let accepted: Vec<_> = accepted.split(',').map(str::trim).collect();
    if accepted.contains(&host.as_str()) {
        return None;
    }
    let fix = format!(
        "marketplace_audiences in terraform.tfvars must contain \"{host}\": \
         terraform -chdir=terraform apply\n\
         or, if that is not your address, give Producer Portal the right one: {PRODUCER_PORTAL}"
    );
    let means_it = |entry: &&str| bare(entry).eq_ignore_ascii_case(&host);
    let why = if accepted.iter().any(means_it) {
        format!(
            "MARKETPLACE_AUDIENCES has {host} in another form; tokens carry the bare host, without \
             scheme, port, path or capitals"
        )
    } else {
        format!("MARKETPLACE_AUDIENCES lacks {host}, the host of the registered address")
    };
    Some(Finding::problem(
        format!("{function} refuses every token of the Marketplace (wrong-audience): {why}"),
        fix,
    ))
}

/// The host in something that may be an address.
fn bare(entry: &str) -> &str {
    let rest = entry.split_once("://").map_or(entry, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::finding::tests::{assert_cause, fix};
    use super::*;

    #[test]
    fn the_bare_host_of_the_registered_address_is_accepted() {
        let url = "https://Marketplace.example.com/signup";
        for (accepted, part) in [
            ("marketplace.example.com", ""),
            ("other.example.com, marketplace.example.com", ""),
            ("", "lacks"),
            ("example.com", "lacks"),
            ("https://marketplace.example.com", "another form"),
            ("marketplace.example.com/", "another form"),
            ("marketplace.example.com:443", "another form"),
            ("Marketplace.example.com", "another form"),
        ] {
            let found = judge("signup", accepted, url);
            assert!(found.is_none() || fix(found.clone()).contains("\"marketplace.example.com\""));
            assert_cause(found, part);
        }
        assert!(judge("signup", "a", "http://a/signup").is_some());
    }
}
