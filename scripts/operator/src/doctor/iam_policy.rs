//! IAM's allow policies: who may do what.

use serde::Deserialize;

/// An allow policy: schema `Policy` of IAM.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Policy {
    pub(super) bindings: Vec<Binding>,
}

/// An account, and the resource that it uses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Access<'a> {
    pub(super) account: &'a str,
    pub(super) resource: &'a str,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Binding {
    pub(super) role: String,
    pub(super) members: Vec<String>,
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
mod tests {
    use super::*;

    #[test]
    fn a_role_is_granted_by_its_name_or_by_one_of_the_vendor_s_own() {
        let policy = |role: &str| Policy {
            bindings: vec![Binding {
                role: role.to_owned(),
                members: vec!["serviceAccount:a@b".to_owned()],
            }],
        };
        let roles = ["roles/pubsub.publisher"];
        assert!(policy("roles/pubsub.publisher").grants("a@b", &roles));
        assert!(policy("projects/p/roles/own").grants("a@b", &roles));
        assert!(!policy("roles/pubsub.viewer").grants("a@b", &roles));
        assert!(!policy("roles/pubsub.publisher").grants("c@b", &roles));
        assert!(!Policy::default().grants("a@b", &roles));
    }
}
