//! What an organization policy allows.
//!
//! Google answers the policy that is in force: it has merged what is set above the project, and evaluated
//! conditions on tags (`getEffectivePolicy`). Where nothing is set, everything is allowed.

use super::super::cloud_resources::OrgPolicy;

/// Whether something is allowed, or is covered by a value that a policy lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// By a group of values of which only Google knows what is in it.
    Unclear,
}

impl OrgPolicy {
    /// Whether a boolean or managed constraint is enforced.
    pub(super) fn is_enforced(&self) -> bool {
        self.spec.rules.iter().any(|rule| rule.enforce)
    }

    /// Whether the list has anything that is not allowed.
    pub(super) fn restricts(&self) -> bool {
        let restricts = |listed: &[String]| !listed.is_empty();
        self.spec.rules.iter().any(|rule| {
            rule.deny_all
                || restricts(&rule.values.denied_values)
                || restricts(&rule.values.allowed_values)
        })
    }

    /// Whether the list allows something; `covers` says whether a value of the list means it. What is denied counts
    /// before what is allowed.
    pub(super) fn allows(&self, covers: impl Fn(&str) -> Answer) -> Answer {
        let rules = &self.spec.rules;
        if rules.iter().any(|rule| rule.deny_all) {
            return Answer::No;
        }
        let denied = rules.iter().flat_map(|rule| &rule.values.denied_values);
        let allowed = || rules.iter().flat_map(|rule| &rule.values.allowed_values);
        let is_open = rules.iter().any(|rule| rule.allow_all) || allowed().next().is_none();
        match covered(denied, &covers) {
            Answer::Yes => Answer::No,
            Answer::Unclear => Answer::Unclear,
            Answer::No if is_open => Answer::Yes,
            Answer::No => covered(allowed(), &covers),
        }
    }
}

/// Whether any of these values means it. One that holds a colon has `is:` before it.
fn covered<'a>(
    listed: impl Iterator<Item = &'a String>,
    covers: &impl Fn(&str) -> Answer,
) -> Answer {
    any(listed.map(|value| covers(value.strip_prefix("is:").unwrap_or(value))))
}

fn any(answers: impl Iterator<Item = Answer>) -> Answer {
    answers.fold(Answer::No, |sofar, answer| match (sofar, answer) {
        (Answer::Yes, _) | (_, Answer::Yes) => Answer::Yes,
        (Answer::Unclear, _) | (_, Answer::Unclear) => Answer::Unclear,
        (Answer::No, Answer::No) => Answer::No,
    })
}

/// Whether a value of `gcp.resourceLocations` means this location.
///
/// Source: Google's documentation of that constraint: a location's own name, `in:LOCATION-locations`, and groups such as
/// `in:europe-locations`, of which those of whole continents are told here by a region's name.
pub(super) fn covers_location(value: &str, location: &str) -> Answer {
    let of = |is: bool| if is { Answer::Yes } else { Answer::No };
    let Some(group) = value.strip_prefix("in:") else {
        return of(value == location);
    };
    let Some(group) = group.strip_suffix("-locations") else {
        return Answer::Unclear;
    };
    if group == location {
        return Answer::Yes;
    }
    // Several regions in one, such as eur3, have names that say nothing of groups.
    let Some((continent, _)) = location.split_once('-') else {
        return Answer::Unclear;
    };
    match group {
        "africa" | "asia" | "australia" | "europe" | "me" | "northamerica" | "southamerica"
        | "us" => of(group == continent),
        // A region or a zone, which is another one.
        _ if group.ends_with(|c: char| c.is_ascii_digit()) => Answer::No,
        // Countries, unions of them, and what an organization may come to list.
        _ => Answer::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json};

    use super::*;

    fn policy(rules: &Value) -> OrgPolicy {
        from_value(json!({ "name": "projects/1/policies/c", "spec": {"rules": rules} })).unwrap()
    }

    fn allows(rules: &Value) -> Answer {
        policy(rules).allows(|value| covers_location(value, "europe-west1"))
    }

    #[test]
    fn what_is_denied_counts_before_what_is_allowed() {
        let allowed = |value: &str| json!({ "values": {"allowedValues": [value]} });
        let denied = |value: &str| json!({ "values": {"deniedValues": [value]} });
        let (own, other) = ("in:europe-west1-locations", "in:us-locations");
        for (rules, answer) in [
            (json!([]), Answer::Yes),
            (json!([{"allowAll": true}]), Answer::Yes),
            (json!([{"denyAll": true}]), Answer::No),
            (json!([allowed(own)]), Answer::Yes),
            (json!([allowed("is:europe-west1")]), Answer::Yes),
            (json!([allowed(other)]), Answer::No),
            (json!([allowed(other), allowed(own)]), Answer::Yes),
            (
                json!([allowed(other), allowed("in:de-locations")]),
                Answer::Unclear,
            ),
            (json!([denied(other)]), Answer::Yes),
            (json!([denied(own)]), Answer::No),
            (json!([denied(own), {"allowAll": true}]), Answer::No),
            (json!([denied("in:eu-locations")]), Answer::Unclear),
        ] {
            assert_eq!(allows(&rules), answer, "{rules}");
        }
    }

    #[test]
    fn a_group_has_the_regions_of_its_continent() {
        for (value, location, answer) in [
            ("europe-west1", "europe-west1", Answer::Yes),
            ("europe-west1", "europe-west12", Answer::No),
            ("in:europe-west1-locations", "europe-west1", Answer::Yes),
            ("in:europe-west4-locations", "europe-west1", Answer::No),
            ("in:europe-locations", "europe-west1", Answer::Yes),
            ("in:us-locations", "europe-west1", Answer::No),
            ("in:eu-locations", "europe-west2", Answer::Unclear),
            ("in:something", "europe-west1", Answer::Unclear),
            ("eur3", "eur3", Answer::Yes),
            ("in:europe-locations", "eur3", Answer::Unclear),
            ("europe-west1", "eur3", Answer::No),
        ] {
            assert_eq!(
                covers_location(value, location),
                answer,
                "{value} {location}"
            );
        }
    }

    #[test]
    fn a_policy_is_enforced_or_restricts_by_any_of_its_rules() {
        let enforced = |rules: &Value| policy(rules).is_enforced();
        let parameters = json!([{"enforce": true, "parameters": {"a": ["b"]}}]);
        assert!(enforced(&parameters));
        assert!(!enforced(&json!([{"enforce": false}])) && !enforced(&json!([])));
        let restricts = |rules: &Value| policy(rules).restricts();
        assert!(restricts(&json!([{"values": {"allowedValues": ["C0"]}}])));
        assert!(restricts(&json!([{"denyAll": true}])));
        assert!(!restricts(&json!([{"allowAll": true}])) && !restricts(&json!([])));
    }
}
