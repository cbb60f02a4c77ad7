//! What Terraform says that it made: `terraform output -json`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use function_runtime::Env;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::CommandError;

/// The outputs that are read; none where one is absent or null.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Outputs {
    pub(super) dead_letters_subscription: Option<String>,
    pub(super) events_topic: Option<String>,
    pub(super) functions: BTreeMap<String, Function>,
    pub(super) hand_off_keys_url: Option<String>,
    pub(super) login_url: Option<String>,
    pub(super) marketplace_subscription: Option<String>,
    pub(super) operator_environment: BTreeMap<String, String>,
    pub(super) replay_topic: Option<String>,
    pub(super) scheduler_region: Option<String>,
    pub(super) service_account_link: Option<ServiceAccountLink>,
    pub(super) service_accounts_to_link: BTreeMap<String, String>,
    pub(super) signup_url: Option<String>,
}

/// One function: an entry of the output `functions`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Function {
    pub(super) deployed: bool,
    pub(super) run_url: String,
    pub(super) service: String,
    pub(super) audience: Option<String>,
}

/// What the application's developer is given.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct ServiceAccountLink {
    pub(super) audience: Option<String>,
}

/// The process's own variables, and for `operator`'s the output `operator_environment` behind them.
pub(super) struct WithOutputs<'a> {
    pub(super) env: &'a dyn Env,
    pub(super) outputs: &'a Outputs,
}

impl Outputs {
    /// Reads a file, or the standard input if it is `-`.
    pub(super) fn read(source: &Path) -> Result<Self, CommandError> {
        let mut text = String::new();
        let read = if source == Path::new("-") {
            io::stdin().read_to_string(&mut text).map(|_| text)
        } else {
            fs::read_to_string(source)
        };
        Self::parse(&read.map_err(CommandError::OutputsUnreadable)?)
    }

    fn parse(text: &str) -> Result<Self, CommandError> {
        let malformed = |error: &serde_json::Error| CommandError::OutputsMalformed {
            line: error.line(),
            column: error.column(),
        };
        let outputs: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| malformed(&error))?;
        let values = outputs.into_iter().filter_map(|(name, mut output)| {
            let value = output.get_mut("value").map(Value::take)?;
            (!value.is_null()).then_some((name, value))
        });
        serde_json::from_value(values.collect()).map_err(|error| malformed(&error))
    }
}

impl Env for WithOutputs<'_> {
    fn get(&self, name: &str) -> Option<String> {
        // Only what the output is for: it cannot open a test seam.
        const NAMES: [&str; 6] = [
            "ERASE_AFTER",
            "EVENTS_TOPIC",
            "FIRESTORE_DATABASE",
            "GOOGLE_CLOUD_PROJECT",
            "PROCUREMENT_PROVIDER",
            "PRODUCTS",
        ];
        let output = || self.outputs.operator_environment.get(name).cloned();
        let own = self.env.get(name);
        own.or_else(|| NAMES.contains(&name).then(output).flatten())
    }
}

#[cfg(test)]
mod tests {
    use function_runtime::MapEnv;

    use super::*;

    #[test]
    fn outputs_are_taken_as_terraform_writes_them() {
        let text = r#"{
            "signup_url": {"sensitive": false, "type": "string", "value": "https://a.example.com/signup"},
            "marketplace_subscription": {"sensitive": false, "type": "string", "value": null},
            "functions": {"sensitive": false, "type": [], "value": {
                "signup": {"deployed": true, "run_url": "https://r", "service": "portico-signup",
                           "ingress": "X", "public_url": "https://p", "audience": null}}},
            "operator_environment": {"value": {"PRODUCTS": "a", "GOOGLE_ORIGIN": "http://x"}},
            "another": {"value": 3}
        }"#;
        let outputs = Outputs::parse(text).unwrap();
        assert_eq!(
            outputs.signup_url.as_deref(),
            Some("https://a.example.com/signup")
        );
        assert_eq!(outputs.marketplace_subscription, None);
        let signup = Function {
            deployed: true,
            run_url: "https://r".to_owned(),
            service: "portico-signup".to_owned(),
            audience: None,
        };
        assert_eq!(outputs.functions["signup"], signup);
        assert!(matches!(
            Outputs::parse("[]"),
            Err(CommandError::OutputsMalformed { .. })
        ));
    }

    #[test]
    fn the_environment_comes_first_and_no_seam_comes_from_outputs() {
        let outputs = Outputs {
            operator_environment: [
                ("PRODUCTS", "a"),
                ("GOOGLE_ORIGIN", "b"),
                ("FIRESTORE_DATABASE", "c"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
            ..Outputs::default()
        };
        let env = MapEnv::new().with("PRODUCTS", "own");
        let env = WithOutputs {
            env: &env,
            outputs: &outputs,
        };
        assert_eq!(env.get("PRODUCTS").as_deref(), Some("own"));
        assert_eq!(env.get("FIRESTORE_DATABASE").as_deref(), Some("c"));
        assert_eq!(env.get("GOOGLE_ORIGIN"), None);
    }
}
