//! What a metadata server knows: directories and values, by path.

use serde_json::{Map, Value};

use crate::settings::Settings;

/// The region that the simulated service runs in.
const REGION: &str = "europe-west1";
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Directory(Vec<(String, Self)>),
    Text(String),
    Number(u64),
    List(Vec<String>),
    /// Listed, but answered only where it is asked for itself.
    OnDemand,
}

impl Node {
    /// What is at this path.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self).filter(|node| **node != Self::OnDemand);
        };
        let Self::Directory(entries) = self else {
            return None;
        };
        // An older name, which Google's libraries still use.
        let first = match *first {
            "universe_domain" => "universe-domain",
            first => first,
        };
        let entry = entries.iter().find(|(name, _)| name == first);
        entry.and_then(|(_, node)| node.at(rest))
    }

    /// As it is answered to a request without parameters: of a directory the names, a slash after those
    /// of directories; of each thing of several a line.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Directory(entries) => {
                entries.iter().fold(String::new(), |lines, (name, node)| {
                    let is_directory = matches!(node, Self::Directory(_));
                    lines + name + if is_directory { "/\n" } else { "\n" }
                })
            }
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::List(items) => items
                .iter()
                .fold(String::new(), |lines, item| lines + item + "\n"),
            Self::OnDemand => String::new(),
        }
    }

    /// As it is answered to `recursive=true`.
    pub(super) fn json(&self) -> Option<Value> {
        Some(match self {
            Self::Directory(entries) => {
                let members = entries
                    .iter()
                    .filter_map(|(name, node)| Some((member(name), node.json()?)));
                Value::Object(members.collect::<Map<_, _>>())
            }
            Self::Text(text) => Value::from(text.as_str()),
            Self::Number(number) => Value::from(*number),
            Self::List(items) => Value::from(items.clone()),
            Self::OnDemand => return None,
        })
    }
}

/// Everything, of a program that runs as the service account with this e-mail.
pub(super) fn root(settings: &Settings, email: &str) -> Node {
    let project = &settings.project;
    let account = || {
        directory([
            ("aliases", Node::List(vec!["default".to_owned()])),
            ("email", text(email)),
            ("identity", Node::OnDemand),
            ("scopes", Node::List(vec![SCOPE.to_owned()])),
            ("token", Node::OnDemand),
        ])
    };
    let region = format!("projects/{}/regions/{REGION}", project.number);
    let instance = directory([
        ("id", text(&"0".repeat(64))),
        ("region", text(&region)),
        (
            "service-accounts",
            directory([(email, account()), ("default", account())]),
        ),
    ]);
    let of_project = directory([
        ("numeric-project-id", Node::Number(project.number)),
        ("project-id", text(&project.id)),
    ]);
    let universe = directory([("universe-domain", text("googleapis.com"))]);
    let known = directory([
        ("instance", instance),
        ("project", of_project),
        ("universe", universe),
    ]);
    directory([("computeMetadata", directory([("v1", known)]))])
}

fn directory<const N: usize>(entries: [(&str, Node); N]) -> Node {
    let entries = entries.map(|(name, node)| (name.to_owned(), node));
    Node::Directory(entries.into())
}

fn text(text: &str) -> Node {
    Node::Text(text.to_owned())
}

/// A name as it is written in JSON: `service-accounts` as `serviceAccounts`. E-mails stay as they are.
fn member(name: &str) -> String {
    if name.contains('@') {
        return name.to_owned();
    }
    let mut parts = name.split('-');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let (initial, rest) = part.split_at_checked(1).unwrap_or((part, ""));
        name + &initial.to_ascii_uppercase() + rest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMAIL: &str = "an-application@example.com";

    fn tree() -> Node {
        root(&Settings::default(), EMAIL)
    }

    #[test]
    fn directories_are_listed_with_a_slash_after_directories() {
        let tree = tree();
        let listed = |path: &[&str]| tree.at(path).map(Node::text);
        let v1 = ["computeMetadata", "v1"];
        assert_eq!(listed(&[]).unwrap(), "computeMetadata/\n");
        assert_eq!(listed(&v1).unwrap(), "instance/\nproject/\nuniverse/\n");
        let accounts = [v1[0], v1[1], "instance", "service-accounts"];
        let names = format!("{EMAIL}/\ndefault/\n");
        assert_eq!(listed(&accounts).unwrap(), names);
        assert_eq!(listed(&["computeMetadata", "v1", "disks"]), None);
        assert_eq!(
            listed(&["computeMetadata", "v1", "project", "project-id", "a"]),
            None
        );
    }

    #[test]
    fn json_has_other_names_but_the_same_emails_and_no_tokens() {
        let tree = tree();
        let json = tree.at(&["computeMetadata", "v1"]).unwrap().json().unwrap();
        assert_eq!(json["project"]["numericProjectId"], 123_456_789_012_u64);
        assert_eq!(json["universe"]["universeDomain"], "googleapis.com");
        let account = &json["instance"]["serviceAccounts"][EMAIL];
        let expected = serde_json::json!({
            "aliases": ["default"],
            "email": EMAIL,
            "scopes": [SCOPE],
        });
        assert_eq!(*account, expected);
    }
}
