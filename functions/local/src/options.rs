//! What can be chosen when everything is started locally.

use std::collections::BTreeMap;

use function_runtime::{Env, Expected, Problems, Reader, Variable, parse, variables};

use crate::own_application::{self, OwnApplication};
use crate::variables::given;

/// How to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Where Portico's functions listen. Read from `PORT`; 0 is any free port.
    pub port: u16,
    /// Where the simulated Marketplace listens. Read from `MARKETPLACE_PORT`.
    pub marketplace_port: u16,
    /// Read from `SIGNUP_MODE`.
    pub mode: Mode,
    /// Read from `APPROVAL_POLICY`.
    pub policy: Policy,
    /// Read from `GOOGLE_SIGN_IN`.
    pub sign_in: SignIn,
    /// Host and port of the Firestore emulator; without it, links are kept in memory. Read from
    /// `FIRESTORE_EMULATOR_HOST`.
    pub emulator: Option<String>,
    /// The developer's own application; without one there is the demo application.
    pub application: Option<OwnApplication>,
    /// Where the environment of that application is written to. Read from `APPLICATION_ENVIRONMENT_FILE`.
    pub environment_file: Option<String>,
    /// Variables of the functions, in place of what the example vendor has.
    pub given: BTreeMap<&'static str, String>,
}

/// How a customer signs up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In one click.
    Auto,
    /// With a registration form.
    Form,
}

/// Who approves orders and changes of plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Portico.
    Auto,
    /// The vendor's operator.
    Manual,
}

/// Whether customers prove by Google sign-in who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// They do not.
    Off,
    /// At sign-up and at login.
    Required,
}

const MARKETPLACE_PORT: Variable = Variable::with_default(
    "MARKETPLACE_PORT",
    "listen port of the simulated Marketplace and the demo application",
    "9090",
);

const SIGNUP_MODE: Variable = Variable::with_default(
    "SIGNUP_MODE",
    "`form`: customers fill in a form; `auto`: one click",
    "form",
);

const APPROVAL_POLICY: Variable = Variable::with_default(
    "APPROVAL_POLICY",
    "orders and changes of plan: `auto`: Portico approves them; `manual`: they wait for the operator",
    "auto",
);

const GOOGLE_SIGN_IN: Variable = Variable::with_default(
    "GOOGLE_SIGN_IN",
    "`required`: customers prove by Google sign-in who they are; `off`: the Marketplace's token is enough",
    "off",
);

const ENVIRONMENT_FILE: Variable = Variable::optional(
    "APPLICATION_ENVIRONMENT_FILE",
    "file into which the lines for the shell of your own application are written, too",
);

/// Every variable of this program's own.
pub const VARIABLES: &[Variable] = &[
    variables::PORT,
    MARKETPLACE_PORT,
    SIGNUP_MODE,
    APPROVAL_POLICY,
    GOOGLE_SIGN_IN,
    own_application::APPLICATION_URL,
    own_application::APPLICATION_SIGNUP_URL,
    own_application::APPLICATION_LOGIN_URL,
    own_application::APPLICATION_EVENTS_URL,
    own_application::PUBSUB_EMULATOR_HOST,
    ENVIRONMENT_FILE,
    variables::FIRESTORE_EMULATOR_HOST,
    variables::LOG_LEVEL,
];

impl Options {
    /// Reads the environment, and reports every problem of it at once.
    pub fn from_env(env: &dyn Env) -> Result<Self, Problems> {
        let mut reader = Reader::new(env);
        let port = reader.required(&variables::PORT, parse::port);
        let marketplace_port = reader.required(&MARKETPLACE_PORT, parse::port);
        let mode = reader.required(&SIGNUP_MODE, mode);
        let policy = reader.required(&APPROVAL_POLICY, policy);
        let sign_in = reader.required(&GOOGLE_SIGN_IN, sign_in);
        // Whether it is on this machine is checked by each function.
        let emulator = reader.optional(&variables::FIRESTORE_EMULATOR_HOST, parse::word);
        let application = OwnApplication::read(&mut reader);
        let environment_file = reader.optional(&ENVIRONMENT_FILE, |text| Ok(text.to_owned()));
        if matches!(
            (&application, &environment_file),
            (Some(None), Some(Some(_)))
        ) {
            reader.refuse(&ENVIRONMENT_FILE, own_application::IS_ABOUT_ONE);
        }
        reader.finish(|| {
            Some(Self {
                port: port?,
                marketplace_port: marketplace_port?,
                mode: mode?,
                policy: policy?,
                sign_in: sign_in?,
                emulator: emulator?,
                application: application?,
                environment_file: environment_file?,
                given: given(env),
            })
        })
    }
}

/// What an empty environment says.
impl Default for Options {
    fn default() -> Self {
        Self {
            port: 8080,
            marketplace_port: 9090,
            mode: Mode::Form,
            policy: Policy::Auto,
            sign_in: SignIn::Off,
            emulator: None,
            application: None,
            environment_file: None,
            given: BTreeMap::new(),
        }
    }
}

impl Mode {
    /// The value of `SIGNUP_MODE`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Form => "form",
        }
    }
}

impl Policy {
    /// The value of `APPROVAL_POLICY`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Manual => "manual",
        }
    }
}

impl SignIn {
    /// The value of `GOOGLE_SIGN_IN`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Required => "required",
        }
    }
}

fn sign_in(text: &str) -> Result<SignIn, Expected> {
    let values = [SignIn::Off, SignIn::Required];
    parse::one_of(text, &["off", "required"], values)
}

fn policy(text: &str) -> Result<Policy, Expected> {
    parse::one_of(text, &["auto", "manual"], [Policy::Auto, Policy::Manual])
}

fn mode(text: &str) -> Result<Mode, Expected> {
    parse::one_of(text, &["auto", "form"], [Mode::Auto, Mode::Form])
}

#[cfg(test)]
mod tests {
    use function_runtime::MapEnv;

    use super::*;

    #[test]
    fn everything_has_a_default() {
        assert_eq!(Options::from_env(&MapEnv::new()), Ok(Options::default()));
    }

    #[test]
    fn every_problem_is_reported() {
        let env = MapEnv::new()
            .with("PORT", "http")
            .with("MARKETPLACE_PORT", "65536")
            .with("SIGNUP_MODE", "magic")
            .with("APPROVAL_POLICY", "maybe")
            .with("GOOGLE_SIGN_IN", "sometimes")
            .with("APPLICATION_URL", "127.0.0.1:3000");
        let problems = Options::from_env(&env).unwrap_err();
        let names: Vec<_> = problems.0.iter().map(|problem| problem.variable).collect();
        let expected = [
            "PORT",
            "MARKETPLACE_PORT",
            "SIGNUP_MODE",
            "APPROVAL_POLICY",
            "GOOGLE_SIGN_IN",
            "APPLICATION_URL",
        ];
        assert_eq!(names, expected);
    }
}
