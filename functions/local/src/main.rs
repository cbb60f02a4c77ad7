//! Everything locally: all functions, the simulated Marketplace and an application.

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use function_runtime::start::{self, EXIT_USAGE, Function};
use function_runtime::{Drain, Env, ProcessEnv, shutdown_signal, telemetry};
use local::{Local, Options, StartError, all_variables, read_options, unused_project, welcome};

/// The process's environment, but quiet: the Marketplace's page shows what happens.
struct Quiet;

impl Env for Quiet {
    fn get(&self, name: &str) -> Option<String> {
        ProcessEnv
            .get(name)
            .or_else(|| (name == "LOG_LEVEL").then(|| "warn".to_owned()))
    }
}

fn main() -> ExitCode {
    let function = Function {
        name: env!("CARGO_PKG_NAME"),
        about: "runs every function beside a simulated Marketplace; never deployed",
        version: env!("CARGO_PKG_VERSION"),
        variables: all_variables(),
    };
    if let Some(code) = start::answer_arguments(&function, std::env::args_os().skip(1)) {
        return code;
    }
    start::install_crypto_provider();
    telemetry::init(&Quiet, function.name);
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let options = match read_options(&ProcessEnv, names) {
        Ok(options) => options,
        Err(problems) => {
            say(&problems.join("\n"));
            return ExitCode::from(EXIT_USAGE);
        }
    };
    let mut failure = None;
    let ended = start::run(async {
        Ok(run(&options).await.unwrap_or_else(|error| {
            failure = Some(error);
            Drain::Cut
        }))
    });
    match failure {
        None => ended,
        Some(error) => {
            say(&chain(&error));
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<Drain, StartError> {
    let local = Local::start(options).await?;
    let note = unused_project(&ProcessEnv).unwrap_or_default();
    let text = format!("{}{note}", welcome(&local, options));
    // Where nobody reads, everything works all the same.
    _ = io::stdout().write_all(text.as_bytes());
    if let Some(file) = &options.environment_file {
        local.write_environment(file)?;
    }
    Ok(local.serve(shutdown_signal()).await)
}

/// For the person who starts it: this is no log line.
fn say(text: &str) {
    // Where nobody reads there is nothing to do about it.
    _ = writeln!(io::stderr(), "{text}");
}

/// The error and what led to it, in one line.
fn chain(error: &StartError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
