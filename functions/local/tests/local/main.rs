//! Everything locally, as a newcomer meets it: in a real browser, and without one.

#[cfg(test)]
mod auto_mode;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod check;
#[cfg(test)]
mod colleagues;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod deletion;
#[cfg(test)]
mod deploy;
#[cfg(test)]
mod dev;
#[cfg(test)]
mod events;
#[cfg(test)]
mod form_mode;
#[cfg(test)]
mod google_sign_in;
#[cfg(test)]
mod granting;
#[cfg(test)]
mod image;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod login;
#[cfg(test)]
mod named_tests;
#[cfg(test)]
mod offers;
#[cfg(test)]
mod push;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod registry;
#[cfg(test)]
mod running_image;
#[cfg(test)]
mod scheduler;
#[cfg(test)]
mod script_arguments;
#[cfg(test)]
mod smoke;
#[cfg(test)]
mod stand_ins;
#[cfg(test)]
mod starting;
#[cfg(test)]
mod stored;
#[cfg(test)]
mod stranger;
#[cfg(test)]
mod tabs;
#[cfg(test)]
mod terraform;
#[cfg(test)]
mod terraform_readme;
#[cfg(test)]
mod time;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod visits;
#[cfg(test)]
mod workspace;
