//! IAM's allow policies: who may do what.

use super::cloud_resources::Policy;
use super::finding::Finding;
use super::unreadable::ReadOption;

/// What an account has to be allowed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Access<'a> {
    pub(super) account: &'a str,
    pub(super) resource: &'a str,
    /// How `gcloud` calls such resources: `pubsub topics`.
    pub(super) kind: &'a str,
    /// The role that is granted for it, and others that allow it too.
    pub(super) roles: &'a [&'a str],
}

impl Access<'_> {
    /// What is wrong, unless one of these policies allows it; the first is the resource's own.
    pub(super) fn judge(
        &self,
        policies: &[&ReadOption<Policy>],
        question: &str,
        cause: impl Into<String>,
    ) -> Option<Finding> {
        let Self {
            account,
            resource,
            kind,
            roles,
        } = self;
        let mut known = policies
            .iter()
            .filter_map(|read| read.as_ref().ok()?.as_ref());
        if known.any(|policy| policy.grants(account, roles)) {
            return None;
        }
        if let [Err(unread), ..] = policies {
            return Some(unread.finding(question));
        }
        let role = roles.first().unwrap_or(&"ROLE");
        let fix = format!(
            "terraform -chdir=terraform apply, or:\n\
             gcloud {kind} add-iam-policy-binding {resource} --member=serviceAccount:{account} \
             --role={role}"
        );
        Some(Finding::problem(cause, fix))
    }
}

impl Policy {
    /// Whether a service account has one of these roles, or a role of the vendor's own, of which it
    /// is not known what it allows.
    pub(super) fn grants(&self, account: &str, roles: &[&str]) -> bool {
        let member = format!("serviceAccount:{account}");
        self.bindings.iter().any(|binding| {
            let fits =
                roles.contains(&binding.role.as_str()) || !binding.role.starts_with("roles/");
            fits && binding.members.contains(&member)
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::cloud_resources::Binding;
    use super::super::finding::tests::{cause, fix};
    use super::super::unreadable::Unread;
    use super::*;

    /// The service account `f@p` has this role, and no other account has one.
    pub(in super::super) fn policy(role: &str) -> Policy {
        let (role, members) = (role.to_owned(), vec!["serviceAccount:f@p".to_owned()]);
        Policy {
            bindings: vec![Binding { role, members }],
        }
    }

    #[test]
    fn a_role_is_granted_by_its_name_or_by_one_of_the_vendor_s_own() {
        let roles = ["roles/pubsub.publisher"];
        assert!(policy("roles/pubsub.publisher").grants("f@p", &roles));
        assert!(policy("projects/p/roles/own").grants("f@p", &roles));
        assert!(!policy("roles/pubsub.viewer").grants("f@p", &roles));
        assert!(!policy("roles/pubsub.publisher").grants("c@p", &roles));
        assert!(!Policy::default().grants("f@p", &roles));
    }

    #[test]
    fn an_access_is_allowed_by_any_policy_or_missing_or_not_known() {
        let (granted, none) = (Ok(Some(policy("roles/owner"))), Ok(Some(Policy::default())));
        let (absent, unread) = (Ok(None), Err(Unread::NoCredentials));
        let access = Access {
            account: "f@p",
            resource: "r",
            kind: "pubsub topics",
            roles: &["roles/pubsub.publisher", "roles/owner"],
        };
        for (own, project, expected) in [
            (&granted, &none, ""),
            (&none, &granted, ""),
            (&unread, &granted, ""),
            (&none, &none, "why"),
            (&none, &unread, "why"),
            (&absent, &unread, "why"),
            (&unread, &none, "unknown"),
        ] {
            let found = access.judge(&[own, project], "whether", "why");
            assert_eq!(cause(found), expected, "{own:?}, {project:?}");
        }
        let fix = fix(access.judge(&[&none], "whether", "why"));
        assert!(
            fix.contains("gcloud pubsub topics add-iam-policy-binding r "),
            "{fix}"
        );
        assert!(fix.ends_with("--member=serviceAccount:f@p --role=roles/pubsub.publisher"));
    }
}
