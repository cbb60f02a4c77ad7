//! Whether the functions expect the audience that their callers are given.

use super::deployment::{Deployment, EVENTS, LINK};
use super::finding::{Finding, or_fine};
use super::unreadable::Unread;

pub(super) fn check(deployment: &Deployment) -> Vec<Finding> {
    let outputs = &deployment.outputs;
    let given = |name: &str| outputs.functions.get(name)?.audience.as_deref();
    let mut expected = vec![(EVENTS, given(EVENTS))];
    if outputs.functions.contains_key(LINK) {
        let link = outputs.service_account_link.as_ref();
        let link = link.and_then(|link| link.audience.as_deref());
        expected.push((LINK, link.or(given(LINK))));
    }
    let found = expected.into_iter().filter_map(|(function, given)| {
        match (given, deployment.variable(function, "IDENTITY_AUDIENCE")) {
            (_, Err(unread)) => Some(unread.finding(&format!("IDENTITY_AUDIENCE of {function}"))),
            (None, _) => Some(Unread::NoOutput("functions").finding("the callers' audience")),
            (Some(given), Ok(expects)) => judge(function, expects, given),
        }
    });
    or_fine(
        found.collect(),
        "services expect the audience that their callers are given",
    )
}

fn judge(function: &str, expects: &str, given: &str) -> Option<Finding> {
    if expects == given {
        return None;
    }
    let slash = if expects.trim_end_matches('/') == given.trim_end_matches('/') {
        " (they differ by a slash at the end, which counts)"
    } else {
        ""
    };
    Some(Finding::problem(
        format!(
            "{function} answers 401 to every caller: its IDENTITY_AUDIENCE is {expects:?}, and its \
             callers are given {given:?}{slash}"
        ),
        "terraform -chdir=terraform apply sets all of them alike",
    ))
}

#[cfg(test)]
mod tests {
    use super::super::finding::tests::assert_cause;
    use super::*;

    #[test]
    fn audiences_are_compared_letter_by_letter() {
        for (expects, part) in [
            ("https://x", ""),
            ("https://x/", "by a slash"),
            ("", "\"\""),
            ("https://y", "\"https://y\""),
        ] {
            assert_cause(judge("a", expects, "https://x"), part);
        }
    }
}
