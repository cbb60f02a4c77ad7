//! The commands about events that could not be handled.

use function_runtime::Env;
use operations::{DeadLetter, DeadLetters};

use crate::arguments::DeadLettersCommand;
use crate::config;
use crate::confirmation::Confirmation;
use crate::decide::decide;
use crate::error::CommandError;
use crate::table::table;
use crate::terminal::say;

pub(crate) async fn run(
    command: DeadLettersCommand,
    confirmation: Confirmation,
    env: &dyn Env,
) -> Result<(), CommandError> {
    let dead_letters = DeadLetters::new(&config::google(env)?);
    match command {
        DeadLettersCommand::List { subscription, max } => {
            let found = dead_letters.list(&subscription, max).await?;
            let rows: Vec<_> = found.iter().map(row).collect();
            let head = ["MESSAGE", "SINCE", "DELIVERIES", "BYTES"];
            say(&match rows.len() {
                0 => format!("No dead letters in {subscription}."),
                count => format!(
                    "Dead letters in {subscription}: {count}\n{}",
                    table(head, &rows)
                ),
            });
            Ok(())
        }
        DeadLettersCommand::Replay {
            subscription,
            to,
            max,
        } => decide(dead_letters.replay(subscription, to, max), confirmation).await,
    }
}

fn row(letter: &DeadLetter) -> [String; 4] {
    [
        letter.message.clone(),
        letter.since.clone(),
        letter.deliveries.clone().unwrap_or_else(|| "-".to_owned()),
        letter.bytes.to_string(),
    ]
}
