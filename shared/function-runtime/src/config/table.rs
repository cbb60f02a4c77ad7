//! The variables as a person reads them.

use std::fmt::Write;

use super::{Presence, Variable};

/// The text of `--help`: what the function is and its table of variables.
pub fn usage(function: &str, about: &str, variables: &[Variable]) -> String {
    let width = variables.iter().map(|v| v.name.len()).max().unwrap_or(0);
    let mut text = format!(
        "{function}: {about}\n\n\
         Usage: {function} [--help | --version]\n\n\
         It is configured by its environment only:\n\n"
    );
    for variable in variables {
        // Writing to a string cannot fail.
        _ = writeln!(text, "  {:width$}  {}", variable.name, variable.meaning);
        _ = writeln!(text, "  {:width$}  [{}]", "", notes(variable));
    }
    text.push_str(
        "\nExit codes: 0 after an orderly end, 1 failed to start, 64 bad configuration.\n",
    );
    text
}

/// The same as a Markdown table, for READMEs.
pub fn markdown_table(variables: &[Variable]) -> String {
    let mut text = "| variable | meaning | |\n|---|---|---|\n".to_owned();
    for variable in variables {
        _ = writeln!(
            text,
            "| `{}` | {} | {} |",
            variable.name,
            variable.meaning,
            notes(variable)
        );
    }
    text
}

fn notes(variable: &Variable) -> String {
    let mut notes = match variable.presence {
        Presence::Required => "required".to_owned(),
        Presence::Default(default) => format!("default `{default}`"),
        Presence::Optional => "optional".to_owned(),
        Presence::Conditional(condition) => format!("required when {condition}"),
    };
    if variable.secret {
        notes.push_str(", secret");
    }
    if !variable.deployed {
        notes.push_str(", not set by the deployment");
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    const VARIABLES: [Variable; 3] = [
        Variable::with_default("PORT", "listen port", "8080").not_deployed(),
        Variable::required("PUBLIC_URL", "where it is reached"),
        Variable::conditional("KEY", "the key", "`MODE` is `form`").secret(),
    ];

    #[test]
    fn help_lists_every_variable() {
        assert_eq!(
            usage("signup", "registers customers", &VARIABLES),
            "signup: registers customers\n\
             \n\
             Usage: signup [--help | --version]\n\
             \n\
             It is configured by its environment only:\n\
             \n\
             \x20 PORT        listen port\n\
             \x20             [default `8080`, not set by the deployment]\n\
             \x20 PUBLIC_URL  where it is reached\n\
             \x20             [required]\n\
             \x20 KEY         the key\n\
             \x20             [required when `MODE` is `form`, secret]\n\
             \n\
             Exit codes: 0 after an orderly end, 1 failed to start, 64 bad configuration.\n"
        );
    }

    #[test]
    fn the_readme_s_table_says_the_same() {
        assert_eq!(
            markdown_table(&VARIABLES),
            "| variable | meaning | |\n\
             |---|---|---|\n\
             | `PORT` | listen port | default `8080`, not set by the deployment |\n\
             | `PUBLIC_URL` | where it is reached | required |\n\
             | `KEY` | the key | required when `MODE` is `form`, secret |\n"
        );
    }
}
