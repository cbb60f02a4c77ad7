//! Every variable of the functions: which can be given here, and which only this program knows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use function_runtime::{Env, MapEnv, Presence, Problem, Variable};
use marketplace_simulator::Settings;

use crate::environment::{Addresses, PROJECT};
use crate::own_application::PRINTED;
use crate::{Options, VARIABLES};

/// Taken by the functions as they are given, in place of what the example vendor has.
const GIVEN: [&str; 18] = [
    "ACCEPTED_ROLES",
    "VENDOR_NAME",
    "SUPPORT_URL",
    "LISTING_URL",
    "SIGNUP_FORM_FIELDS",
    "ERASE_AFTER",
    "TELL_OF_EARLIER_ORDERS",
    "CALLERS",
    "SERVICE_ACCOUNT_PROJECT",
    "SERVICE_ACCOUNT_PROJECT_SHARED",
    "SERVICE_ACCOUNT_ROLES",
    "REDIRECT_DOMAINS",
    "CONSOLE_HOST",
    "METRICS",
    "LATE_USAGE",
    "ZERO_USAGE",
    "USER_LABELS",
    "LOG_LEVEL",
];

/// What is as it is in the simulated world, and why. Set to just that, they do no harm.
const FIXED: [(&str, &str); 15] = [
    ("PUBLIC_URL", "follows from PORT"),
    ("IDENTITY_AUDIENCE", "follows from PORT"),
    ("GOOGLE_ORIGIN", "follows from MARKETPLACE_PORT"),
    ("MARKETPLACE_AUDIENCES", "is the simulated Marketplace's"),
    ("PROCUREMENT_PROVIDER", "is the simulated Marketplace's"),
    ("PRODUCTS", "is the simulated Marketplace's"),
    ("SERVICE_NAME", "is the simulated Marketplace's"),
    ("HAND_OFF_SIGNER", "is the simulated Google's"),
    ("GOOGLE_CLIENT_ID", "is the simulated Google's"),
    ("GOOGLE_CLIENT_SECRET", "is the simulated Google's"),
    ("PUSH_IDENTITY", "is the simulated Google's"),
    ("SCHEDULER_IDENTITY", "is the simulated Google's"),
    ("EVENTS_TOPIC", "is the simulated Google's"),
    ("LINK_STORE", "follows from FIRESTORE_EMULATOR_HOST"),
    ("FIRESTORE_DATABASE", "is the emulator's default"),
];

/// Set in many shells for other programs: it is not taken, and that is said.
const PROJECT_VARIABLE: &str = "GOOGLE_CLOUD_PROJECT";

/// Read by the example applications beside what is printed for them.
const READ_BY_EXAMPLES: [&str; 2] = ["PORTICO_USAGE_URL", "PORTICO_LINKS_URL"];

/// How names of ours begin. What begins so and is none of them is a mistake in writing.
const OURS: [&str; 4] = ["PORTICO_", "APPLICATION_", "SIGNUP_", "GOOGLE_SIGN"];

/// All variables for `--help`: those of this program, then those of the functions that may be given.
pub fn all_variables() -> &'static [Variable] {
    static ALL: LazyLock<Vec<Variable>> = LazyLock::new(|| {
        let mut all = VARIABLES.to_vec();
        for variable in of_functions() {
            let is_new = all.iter().all(|it| it.name != variable.name);
            if is_new && GIVEN.contains(&variable.name) {
                all.push(Variable {
                    presence: match variable.presence {
                        // The example vendor has them all.
                        Presence::Required | Presence::Conditional(_) => Presence::Optional,
                        presence => presence,
                    },
                    ..*variable
                });
            }
        }
        all
    });
    &ALL
}

/// Says that the project of the developer's shell is not the one of the links, if it is set.
pub fn unused_project(env: &dyn Env) -> Option<&'static str> {
    let is_other = value(env, PROJECT_VARIABLE).is_some_and(|project| project != PROJECT);
    is_other
        .then_some("  GOOGLE_CLOUD_PROJECT of this shell is not used: nothing here is in it.\n\n")
}

/// What is given of the functions' own variables.
pub(crate) fn given(env: &dyn Env) -> BTreeMap<&'static str, String> {
    let names = GIVEN.into_iter();
    names
        .filter_map(|name| value(env, name).map(|value| (name, value)))
        .collect()
}

/// How to start, or everything that is in the way of it, a line each. `names` are those of all variables
/// that are set.
pub fn read_options(
    env: &dyn Env,
    names: impl Iterator<Item = String>,
) -> Result<Options, Vec<String>> {
    let own = Options::from_env(env);
    let (options, problems) = match own {
        Ok(options) => (options, Vec::new()),
        // What the functions think of theirs is said in the same breath.
        Err(problems) => {
            let given = given(env);
            let options = Options {
                given,
                ..Options::default()
            };
            (options, problems.0)
        }
    };
    let functions = as_functions_see_it(&options);
    let mut lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.extend(fixed(env, &functions));
    lines.extend(
        of_functions_configs(&functions)
            .iter()
            .map(ToString::to_string),
    );
    lines.extend(unknown(names));
    let mut said = BTreeSet::new();
    lines.retain(|line| said.insert(line.clone()));
    if lines.is_empty() {
        Ok(options)
    } else {
        Err(lines)
    }
}

/// The functions' variables, with ports that need not be free. Where any port will do, the usual one stands for it:
/// there is no address with port 0.
fn as_functions_see_it(options: &Options) -> MapEnv {
    let usual = Options::default();
    let port = |chosen: u16, usual: u16| if chosen == 0 { usual } else { chosen };
    let (portico, marketplace) = (
        port(options.port, usual.port),
        port(options.marketplace_port, usual.marketplace_port),
    );
    let addresses = Addresses {
        portico: format!("http://localhost:{portico}"),
        marketplace: format!("http://127.0.0.1:{marketplace}"),
    };
    let settings: Settings = addresses.settings(options);
    addresses.variables(&settings, options)
}

fn fixed<'a>(env: &'a dyn Env, functions: &'a MapEnv) -> impl Iterator<Item = String> + 'a {
    FIXED.into_iter().filter_map(move |(name, reason)| {
        let set = value(env, name)?;
        let is_the_same = functions.get(name).as_ref() == Some(&set);
        (!is_the_same).then(|| format!("{name} cannot be chosen here: it {reason}"))
    })
}

/// What the functions have against their variables; several have the same against one that they share.
fn of_functions_configs(env: &MapEnv) -> Vec<Problem> {
    let refused = [
        signup::Config::from_env(env).err(),
        sso_login::Config::from_env(env).err(),
        service_account_link::Config::from_env(env).err(),
        procurement_events::Config::from_env(env).err(),
        usage_report::Config::from_env(env).err(),
    ];
    let problems = refused.into_iter().flatten();
    problems.flat_map(|problems| problems.0).collect()
}

fn unknown(names: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let mut unknown: Vec<String> = names.filter(|name| is_unknown(name)).collect();
    unknown.sort();
    unknown.into_iter().map(|name| {
        format!(
            "{} is not a variable of this program: --help lists them",
            name.escape_debug()
        )
    })
}

fn is_unknown(name: &str) -> bool {
    let is_known = VARIABLES.iter().any(|variable| variable.name == name)
        || of_functions().any(|variable| variable.name == name)
        || PRINTED.contains(&name)
        || READ_BY_EXAMPLES.contains(&name);
    !is_known && OURS.iter().any(|ours| name.starts_with(ours))
}

fn of_functions() -> impl Iterator<Item = &'static Variable> {
    [
        signup::VARIABLES,
        sso_login::VARIABLES,
        service_account_link::VARIABLES,
        procurement_events::VARIABLES,
        usage_report::VARIABLES,
    ]
    .into_iter()
    .flatten()
}

/// The value of a variable; an empty one counts as none, as the functions read it.
fn value(env: &dyn Env, name: &str) -> Option<String> {
    let value = env.get(name)?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(variables: &[(&str, &str)]) -> Vec<String> {
        let env: MapEnv = variables.iter().copied().collect();
        let names = variables.iter().map(|(name, _)| (*name).to_owned());
        read_options(&env, names).err().unwrap_or_default()
    }

    #[test]
    fn every_variable_of_every_function_is_taken_or_refused() {
        for variable in of_functions() {
            let name = variable.name;
            let places = [
                VARIABLES.iter().any(|own| own.name == name) || GIVEN.contains(&name),
                FIXED.iter().any(|(fixed, _)| *fixed == name),
                name == PROJECT_VARIABLE,
            ];
            let count = places.into_iter().filter(|is_in| *is_in).count();
            assert_eq!(count, 1, "{name}");
        }
        for name in GIVEN.into_iter().chain(FIXED.map(|(name, _)| name)) {
            assert!(
                of_functions().any(|variable| variable.name == name),
                "{name}"
            );
        }
    }

    #[test]
    fn what_is_fixed_is_refused_by_name_unless_it_says_the_same() {
        for (name, reason) in FIXED {
            let said = refused(&[(name, "hunter2")]);
            assert_eq!(said, [format!("{name} cannot be chosen here: it {reason}")]);
            assert_eq!(refused(&[(name, " ")]), [""; 0], "{name}");
        }
        let same = [
            ("GOOGLE_ORIGIN", "http://127.0.0.1:9090"),
            ("PROCUREMENT_PROVIDER", "example-partner"),
        ];
        assert_eq!(refused(&same), [""; 0]);
    }

    #[test]
    fn every_problem_of_every_function_is_reported_at_once_and_once() {
        let said = refused(&[
            ("PORT", "http"),
            ("GOOGLE_ORIGIN", "https://www.googleapis.com"),
            ("SIGNUP_FORM_FIELDS", "hunter2"),
            ("ERASE_AFTER", "hunter2"),
            ("CALLERS", "hunter2"),
            ("METRICS", "hunter2"),
            ("LOG_LEVEL", "hunter2"),
            ("SIGNUP_MODUS", "hunter2"),
        ]);
        let names = said.iter().filter_map(|line| line.split(' ').next());
        let names: BTreeSet<_> = names.collect();
        let expected = [
            "PORT",
            "GOOGLE_ORIGIN",
            "SIGNUP_FORM_FIELDS",
            "ERASE_AFTER",
            "CALLERS",
            "METRICS",
            "LOG_LEVEL",
            "SIGNUP_MODUS",
        ];
        assert_eq!(names, BTreeSet::from(expected));
        let different: BTreeSet<_> = said.iter().collect();
        assert_eq!(different.len(), said.len());
        assert!(!said.concat().contains("hunter2"), "{said:?}");
    }

    #[test]
    fn what_looks_like_ours_and_is_not_is_refused() {
        for name in [
            "PORTICO_PORT",
            "APPLICATION_SINGUP_URL",
            "SIGNUP_FORM_FIELD",
            "GOOGLE_SIGNIN",
        ] {
            let expected = format!("{name} is not a variable of this program: --help lists them");
            assert_eq!(refused(&[(name, "hunter2")]), [expected]);
        }
        let others = ["HOME", "PORTICO", "GOOGLE_APPLICATION_CREDENTIALS", "APP"];
        let others = others.into_iter().chain(PRINTED);
        for name in others.chain(READ_BY_EXAMPLES) {
            assert!(!is_unknown(name), "{name}");
        }
    }

    #[test]
    fn what_is_given_is_what_the_functions_read() {
        let env: MapEnv = GIVEN.map(|name| (name, "given")).into_iter().collect();
        let options = Options {
            given: given(&env),
            ..Options::default()
        };
        let seen = as_functions_see_it(&options);
        for name in GIVEN {
            assert_eq!(seen.get(name).as_deref(), Some("given"), "{name}");
        }
    }

    #[test]
    fn a_project_of_the_shell_is_not_taken_and_that_is_said() {
        let env = |project: &str| MapEnv::new().with(PROJECT_VARIABLE, project);
        assert!(unused_project(&env("example-shop")).is_some());
        assert_eq!(unused_project(&env(PROJECT)), None);
        assert_eq!(unused_project(&MapEnv::new()), None);
    }

    #[test]
    fn help_lists_what_may_be_given() {
        let names: Vec<_> = all_variables().iter().map(|it| it.name).collect();
        for name in GIVEN.into_iter().chain(["APPLICATION_URL", "PORT"]) {
            let count = names.iter().filter(|it| **it == name).count();
            assert_eq!(count, 1, "{name}");
        }
        assert!(!names.contains(&"GOOGLE_ORIGIN"));
    }
}
