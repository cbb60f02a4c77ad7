//! The built program against the simulated Marketplace and the Firestore emulator.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod clinic;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod dead_letters;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod doctor_events;
#[cfg(test)]
mod doctor_set_up;
#[cfg(test)]
mod entitlements;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod plan_changes;
#[cfg(test)]
mod program;
#[cfg(test)]
mod pubsub;
#[cfg(test)]
mod reporter;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod usage_csv;
#[cfg(test)]
mod usage_release;
#[cfg(test)]
mod usage_retry;
#[cfg(test)]
mod waiting;
