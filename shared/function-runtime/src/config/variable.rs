//! The declaration of one variable.

/// An environment variable, declared once: this feeds the parser, `--help`, the README's table and
/// the comparison with Terraform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name, part of our interface.
    pub name: &'static str,
    /// What it is, in a phrase for operators.
    pub meaning: &'static str,
    /// Whether it must be set.
    pub presence: Presence,
    /// Whether its value is a secret, which is mounted by version and never shown.
    pub secret: bool,
    /// Whether a deployment sets it. The platform's own variables and test seams are not deployed.
    pub deployed: bool,
}

/// Whether a variable must be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Required,
    /// Never; without it this is taken.
    Default(&'static str),
    /// Never; without it something is left out.
    Optional,
    /// Only under a condition, named as it reads after "needed when".
    Conditional(&'static str),
}

impl Variable {
    /// A variable without which the function does not start.
    pub const fn required(name: &'static str, meaning: &'static str) -> Self {
        Self::new(name, meaning, Presence::Required)
    }

    /// A variable with a default.
    pub const fn with_default(
        name: &'static str,
        meaning: &'static str,
        default: &'static str,
    ) -> Self {
        Self::new(name, meaning, Presence::Default(default))
    }

    /// A variable that may be left out.
    pub const fn optional(name: &'static str, meaning: &'static str) -> Self {
        Self::new(name, meaning, Presence::Optional)
    }

    /// A variable that is needed under a condition, such as ``"`GOOGLE_SIGN_IN` is `required`"``.
    pub const fn conditional(
        name: &'static str,
        meaning: &'static str,
        condition: &'static str,
    ) -> Self {
        Self::new(name, meaning, Presence::Conditional(condition))
    }

    /// The same, as a secret.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The same, never set by a deployment of ours.
    #[must_use]
    pub const fn not_deployed(mut self) -> Self {
        self.deployed = false;
        self
    }

    const fn new(name: &'static str, meaning: &'static str, presence: Presence) -> Self {
        Self {
            name,
            meaning,
            presence,
            secret: false,
            deployed: true,
        }
    }
}
