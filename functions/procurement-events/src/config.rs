//! The settings of procurement events.

use approval::ApprovalSettings;
use function_runtime::{Base, Env, Expected, Problems, Reader, Store, Variable, parse};
use verification::{AcceptedEmails, Audiences};

/// Everything this function reads from the environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// What every function has.
    pub base: Base,
    /// Where the links are.
    pub store: Store,
    /// What is approved, and who is told.
    pub approval: ApprovalSettings,
    /// Read from `IDENTITY_AUDIENCE`.
    pub audience: Audiences,
    /// Read from `PUSH_IDENTITY`.
    pub push: AcceptedEmails,
    /// Read from `SCHEDULER_IDENTITY`.
    pub scheduler: AcceptedEmails,
}

impl Config {
    /// Reads the environment, and reports every problem of it at once.
    pub fn from_env(env: &dyn Env) -> Result<Self, Problems> {
        let mut reader = Reader::new(env);
        let base = Base::read(&mut reader);
        let store = Store::read(&mut reader);
        let approval = ApprovalSettings::read(&mut reader);
        let audience = reader.required(&IDENTITY_AUDIENCE, audience);
        let push = reader.required(&PUSH_IDENTITY, identity);
        let scheduler = reader.required(&SCHEDULER_IDENTITY, identity);
        reader.finish(|| {
            Some(Self {
                base: base?,
                store: store?,
                approval: approval?,
                audience: audience?,
                push: push?,
                scheduler: scheduler?,
            })
        })
    }
}

/// The audience.
const IDENTITY_AUDIENCE: Variable = Variable::required(
    "IDENTITY_AUDIENCE",
    "`aud` of the identity tokens, exactly as the push subscription and the scheduler job set it",
);

/// Who may push.
const PUSH_IDENTITY: Variable = Variable::required(
    "PUSH_IDENTITY",
    "e-mail of the service account with which the push subscription calls `/events`",
);

/// Who may reconcile.
const SCHEDULER_IDENTITY: Variable = Variable::required(
    "SCHEDULER_IDENTITY",
    "e-mail of the service account with which the scheduler job calls `/reconcile`",
);

/// Every variable of this function, in the order of its README.
pub const VARIABLES: &[Variable] = &{
    use approval::variables as approval;
    use function_runtime::variables as shared;
    [
        shared::PORT,
        shared::PUBLIC_URL,
        IDENTITY_AUDIENCE,
        PUSH_IDENTITY,
        SCHEDULER_IDENTITY,
        approval::PROCUREMENT_PROVIDER,
        approval::PRODUCTS,
        approval::APPROVAL_POLICY,
        approval::EVENTS_TOPIC,
        shared::GOOGLE_CLOUD_PROJECT,
        shared::FIRESTORE_DATABASE,
        shared::LOG_LEVEL,
        shared::LINK_STORE,
        shared::FIRESTORE_EMULATOR_HOST,
        shared::GOOGLE_ORIGIN,
    ]
};

fn audience(text: &str) -> Result<Audiences, Expected> {
    let audiences = Audiences::parse(vec![text.to_owned()]);
    audiences.map_err(|_| "one audience, such as https://events.example.com".into())
}

fn identity(text: &str) -> Result<AcceptedEmails, Expected> {
    let email = parse::service_account(text)?;
    AcceptedEmails::parse(vec![email]).map_err(|_| "the e-mail address of a service account".into())
}

#[cfg(test)]
mod tests {
    use function_runtime::{MapEnv, Presence, markdown_table};

    use super::*;

    #[test]
    fn every_missing_variable_is_named() {
        let problems = Config::from_env(&MapEnv::new()).unwrap_err();
        let named: Vec<_> = problems.0.iter().map(|problem| problem.variable).collect();
        for variable in VARIABLES {
            let needed = matches!(variable.presence, Presence::Required);
            assert_eq!(
                needed,
                named.contains(&variable.name) && needed,
                "{}",
                variable.name
            );
        }
    }

    #[test]
    fn the_readme_has_the_table_of_variables() {
        let readme = include_str!("../README.md");
        assert!(
            readme.contains(&markdown_table(VARIABLES)),
            "{}",
            markdown_table(VARIABLES)
        );
    }
}
