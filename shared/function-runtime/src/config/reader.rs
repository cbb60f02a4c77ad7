//! Reading variables and collecting every problem, so that one start reports them all.

use std::fmt;

use super::{Env, Expected, Presence, Variable};

/// Reads variables and remembers what is wrong with them.
///
/// Each read gives `None` after it recorded a problem, so that reading goes on and the settings are
/// put together at the end, in the closure given to [`finish`](Self::finish):
///
/// ```text
/// let audiences = reader.required(&MARKETPLACE_AUDIENCES, |text| parse::list(text, parse::word));
/// let topic = reader.optional(&EVENTS_TOPIC, parse::word);
/// reader.finish(|| Some(Config { audiences: audiences?, topic: topic? }))
/// ```
pub struct Reader<'a> {
    env: &'a dyn Env,
    problems: Vec<Problem>,
    reached: Reached,
}

/// How the program that is configured is reached by others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// Under its `PUBLIC_URL`.
    Publicly,
    /// Not at all.
    ByNobody,
}

/// What is wrong with one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The variable's name.
    pub variable: &'static str,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// The ways in which a variable can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// It is required and not set; with its meaning.
    Missing(&'static str),
    /// It is needed under a condition that holds, and not set.
    MissingWhen(&'static str),
    /// Its value is not what is expected.
    Invalid(Expected),
    /// It is well formed and still cannot be accepted, for this reason.
    Refused(&'static str),
}

/// Everything that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems(pub Vec<Problem>);

impl<'a> Reader<'a> {
    /// A reader of this environment.
    pub fn new(env: &'a dyn Env) -> Self {
        Self {
            env,
            problems: Vec::new(),
            reached: Reached::Publicly,
        }
    }

    /// A reader for a command that a person runs. Nobody calls it, so it has no `PUBLIC_URL`, and a
    /// test seam has only to lead to this very machine, and never to be open on Cloud Run.
    pub fn for_command(env: &'a dyn Env) -> Self {
        Self {
            reached: Reached::ByNobody,
            ..Self::new(env)
        }
    }

    /// The value of a variable that must have one: its own or its default.
    pub fn required<T>(
        &mut self,
        variable: &Variable,
        parse: impl FnOnce(&str) -> Result<T, Expected>,
    ) -> Option<T> {
        let default = match variable.presence {
            Presence::Default(default) => Some(default.to_owned()),
            _ => None,
        };
        if let Some(text) = self.text(variable).or(default) {
            return self.parsed(variable, &text, parse);
        }
        let kind = match variable.presence {
            Presence::Conditional(condition) => ProblemKind::MissingWhen(condition),
            _ => ProblemKind::Missing(variable.meaning),
        };
        self.note(variable, kind);
        None
    }

    /// The value of a variable that may be left out: the inner `None` if it is.
    pub fn optional<T>(
        &mut self,
        variable: &Variable,
        parse: impl FnOnce(&str) -> Result<T, Expected>,
    ) -> Option<Option<T>> {
        match self.text(variable) {
            Some(text) => self.parsed(variable, &text, parse).map(Some),
            None => Some(None),
        }
    }

    /// Notes that a variable cannot be accepted, for a reason that names no value.
    pub fn refuse(&mut self, variable: &Variable, reason: &'static str) {
        self.note(variable, ProblemKind::Refused(reason));
    }

    /// Whether the platform or anybody else has set this variable, declared or not.
    pub fn is_set(&self, name: &str) -> bool {
        self.env.get(name).is_some()
    }

    /// The settings, if there was no problem.
    pub fn finish<T>(self, settings: impl FnOnce() -> Option<T>) -> Result<T, Problems> {
        match settings() {
            Some(settings) if self.problems.is_empty() => Ok(settings),
            _ => Err(Problems(self.problems)),
        }
    }

    pub(super) fn is_for_command(&self) -> bool {
        self.reached == Reached::ByNobody
    }

    /// An empty value counts as none, because deployments often write one for "not set"; secrets
    /// often end in a line break that does not belong to them.
    pub(super) fn text(&self, variable: &Variable) -> Option<String> {
        let text = self.env.get(variable.name)?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn parsed<T>(
        &mut self,
        variable: &Variable,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, Expected>,
    ) -> Option<T> {
        parse(text)
            .map_err(|expected| self.note(variable, ProblemKind::Invalid(expected)))
            .ok()
    }

    fn note(&mut self, variable: &Variable, kind: ProblemKind) {
        self.problems.push(Problem {
            variable: variable.name,
            kind,
        });
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.variable;
        match &self.kind {
            ProblemKind::Missing(meaning) => write!(f, "{name} is not set: {meaning}"),
            ProblemKind::MissingWhen(condition) => {
                write!(f, "{name} is not set: it is needed when {condition}")
            }
            ProblemKind::Invalid(expected) => write!(f, "{name} must be {expected}"),
            ProblemKind::Refused(reason) => write!(f, "{name} {reason}"),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MapEnv, parse};

    const NAME: Variable = Variable::required("NAME", "what customers see");
    const MODE: Variable = Variable::with_default("MODE", "how", "auto");
    const TOPIC: Variable = Variable::optional("TOPIC", "where");
    const SECRET: Variable =
        Variable::conditional("SECRET", "the key", "`MODE` is `form`").secret();

    fn words(text: &str) -> Result<&'static str, Expected> {
        parse::one_of(text, &["auto", "form"], ["auto", "form"])
    }

    #[test]
    fn every_problem_is_reported_and_no_value() {
        let env = MapEnv::new()
            .with("MODE", "hunter2")
            .with("TOPIC", "hunter 2");
        let mut reader = Reader::new(&env);
        let name = reader.required(&NAME, parse::word);
        let mode = reader.required(&MODE, words);
        let topic = reader.optional(&TOPIC, parse::word);
        let secret = reader.required(&SECRET, parse::secret);
        reader.refuse(&TOPIC, "needs `NAME`");
        let problems = reader
            .finish(|| Some((name?, mode?, topic?, secret?)))
            .unwrap_err();
        assert_eq!(
            problems.to_string(),
            "NAME is not set: what customers see; \
             MODE must be one of `auto`, `form`; \
             TOPIC must be visible ASCII characters without blanks, at most 256; \
             SECRET is not set: it is needed when `MODE` is `form`; \
             TOPIC needs `NAME`"
        );
        assert!(!format!("{problems:?}").contains("hunter"));
    }

    #[test]
    fn blanks_around_values_do_not_count_and_empty_is_unset() {
        let env = MapEnv::new().with("NAME", " a\n").with("TOPIC", " ");
        let mut reader = Reader::new(&env);
        let name = reader.required(&NAME, parse::word);
        let mode = reader.required(&MODE, words);
        let topic = reader.optional(&TOPIC, parse::word);
        let read = reader.finish(|| Some((name?, mode?, topic?)));
        assert_eq!(read, Ok(("a".to_owned(), "auto", None)));
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret = parse::secret("hunter2").unwrap();
        assert_eq!(secret.expose(), "hunter2");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
