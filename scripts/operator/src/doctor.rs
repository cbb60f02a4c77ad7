//! What is wrong with a deployment, and how to repair it.
//!
//! Each check is one module below: it reads on the wire, and hands what it read to a pure function
//! that judges it. Nothing here changes anything.

mod apis;
mod approvals;
mod before;
mod clock;
mod cloud;
mod cloud_resources;
mod database;
mod dead_letter_replay;
mod dead_letter_rights;
mod deployment;
mod events_topic;
mod evidence;
mod finding;
mod functions;
mod hand_off_signer;
mod iam_policy;
mod identity_audience;
mod identity_token;
mod keys;
mod marketplace_audience;
mod names;
mod procurement_api;
mod push;
mod redirect_domain;
mod refusal;
mod report;
mod scheduler;
mod stored_records;
mod subscription;
mod terraform_outputs;
mod undelivered_events;
mod unreadable;
mod unreadable_records;

use function_runtime::Env;

use self::cloud::Cloud;
use self::deployment::Deployment;
use self::functions::Vendor;
use self::report::Report;
use self::terraform_outputs::{Outputs, WithOutputs};
use crate::arguments::DoctorArguments;
use crate::config::CustomersConfig;
use crate::error::CommandError;
use crate::local_world;
use crate::terminal::say;

/// Runs every check, and says what each found as soon as it is known.
pub(crate) async fn examine(arguments: DoctorArguments, env: &dyn Env) -> Result<(), CommandError> {
    if arguments.intended.before {
        return before::examine(arguments.intended, env).await;
    }
    let mut outputs = match &arguments.outputs {
        Some(source) => Outputs::read(source)?,
        None => Outputs::default(),
    };
    outputs.signup_url = arguments.signup_url.or(outputs.signup_url);
    outputs.login_url = arguments.login_url.or(outputs.login_url);
    let env = WithOutputs {
        env,
        outputs: &outputs,
    };
    let (config, vendor) = (CustomersConfig::from_env(&env)?, Vendor::from_env(&env));
    let time = local_world::clock(&config.google, &config.store).await?;
    let is_local = arguments.outputs.is_none() && config.store.emulator.is_some();
    let cloud = Cloud::new(&config.google, &config.store.project);
    let database = config.store.database.clone();
    let operations = config.operations(time);
    let deployment = Deployment::read(&cloud, outputs).await;
    let mut report = Report::of(&cloud.project);

    let found = if is_local {
        clock::simulated()
    } else {
        clock::check(&cloud).await
    };
    report.add("clock", found);
    report.add("keys", keys::check(&cloud, &deployment).await);
    report.add("functions", functions::check(&deployment, &vendor));
    report.add(
        "sign-up and login address",
        marketplace_audience::check(&deployment),
    );
    report.add("identity audience", identity_audience::check(&deployment));
    let procurement = procurement_api::check(&operations, &cloud, &deployment).await;
    report.add("Procurement API", procurement);
    let evidence = evidence::of_subscribing(&cloud, &deployment).await;
    let found = subscription::check(&cloud, &deployment, evidence).await;
    report.add("Marketplace subscription", found);
    let found = dead_letter_replay::check(&cloud, &deployment).await;
    report.add("replay of dead letters", found);
    let found = undelivered_events::check(&cloud, &deployment, time.now()).await;
    report.add("undelivered events", found);
    report.add("scheduler", scheduler::check(&cloud, &deployment).await);
    let found = approvals::check(&operations, &deployment).await;
    report.add("approvals", found);
    let found = hand_off_signer::check(&cloud, &deployment).await;
    report.add("hand-off signer", found);
    let found = if is_local {
        database::emulated()
    } else {
        database::check(&cloud, &deployment, &database).await
    };
    report.add("database", found);
    report.add("stored records", stored_records::check(&operations).await);
    let found = events_topic::check(&cloud, &deployment).await;
    report.add("events topic", found);
    report.add("link back from Google", redirect_domain::check(&deployment));
    report.end()?;
    say("All is well.");
    Ok(())
}
